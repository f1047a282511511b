"""The documentation says what is there: links, variables, commands, layers."""

from __future__ import annotations

import ast
import re
from configparser import ConfigParser
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.sandbox.orders import ACTIONS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
PICTURE_LIMIT = 250 * 1024


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def code(path: Path) -> str:
    """What stands in code style on a page."""
    return "\n".join(CODE.findall(text(path)))


def named(pattern: str) -> set[str]:
    """What the pages name in code style, by the first group of the pattern."""
    return {found for page in PAGES for found in re.findall(pattern, code(page), re.MULTILINE)}


def anchors(page: Path) -> set[str]:
    """The headings of a page, as addresses within it."""
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(text(page)):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_pictures_stay_light() -> None:
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > PICTURE_LIMIT] == []


def variables_read() -> set[str]:
    """The names that the product's code asks the environment for, as written there."""
    readers = {"text", "required", "words", "flag", "seconds", "all_seconds"}
    readers |= {"signing_key", "sealing_keys", "origins"}
    found = set()
    for path in (ROOT / "b24app").rglob("*.py"):
        for node in ast.walk(ast.parse(text(path))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            first = node.args[0]
            if name in readers and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return {name for name in found if re.fullmatch(r"[A-Z][A-Z_]+", name)}


def variables_told() -> set[str]:
    section = text(ROOT / "README.md").split("## Environment variables")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_the_readme_names_every_variable_and_no_other() -> None:
    assert variables_told() == variables_read()


def test_the_compose_file_sets_only_variables_that_are_read() -> None:
    settings = set(re.findall(r"^    ([A-Z_]+):", text(ROOT / "compose.yaml"), re.MULTILINE))
    assert settings - variables_read() == set()
    assert named(r"^((?:DOCKET|REDIS|DATABASE)_[A-Z_]+)=") - variables_read() == set()


def test_the_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert named(r"make ([a-z][a-z-]*)") - targets == set()


def test_the_commands_exist() -> None:
    assert named(r"manage\.py (\w+)") - set(get_commands()) == set()
    assert named(r'ARGS="(\w+)') - set(get_commands()) - {"tests"} == set()
    for module in named(r"python -m (tests[\w.]*)"):
        assert find_spec(module), module


def test_the_files_and_folders_named_exist() -> None:
    names = named(r"`((?:b24app|tests|templates|static|docs)/[\w./-]*)`")
    assert len(names) > 20
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


def test_the_orders_of_the_sandbox_exist() -> None:
    table = text(ROOT / "docs" / "testing.md").split("| order | does |")[1].split("\n\n")[0]
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE))
    told = set(re.findall(r"`([a-z-]+)`", first_cells))
    assert len(told) > 10
    assert told | named(r"/_sandbox/([a-z-]+)") <= set(ACTIONS)


def test_the_picture_shows_the_layers_that_are_kept() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    kept = re.findall(r"b24app\.(\w+)", contracts["importlinter:contract:layers"]["layers"])
    picture = text(ROOT / "docs" / "layers.svg")
    shown = re.findall(r'class="name"[^>]*>([a-z]\w*)<', picture)
    assert set(shown) == set(kept) - {"urls", "templatetags"}


def test_the_decisions_are_numbered_and_short() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        assert text(path).startswith(f"# {int(path.name[:4])}. "), path.name
        assert len(text(path).split()) < 400, path.name


GENERATOR = {
    "document": (
        "add",
        "update",
        "get",
        "getfields",
        "list",
        "delete",
        "upload",
        "enablepublicurl",
    ),
    "template": ("add", "update", "get", "getfields", "list", "delete"),
    "numerator": ("add", "update", "get", "list", "delete"),
}
SEEDED = {
    *(f"crm.documentgenerator.{what}.{do}" for what, does in GENERATOR.items() for do in does),
    *(f"documentgenerator.numerator.{do}" for do in ("add", "update")),
    *(f"catalog.document.{do}" for do in ("list", "conduct", "cancel", "cancelList")),
    "event.bind",
    *(f"onCrmDocumentGeneratorDocument{what}" for what in ("Add", "Update", "Delete")),
}
"""Of the documents that the project was created from."""
USE = re.compile(r"^\| `([\w.]+)` \| (.+?) \| `(tests/[\w/]+\.py)::(test_\w+)` \|$", re.MULTILINE)


def test_each_method_and_event_has_a_screen_and_a_test() -> None:
    rows = USE.findall(text(ROOT / "docs" / "bitrix24.md"))
    assert {method for method, *_ in rows} == SEEDED
    for _, _, path, name in rows:
        assert f"def {name}(" in text(ROOT / path), name
