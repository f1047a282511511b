"""Sentences in the words of the object that they are about."""

from __future__ import annotations

import pytest

from b24app.bitrix.crm import COMPANY, DEAL, LEAD, SMART_INVOICE
from b24app.bitrix.errors import Refused
from b24app.documents.errors import DealForbidden, NoDeal, NoSuchDocument
from b24app.web.trouble import KNOWN, Trouble, trouble_of
from b24app.web.wording import FORMS, Forms

NOUNS = {DEAL: "deal", LEAD: "lead", SMART_INVOICE: "invoice"}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("kind", NOUNS)
def test_each_form_names_its_own_type_and_no_other(name: str, kind: int) -> None:
    sentence = FORMS[name].of(kind).lower()
    assert NOUNS[kind] in sentence
    for other in set(NOUNS.values()) - {NOUNS[kind]}:
        assert other not in sentence


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"made_from"}))
def test_a_type_without_words_of_its_own_is_not_called_by_anothers_name(name: str) -> None:
    sentence = FORMS[name].of(COMPANY).lower()
    assert not [noun for noun in NOUNS.values() if noun in sentence]


@pytest.mark.parametrize("error", [NoDeal(), DealForbidden("Clara"), NoSuchDocument(), Refused()])
def test_trouble_is_told_in_the_same_words(error: Exception) -> None:
    told = trouble_of(error, LEAD)
    assert told is not None
    words = f"{told.title} {told.text} {told.todo}"
    assert "lead" in words
    assert "deal" not in words


def test_no_form_reaches_a_page_unchosen() -> None:
    for cause in KNOWN:
        told = KNOWN[cause].about(DEAL)
        assert not any(isinstance(one, Forms) for one in (told.title, told.text, told.todo))
    assert Trouble("Plain", "Text").about(LEAD) == Trouble("Plain", "Text")
