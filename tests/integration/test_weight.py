"""What a first opening of the tab costs on the wire, compressed as browsers get it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from b24app.staticfiles import without_comments
from tests import people
from tests.people import BORIS
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
LIMIT = 30 * 1024


@pytest.mark.parametrize(("deal", "documents"), [(501, 0), (503, 50)])
def test_the_first_load_stays_below_thirty_kib(
    sandbox: Sandbox, docket: Application, deal: int, documents: int
) -> None:
    page = people.open_tab(sandbox, sandbox.portal_one, docket, BORIS, deal).page.content
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())
    files = {name: Path(str(finders.find(name))).read_bytes() for name in names}
    served = [brotli.compress(without_comments(name, file)) for name, file in files.items()]
    assert page.count(b'class="doc"') == documents
    assert len(files) >= 7
    assert sum(map(len, served)) + len(gzip.compress(page)) < LIMIT


def test_scripts_and_styles_lose_their_comments_and_nothing_else() -> None:
    script = b"// why\nconst a = 'https://x'\n  // because\n  go(a) // now\n"
    assert without_comments("js/a.js", script) == b"const a = 'https://x'\n  go(a) // now\n"
    assert without_comments("css/a.css", b"/* why\n so */\na { b: c; }\n") == b"a { b: c; }\n"
    assert without_comments("django_htmx/htmx.js", script) == script


def used_in(sources: list[Path]) -> set[str]:
    """The names of the icons, marks and pictures that these files show."""
    text = "".join(path.read_text() for path in sources)
    used = {f"i-{name}" for name in re.findall(r'(?:{% icon |icon=)"(\w+)"', text)}
    used |= {f"m-{name}" for name in re.findall(r'{% mark "(\w+)"', text)}
    return used | set(re.findall(r"#(p-\w+)", text))


def symbols(sprite: str) -> set[str]:
    return set(re.findall(r'symbol id="([\w-]+)"', (TEMPLATES / sprite).read_text()))


def test_the_sprites_have_the_icons_that_are_used_and_no_other() -> None:
    sources = [*TEMPLATES.rglob("*.html"), *(TEMPLATES.parent / "b24app").rglob("*.py")]
    of_console = [path for path in sources if "console" in path.parts]
    elsewhere = used_in([path for path in sources if path not in of_console])
    assert symbols("components/sprite.svg") == elsewhere
    assert symbols("console/_sprite.svg") == used_in(of_console) - elsewhere


def test_what_is_collected_is_served_whole(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "b24app.staticfiles.Storage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = sorted((tmp_path / "js").glob("*.js"))
    hashed = [path for path in scripts if path.name.count(".") == 2]
    assert len(scripts) == 2 * len(hashed) >= 6
    for path in hashed:
        name, _, ending = path.name.split(".")
        plain = path.with_name(f"{name}.{ending}").read_bytes()
        assert path.read_bytes() == plain != b""
        assert gzip.decompress(path.with_suffix(".js.gz").read_bytes()) == plain
