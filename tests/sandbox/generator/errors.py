"""How the generator says no, before a REST method turns it into an answer."""

from __future__ import annotations

ACCESS_ERROR = "DOCGEN_ACCESS_ERROR"
LIMIT_ERROR = "DOCGEN_LIMIT_ERROR"


class GeneratorError(Exception):
    """A refusal of the generator: REST `error` code, its text, HTTP status."""

    def __init__(self, message: str, code: str = "0", status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def access_denied() -> GeneratorError:
    """The refusal for an object the user may not read."""
    return GeneratorError("Access denied", ACCESS_ERROR)
