"""What is different between two versions, told in pieces that are the texts again."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from b24app.documents import differences


def content(
    fields: dict[str, str] | None, rows: list[dict[str, Any]] | None = None, *, stamps: bool = False
) -> dict[str, Any]:
    listed = None if fields is None else [field(code, text) for code, text in fields.items()]
    return {"fields": listed, "rows": rows or [], "document": {"stamps": stamps}}


def field(code: str, shown: str | None, control: str = "text") -> dict[str, Any]:
    group = ["Document", "Deal"]
    return {"code": code, "title": code, "group": group, "control": control, "shown": shown}


def row(
    id_: int, name: str = "Floor", quantity: str = "150", price: str = "76.76"
) -> dict[str, Any]:
    return {"id": id_, "name": name, "quantity": quantity, "measure": "m²", "price": price,
            "discount": "0", "tax": "19"}  # fmt: skip


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(d.title, d.was, d.became) for d in differences.between(old, new)]


def test_only_what_differs_is_told_in_the_newer_order() -> None:
    old = content({"A": "1", "B": "same", "C": "x", "Gone": "was here"})
    new = content({"C": "y", "New": "is here", "B": "same", "A": "2"})
    assert told(old, new) == [
        ("C", "x", "y"),
        ("New", "", "is here"),
        ("A", "1", "2"),
        ("Gone", "was here", ""),
    ]


def test_a_text_is_told_apart_word_by_word() -> None:
    before, after = differences.words(
        "50 % on order, 50 % on acceptance, 14 days net",
        "30 % on order, 70 % on acceptance, 14 days net",
    )
    assert [text for kind, text in before if kind == "gone"] == ["50", "50"]
    assert [text for kind, text in after if kind == "new"] == ["30", "70"]


def test_texts_with_little_in_common_are_told_whole() -> None:
    before, after = differences.words("Office refit, phase 2", "Supply of 40 chairs")
    assert before == [("gone", "Office refit, phase 2")]
    assert after == [("new", "Supply of 40 chairs")]


def test_rows_are_known_by_their_id() -> None:
    old = content({}, [row(1), row(2, "Panel"), row(3, "Lamp")])
    new = content({}, [row(2, "Panel", quantity="210"), row(1, price="80"), row(9, "Chair")])
    assert told(old, new) == [
        ("Row 1, quantity", "150 m²", "210 m²"),
        ("Row 2, price", "76.76", "80"),
        ("Row 3 is new", "", "Chair, 150 m² × 76.76"),
        ("Row 3 is gone", "Lamp, 150 m² × 76.76", ""),
    ]


def test_columns_pictures_and_stamps() -> None:
    old, new = content({}, stamps=False), content({}, stamps=True)
    old["fields"] = [field("Names", None, "rows"), field("Logo", "https://a/1.png", "picture")]
    new["fields"] = [field("Names", "X", "rows"), field("Logo", "https://a/2.png", "picture")]
    assert told(old, new) == [
        ("Logo", "a picture", "another picture"),
        ("Stamp and signature", "off", "on"),
    ]
    new["fields"][1]["shown"] = ""
    assert ("Logo", "a picture", "no picture") in told(old, new)


def test_values_that_were_never_told_are_not_compared() -> None:
    assert told(content(None), content({"A": "1"})) == []
    assert told(content({"A": "1"}), content(None)) == []


def test_very_long_texts_are_compared_in_time() -> None:
    before, after = "a b " * 4000, "b a " * 4000
    begun = perf_counter()
    assert differences.words(before, after)[0] == [("gone", before)]
    longest = " ".join(f"{n}" for n in range(700))
    differences.words(longest, longest[::-1])
    assert perf_counter() - begun < 20


@given(st.text(max_size=200), st.text(max_size=200))
def test_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    left, right = differences.words(before, after)
    assert "".join(text for _, text in left) == before
    assert "".join(text for _, text in right) == after
    assert not {kind for kind, _ in left} & {"new"}
    assert not {kind for kind, _ in right} & {"gone"}
    same = [[text for kind, text in side if kind == "same"] for side in (left, right)]
    assert same[0] == same[1]
