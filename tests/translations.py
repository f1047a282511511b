"""Every sentence that code and templates show, and the catalogues that translate them.

`python -m tests.translations update` brings the catalogues up to date: translations are kept, new
sentences added, dead ones dropped, and the compiled file is written. It needs no gettext on the
system. What is then still empty, a person translates in the `.po` file, and runs it again.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

from tests import environment

ROOT = Path(__file__).resolve().parent.parent
CODE, TEMPLATES = ROOT / "b24app", ROOT / "templates"
LOCALE = CODE / "locale"
HEADER = {
    "Project-Id-Version": "Docket",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
ONE, MANY = {"gettext", "gettext_lazy"}, {"ngettext", "ngettext_lazy"}
_TEXT = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"(?:\bn?gettext|\b_)\({_TEXT}(?:, {_TEXT}, count)?\)")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]")


@dataclass(frozen=True)
class Sentence:
    """One sentence; `plural` is "" where it counts nothing. `file` is where it stands first."""

    text: str
    plural: str
    file: str


def sentences() -> list[Sentence]:
    """All sentences of the product, each once, in the order of the files."""
    found: dict[str, Sentence] = {}
    for path in [*sorted(CODE.rglob("*.py")), *sorted(TEMPLATES.rglob("*.html"))]:
        source = path.read_text(encoding="utf-8")
        read = in_code if path.suffix == ".py" else in_template
        for text, plural in read(source):
            known = found.get(text)
            if known is None or (plural and not known.plural):
                file = known.file if known else path.relative_to(ROOT).as_posix()
                found[text] = Sentence(text, plural, file)
    return list(found.values())


def in_code(source: str) -> Iterator[tuple[str, str]]:
    """Sentences and their plurals in Python code, under whatever name gettext was imported.

    Raises `ValueError` for a sentence that is not written out: nobody could translate it.
    """
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        function = names.get(node.func.id)
        if function in ONE | MANY:
            words = [_literal(argument) for argument in node.args[: 2 if function in MANY else 1]]
            yield words[0], words[1] if function in MANY else ""


def _imported(tree: ast.Module) -> dict[str, str]:
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
    ]
    return {name.asname or name.name: name.name for node in imports for name in node.names}


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"line {node.lineno}: a sentence to translate must be written out")


def in_template(source: str) -> Iterator[tuple[str, str]]:
    """Sentences and their plurals in a template, with variables as %(name)s."""
    for text, plural in _CALL.findall(templatize(source)):
        yield ast.literal_eval(text), ast.literal_eval(plural) if plural else ""


def placeholders(*texts: str) -> set[str]:
    """The %(name)s of the texts."""
    return {found for text in texts for found in _PLACEHOLDER.findall(text.replace("%%", ""))}


def languages() -> list[str]:
    """The languages that need a catalogue: all but the one the sentences are written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue(language: str) -> Path:
    """The `.po` file of a language; the compiled `.mo` stands beside it."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def missing() -> list[tuple[str, str]]:
    """Languages and the sentences they do not have, or not translated."""
    lacking = []
    for language in languages():
        path = catalogue(language)
        entries = {entry.msgid: entry for entry in polib.pofile(path)} if path.exists() else {}
        for sentence in sentences():
            entry = entries.get(sentence.text)
            if entry is None or entry.msgid_plural != sentence.plural or not entry.translated():
                lacking.append((language, sentence.text))
    return lacking


def update(language: str) -> None:
    """Writes the catalogue anew, with the translations it had, and compiles it."""
    path = catalogue(language)
    known = {entry.msgid: entry for entry in polib.pofile(path)} if path.exists() else {}
    fresh = polib.POFile(wrapwidth=96)
    fresh.metadata = {**HEADER, "Language": language}
    fresh.extend(_entry(sentence, known.get(sentence.text)) for sentence in sentences())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    fresh.save_as_mofile(str(path.with_suffix(".mo")))


def _entry(sentence: Sentence, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=sentence.text, occurrences=[(sentence.file, "")])
    if placeholders(sentence.text, sentence.plural):
        entry.flags.append("python-format")
    if sentence.plural:
        entry.msgid_plural = sentence.plural
        entry.msgstr_plural = {0: "", 1: ""}
    if known and bool(known.msgid_plural) == bool(sentence.plural):
        entry.msgstr = known.msgstr
        entry.msgstr_plural = known.msgstr_plural
    return entry


def main(words: list[str]) -> int:
    if words != ["update"]:
        print("python -m tests.translations update")
        return 2
    for language in languages():
        update(language)
    found = missing()
    for language, sentence in found:
        print(f"{language}: {sentence}")
    print(f"{len(found)} sentences to translate")
    return 0


if __name__ == "__main__":
    environment.prepare()
    sys.exit(main(sys.argv[1:]))
