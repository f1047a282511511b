"""Which calls are repeated, when, and how often."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix import errors
from b24app.bitrix.protocol import Kind
from b24app.bitrix.retry import Policy, Repeater, may_repeat, wait_before, with_jitter
from tests.unit.bitrix.conftest import Waits

CERTAIN = [errors.NotReached, errors.QueryLimit]
UNCLEAR = [errors.AnswerLost]
FINAL = [
    errors.UnexpectedAnswer,
    errors.ForbiddenAddress,
    errors.PortalMoved,
    errors.TokenExpired,
    errors.TokenInvalid,
    errors.GrantInvalid,
    errors.OperationTimeLimit,
    errors.Overloaded,
    errors.Refused,
    errors.AccessDenied,
    errors.PaymentRequired,
]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("error", CERTAIN)
def test_what_was_certainly_not_done_is_repeated(kind: Kind, error: type) -> None:
    assert may_repeat(kind, error())


@pytest.mark.parametrize("error", UNCLEAR)
def test_only_a_creation_is_not_repeated_when_it_is_unclear(error: type) -> None:
    assert may_repeat(Kind.READ, error())
    assert may_repeat(Kind.SET, error())
    assert not may_repeat(Kind.CREATE, error())


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("error", FINAL)
def test_what_repeating_cannot_change_is_not_repeated(kind: Kind, error: type) -> None:
    assert not may_repeat(kind, error())


def test_waits_double_up_to_the_longest() -> None:
    policy = Policy(first_wait=0.5, longest_wait=1.5)
    waits = [wait_before(attempt, errors.NotReached(), policy) for attempt in (2, 3, 4, 5)]
    assert waits == [0.5, 1.0, 1.5, 1.5]


def test_the_request_limit_is_given_a_second() -> None:
    assert wait_before(2, errors.QueryLimit(), Policy()) == 1.0


@given(st.floats(0, 100), st.floats(0, 1))
def test_chance_takes_away_at_most_half(seconds: float, chance: float) -> None:
    assert seconds / 2 <= with_jitter(seconds, chance) <= seconds


class Attempts:
    """Fails as told, then succeeds."""

    def __init__(self, *failures: errors.BitrixError) -> None:
        self.failures = list(failures)
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


def test_the_third_attempt_is_the_last(repeater: Repeater, waits: Waits) -> None:
    attempts = Attempts(*[errors.NotReached() for _ in range(5)])
    with pytest.raises(errors.NotReached):
        repeater.call(Kind.CREATE, attempts)
    assert attempts.made == 3
    assert waits == [0.3, 0.6]


def test_success_ends_it(repeater: Repeater, waits: Waits) -> None:
    assert repeater.call(Kind.READ, Attempts(errors.AnswerLost())) == "done"
    assert len(waits) == 1


def test_nobody_waits_for_three_timeouts_in_a_row(waits: Waits) -> None:
    moments = iter([0.0, 31.0])
    repeater = Repeater(sleep=waits, clock=lambda: next(moments))
    attempts = Attempts(errors.AnswerLost())
    with pytest.raises(errors.AnswerLost):
        repeater.call(Kind.READ, attempts)
    assert (attempts.made, waits) == (1, [])
