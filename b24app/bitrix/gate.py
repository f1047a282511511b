"""Asked before each request to a portal, and told what became of it."""

from typing import Protocol

from b24app.bitrix.errors import BitrixError


class Gate(Protocol):
    """Keeps requests from a portal that cannot use them now. Safe for several threads."""

    def enter(self) -> None:
        """Raises `HeldBack` where the request shall not be sent now."""

    def left(self, error: BitrixError | None) -> None:
        """What the request ended with; None for a success."""


class OpenGate:
    """Lets everything pass."""

    def enter(self) -> None:
        pass

    def left(self, error: BitrixError | None) -> None:
        pass
