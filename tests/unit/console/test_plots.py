"""The numbers behind the plots."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from b24app.console import plots

FIRST = date(2026, 4, 13)
DATES = [FIRST + timedelta(days=number) for number in range(30)]
COUNTS = st.lists(st.integers(0, 100_000), min_size=30, max_size=30)


@given(made=COUNTS, part=st.floats(0, 1))
def test_every_bar_stays_in_its_plot(made: list[int], part: float) -> None:
    hot = [int(number * part) for number in made]
    found = plots.days(
        DATES, dict(zip(DATES, made, strict=True)), dict(zip(DATES, hot, strict=True))
    )
    for bar, number, bad in zip(found.bars, made, hot, strict=True):
        assert 0 <= bar.y <= plots.HEIGHT
        assert bar.y + bar.height + bar.hot == plots.HEIGHT
        assert (bar.height + bar.hot > 0) == (number > 0)
        assert (bar.hot > 0) == (bad > 0)
        assert 0 <= bar.x <= found.width - 8
    upper, lower = found.lines
    assert upper == 2 * lower


@given(made=COUNTS)
def test_the_lines_are_round_and_of_use(made: list[int]) -> None:
    """Three steps reach the most, and the most reaches a good part of the height."""
    found = plots.days(DATES, dict(zip(DATES, made, strict=True)), {})
    step = found.lines[1]
    assert found.most <= 3.14 * step
    assert str(step).rstrip("0") in {"1", "2", "3", "4", "5"}
    assert found.most == 0 or found.most >= step / 2


def test_what_a_plot_says_in_words() -> None:
    found = plots.days(DATES, {DATES[3]: 11, DATES[5]: 2}, {DATES[5]: 1})
    assert (found.first, found.last) == (DATES[0], DATES[-1])
    assert (found.most, found.most_on, found.hot_on) == (11, DATES[3], [DATES[5]])
    assert found.lines == (8, 4)
    assert found.ticks == [DATES[0], DATES[7], DATES[14], DATES[21], DATES[29]]


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 10_000), max_size=20))
def test_shares_lose_nobody(counts: dict[str, int]) -> None:
    rows = plots.shares(counts)
    assert sum(row.count for row in rows) == sum(counts.values())
    assert len(rows) <= plots.MOST_ROWS + 1
    assert all(1 <= row.width <= 100 for row in rows)
    assert not rows or max(row.width for row in rows) == 100
    assert len([row for row in rows if row.others]) <= 1
