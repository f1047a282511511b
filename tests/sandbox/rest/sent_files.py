"""Files as REST takes them: base64, or a name and base64.

https://apidocs.bitrix24.com/api-reference/files/how-to-upload-files.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from tests.sandbox.rest.errors import generic

LARGEST_TEMPLATE = 2 * 1024 * 1024


def sent_file(value: Any) -> bytes:
    """The content of a file that came as `[name, base64]` or as base64.

    Raises:
        RestError: "0", there is none or it cannot be read.
    """
    if isinstance(value, dict):
        value = list(value.values())
    content = value[-1] if isinstance(value, list) and value else value
    if not isinstance(content, str) or not content:
        raise generic("Missing file content")
    try:
        body = base64.b64decode(content.encode(), validate=True)
    except (binascii.Error, ValueError):
        raise generic("Could not save file") from None
    if not body:
        raise generic("Missing file content")
    return body


def template_file(value: Any) -> bytes:
    """As `sent_file`, within the portal's default limit of 2 MiB."""
    body = sent_file(value)
    if len(body) > LARGEST_TEMPLATE:
        raise generic("Could not save file")
    return body
