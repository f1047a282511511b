"""What inventory management refuses."""

from __future__ import annotations


class InventoryError(Exception):
    """The text a portal puts behind "Document conducting error:" and the like."""
