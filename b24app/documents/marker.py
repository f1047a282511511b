"""The marker: a value under a code that no template has.

Bitrix24 stores unknown codes and prints nothing of them, so a document whose answer was lost can be
told from every other by reading the deal's documents again.
"""

from __future__ import annotations

MARKER = "DocketMarker"
