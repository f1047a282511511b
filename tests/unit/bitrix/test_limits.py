"""How long a bulk run pauses for the sake of the operating time."""

from datetime import UTC, datetime, timedelta

import pytest

from b24app.bitrix.limits import CallTime, pause, read_time

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (CallTime(), timedelta(0)),
        (CallTime(operating=359.9, operating_reset_at=NOW + timedelta(minutes=5)), timedelta(0)),
        (
            CallTime(operating=360, operating_reset_at=NOW + timedelta(minutes=5)),
            timedelta(minutes=5),
        ),
        (CallTime(operating=400, operating_reset_at=NOW - timedelta(minutes=5)), timedelta(0)),
        (CallTime(operating=400), timedelta(minutes=10)),
        (
            CallTime(operating=400, operating_reset_at=NOW + timedelta(days=9)),
            timedelta(minutes=10),
        ),
    ],
)
def test_the_run_pauses_from_three_quarters_on(time: CallTime, expected: timedelta) -> None:
    assert pause(time, NOW) == expected


@pytest.mark.parametrize("value", [None, [], "x", {"operating": "much"}, {"duration": True}])
def test_a_time_that_cannot_be_read_counts_as_not_told(value: object) -> None:
    assert read_time(value) == CallTime()


@pytest.mark.parametrize("moment", [1e300, -1e300, float("inf"), float("nan"), 0])
def test_an_impossible_moment_counts_as_not_told(moment: float) -> None:
    assert read_time({"operating_reset_at": moment}).operating_reset_at is None
