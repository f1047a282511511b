"""A sandbox that answers quickly: what stands in its files is not what this is about."""

from __future__ import annotations

from tests.sandbox.generator import documents
from tests.sandbox.server import Sandbox


def quick_sandbox() -> Sandbox:
    documents._filled = lambda template, fieldset: template.body
    return Sandbox.start(conversion_delay=3600.0)
