"""Every failure of the layers below has a sentence, and none of them is called our mistake."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from b24app.bitrix.errors import BitrixError, TokenExpired, TokenInvalid
from b24app.console.errors import ConsoleError
from b24app.documents.errors import ChangedMeanwhile, DocumentError, FieldsWrong, MakingAnother
from b24app.portals.errors import (
    EntryRefused,
    NotAdministrator,
    PortalError,
    ScopesMissing,
    SessionOver,
    TooMany,
)
from b24app.web.trouble import details_of, trouble_of

ANSWERED_ELSEWHERE = (
    TokenExpired,
    TokenInvalid,
    SessionOver,
    FieldsWrong,
    MakingAnother,
    ChangedMeanwhile,
)
"""By a new session, or by the form itself."""
MADE: dict[type[Exception], Exception] = {
    EntryRefused: EntryRefused("why"),
    NotAdministrator: NotAdministrator("Boris"),
    ScopesMissing: ScopesMissing(["crm"], []),
    TooMany: TooMany("opening"),
}


def leaves(family: type[Exception]) -> Iterator[type[Exception]]:
    for child in family.__subclasses__():
        yield child
        yield from leaves(child)


def made(kind: type[Exception]) -> Exception:
    if kind in MADE:
        return MADE[kind]
    return kind("why") if issubclass(kind, EntryRefused) else kind()


FAILURES = [
    kind
    for family in (BitrixError, ConsoleError, DocumentError, PortalError)
    for kind in leaves(family)
    if not issubclass(kind, ANSWERED_ELSEWHERE)
]


@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.__name__)
def test_it_says_what_happened_what_it_means_and_what_to_do(kind: type[Exception]) -> None:
    trouble = trouble_of(made(kind))
    assert trouble is not None
    assert str(trouble.title)
    assert str(trouble.text) or str(trouble.todo)
    assert str(trouble.todo) or kind.__name__ == "PortalGone"
    assert 400 <= trouble.status < 600
    assert trouble.status != 500


def test_an_error_that_is_not_ours_has_no_words() -> None:
    assert trouble_of(ValueError("x")) is None


def test_details_name_the_code_and_the_portals_words_and_nothing_that_was_sent() -> None:
    error = BitrixError("Verweigert", code="ACCESS_DENIED", status=403, method="crm.item.get")
    assert details_of(error) == "BitrixError crm.item.get ACCESS_DENIED HTTP 403: Verweigert"
    assert details_of(EntryRefused("the reason is for the log")) == ""
