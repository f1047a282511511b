"""What an observer is told of each request to a portal: enough for a log, nothing that was sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from b24app.bitrix.errors import BitrixError


@dataclass(frozen=True, slots=True)
class Observed:
    """One HTTP request. ``method``: as sent, ``batch (3)`` for a batch of three commands.

    ``status``: HTTP status, None where no answer came. ``error``: what it ended with, None for a
    success. ``milliseconds``: until the whole answer was there.
    """

    method: str
    status: int | None
    error: BitrixError | None
    milliseconds: int


Observer: TypeAlias = Callable[[Observed], None]


def nobody(observed: Observed) -> None:
    """Observes nothing."""
