"""The catalogues: complete, compiled, and with nothing lost between two languages."""

from __future__ import annotations

import gettext

import polib
import pytest
from django.conf import settings
from django.utils import translation

from tests import translations
from tests.translations import catalogue, in_code, in_template, languages, missing, placeholders

LANGUAGES = languages()


def entries(language: str) -> list[polib.POEntry]:
    return list(polib.pofile(catalogue(language)))


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_translated() -> None:
    assert missing() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_has_no_sentence_that_nobody_says(language: str) -> None:
    said = {sentence.text for sentence in translations.sentences()}
    assert [entry.msgid for entry in entries(language) if entry.msgid not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_the_same(language: str) -> None:
    with catalogue(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries(language):
        if entry.msgid_plural:
            both = [compiled.ngettext(entry.msgid, entry.msgid_plural, n) for n in (1, 2)]
            assert both == texts(entry)
        else:
            assert compiled.gettext(entry.msgid) == entry.msgstr


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(language: str) -> None:
    for entry in entries(language):
        wanted = placeholders(entry.msgid, entry.msgid_plural)
        for text in texts(entry):
            assert placeholders(text) == wanted, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_as_calm_as_the_original(language: str) -> None:
    for entry in entries(language):
        for text in texts(entry):
            assert "!" not in text
            assert "  " not in text
            assert text == text.strip()


def test_every_language_of_the_settings_can_be_spoken() -> None:
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            assert str(name)
    with translation.override("de"):
        assert translation.gettext("Public link") == "Öffentlicher Link"


def test_sentences_are_found_under_any_name_of_gettext() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext
first = _("one " "text")
second = lazy("later")
third = ngettext("%(n)s row", "%(n)s rows", n) % {"n": n}
other("not a sentence")
"""
    found = [("one text", ""), ("later", ""), ("%(n)s row", "%(n)s rows")]
    assert sorted(in_code(source)) == sorted(found)


def test_a_sentence_made_of_variables_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(in_code("from django.utils.translation import gettext as _\n_(name)"))


def test_sentences_are_found_in_templates() -> None:
    source = """{% load i18n %}<p title="{% translate "It’s 5 % more" %}">{{ x|default:_("none") }}
{% blocktranslate count n=rows|length %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}
{# translate "not this" #}{% blocktranslate with a=b %}By {{ a }}{% endblocktranslate %}"""
    assert list(in_template(source)) == [
        ("It’s 5 %% more", ""),
        ("none", ""),
        ("%(n)s row", "%(n)s rows"),
        ("By %(a)s", ""),
    ]
