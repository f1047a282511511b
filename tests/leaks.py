"""What a test makes Docket leave behind, to be searched for secrets (S42)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from unittest.mock import patch

from django.test import Client

from b24app.logs import Plain


@contextmanager
def overheard() -> Iterator[list[str]]:
    """A list that fills with every answer of Docket and with what it logs, as it is written."""
    texts: list[str] = []
    lines = StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Plain("%(levelname)s %(name)s: %(message)s"))
    ask = Client.request

    def asked(client: Client, **request: Any) -> Any:
        answer = ask(client, **request)
        texts.extend(f"{name}: {value}" for name, value in answer.headers.items())
        if not answer.streaming:
            texts.append(answer.content.decode(errors="replace"))
        return answer

    logging.getLogger().addHandler(handler)
    try:
        with patch.object(Client, "request", asked):
            yield texts
    finally:
        logging.getLogger().removeHandler(handler)
        texts.append(lines.getvalue())
