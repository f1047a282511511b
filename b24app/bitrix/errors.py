"""Everything that can go wrong between us and Bitrix24, as one family.

::

    BitrixError
    ├── NotReached               certainly not done: nobody was there
    │   └── HeldBack             certainly not done: we did not send it now
    ├── ForbiddenAddress         certainly not done: we refused to send
    ├── AnswerLost               unclear whether it was done
    │   └── UnexpectedAnswer     something answered, in another shape
    ├── PortalMoved              certainly not done: the portal has another address
    ├── TokenExpired             certainly not done, like all below
    ├── TokenInvalid
    ├── GrantInvalid
    ├── WrongClient
    ├── ScopeMissing
    ├── UserNotAllowed
    ├── ApplicationGone
    ├── PaymentRequired
    ├── PortalGone
    ├── QueryLimit
    ├── OperationTimeLimit
    ├── Overloaded
    └── Refused                  the method itself said no
        ├── AccessDenied
        ├── LimitReached
        ├── NotFound
        └── MethodMissing

Which code becomes which class stands in ``codes``. Nothing here looks at a portal's text: it is in
the portal's language and differs between builds.
"""

import re
from datetime import datetime
from typing import Final

_LONGEST_TEXT: Final = 500
_LONGEST_CODE: Final = 64
_NOT_IN_A_CODE: Final = re.compile(r"[^A-Za-z0-9_.:-]")
_LIKE_A_TOKEN: Final = re.compile(r"[0-9A-Za-z_+=-]{32,}")


class BitrixError(Exception):
    """A call to Bitrix24 that did not end as it should.

    ``code``: the ``error`` of the answer, "" where there was none. ``status``: HTTP status or None
    where no answer came. ``description``: the portal's words, at most 500 characters and without
    what looks like a token, to be shown to people as plain text and never matched. ``method``: the
    REST method, "" where there was none.

    ``str()`` holds the class, the method, the code and the status, and nothing that was sent: it is
    safe to log.
    """

    def __init__(
        self,
        description: str = "",
        *,
        code: str = "",
        status: int | None = None,
        method: str = "",
    ) -> None:
        super().__init__()
        self.code = _NOT_IN_A_CODE.sub("?", code[:_LONGEST_CODE])
        self.status = status
        self.description = _LIKE_A_TOKEN.sub("…", description)[:_LONGEST_TEXT]
        self.method = method

    def __str__(self) -> str:
        known = [self.method, self.code, f"HTTP {self.status}" if self.status else ""]
        return " ".join([type(self).__name__, *(part for part in known if part)])

    def __repr__(self) -> str:
        return f"<{self}>"


class NotReached(BitrixError):
    """No connection: name not resolved, nobody listening, TLS refused. Certainly not done.

    Try again later; nothing needs to be looked for. Also raised, with code ``CONNECTION_ERROR``,
    when the portal could not reach its authorization server: keep the tokens.
    """


class HeldBack(NotReached):
    """We did not send: it was too late for it, or the portal is being left alone for a while.

    ``code`` says which: ``too_late``, ``silent`` (it does not answer) or ``busy`` (it has asked for
    fewer requests, and people go first). Never repeated at once.
    """


class ForbiddenAddress(BitrixError):
    """We refused to send: not https, another host, or an address inside a private network.

    Nothing was sent. A person has to decide; the operator may list the origin.
    """


class AnswerLost(BitrixError):
    """Sent, but no usable answer: timeout, reset, a 5xx page, no JSON.

    Unclear whether it was done. After a change read back; after a creation look for what was
    created before creating again.
    """


class UnexpectedAnswer(AnswerLost):
    """An answer of another shape than documented, or too big. Asking again brings the same.

    After a change treat it as `AnswerLost`; otherwise report it with the method's name.
    """


class PortalMoved(BitrixError):
    """The address answers with a redirect (3xx); it was not followed and the call not done.

    ``location_origin``: where it pointed to, "" where that was no proper address. A hint only: use
    a new address after the authorization server has named it.
    """

    def __init__(
        self,
        description: str = "",
        *,
        location_origin: str = "",
        code: str = "",
        status: int | None = None,
        method: str = "",
    ) -> None:
        super().__init__(description, code=code, status=status, method=method)
        self.location_origin = location_origin


class TokenExpired(BitrixError):
    """The access token is over an hour old. Renew it and repeat; the client does so once."""


class TokenInvalid(BitrixError):
    """The access token is not accepted even after renewal. The user has to authorise again."""


class GrantInvalid(BitrixError):
    """The refresh token or the authorization code is dead (``invalid_grant``, ``NOT_INSTALLED``).

    First read the stored chain again: another worker may have renewed it. Otherwise try another
    user's chain or ask an administrator to open the application.
    """


class WrongClient(BitrixError):
    """The client id or secret is wrong, or another application's. A matter for the operator."""


class ScopeMissing(BitrixError):
    """The application lacks a permission. An administrator adds it and installs again."""


class UserNotAllowed(BitrixError):
    """This user may not use the application. An administrator opens it to them."""


class ApplicationGone(BitrixError):
    """The application is no longer installed in this portal. Stop calling it."""


class PaymentRequired(BitrixError):
    """The portal's plan or the application's paid time has ended. Pause until it is renewed."""


class PortalGone(BitrixError):
    """The portal is deleted or closed. Stop calling it."""


class QueryLimit(BitrixError):
    """Too many requests in a short time. Wait a second or more and repeat; no failed try."""


class OperationTimeLimit(BitrixError):
    """This method has used up its operating time; other methods go on.

    ``resets_at``: when the oldest part of the count drops out (aware), None where the portal did
    not say; then wait ten minutes, the length of the count. No failed try.
    """

    def __init__(
        self,
        description: str = "",
        *,
        resets_at: datetime | None = None,
        code: str = "",
        status: int | None = None,
        method: str = "",
    ) -> None:
        super().__init__(description, code=code, status=status, method=method)
        self.resets_at = resets_at


class Overloaded(BitrixError):
    """REST is blocked for this portal by hand. Stop; an administrator asks Bitrix24's support."""


class Refused(BitrixError):
    """The method said no; repeating changes nothing. Codes ``0``, ``100`` and unknown ones too.

    Show ``description`` as text under the details.
    """


class AccessDenied(Refused):
    """The user's rights do not suffice for this object or method."""


class LimitReached(Refused):
    """The plan allows no more documents (``DOCGEN_LIMIT_ERROR``)."""


class NotFound(Refused):
    """There is no such object."""


class MethodMissing(Refused):
    """The portal does not know the method: an old build, or a module is switched off."""
