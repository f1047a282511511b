"""Why an opening, an installation or a session is refused; each leaf is one sentence to people."""

from __future__ import annotations


class PortalError(Exception):
    """Something about the portal, the person or the session, not about a document."""


class EntryRefused(PortalError):
    """The launch proves nothing: forged, stale, for another portal or another application.

    `reason` is for the log, not for the page: it tells an attacker nothing that he did not send.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConsentRefused(EntryRefused):
    """What came back from the portal's consent page is not ours, was used, or comes too late."""


class LaunchMalformed(EntryRefused):
    """The request is no launch at all."""


class NotInstalled(PortalError):
    """The portal is registered, but an administrator has not installed Docket yet."""


class TooMany(PortalError):
    """More openings, or more failed ones, than anybody needs; it passes within a minute."""


class VerifierSilent(PortalError):
    """The authorization server did not answer, so nobody can be let in now."""


class NotAdministrator(PortalError):
    """Only an administrator of the portal may do this. `name` is the person who tried."""

    def __init__(self, name: str) -> None:
        super().__init__("not an administrator")
        self.name = name


class ScopesMissing(PortalError):
    """The application was registered without rights it needs."""

    def __init__(self, missing: list[str], granted: list[str]) -> None:
        super().__init__(f"scopes missing: {', '.join(missing)}")
        self.missing = missing
        self.granted = granted


class SessionOver(PortalError):
    """The frame token is missing, altered or too old; the page can get a new one by itself."""


class Disconnected(PortalError):
    """The installation's tokens have died: an administrator must reconnect the portal."""
