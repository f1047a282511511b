"""Text that must not be shown: tokens, client secrets, links that carry a token."""

import hmac
from typing import Final, NoReturn

_HIDDEN: Final = "Secret(…)"


class Secret:
    """A piece of text that only `reveal` gives away.

    ``repr``, ``str``, f-strings and logs show ``Secret(…)``; JSON and pickle refuse it. Two secrets
    are compared in constant time.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself. Use it at the last moment, where it is sent or stored encrypted."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return _HIDDEN

    def __str__(self) -> str:
        return _HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


def reveal(value: Secret | str) -> str:
    """The text of a secret, or the text given."""
    return value.reveal() if isinstance(value, Secret) else value
