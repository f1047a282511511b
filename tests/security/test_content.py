"""E. Content: what people type, what portals answer, what files are called (S35 to S38)."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from b24app.documents import capture, export
from b24app.documents.fields import LONGEST
from b24app.models import Portal
from tests import people
from tests.integration.pages import OFFER, Form, made, open_form, text
from tests.people import BORIS, Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application

ROOT = Path(__file__).resolve().parents[2]
ADD = "crm.documentgenerator.document.add"
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '{"on": "1"}, x: alert(1)',
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% load x %}",
    "</textarea></title><svg onload=alert(1)>",
    "&lt;b&gt;\u202egpj.exe\u2028\u0000",
]
RAW = re.compile(rb"<script>alert|<img src=x|<svg onload|' onmouseover='alert")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_s35_names_of_the_portal_are_text_everywhere(
    sandbox: Sandbox, docket: Application, payload: str
) -> None:
    nordwerk = sandbox.portal_one
    for record in (*nordwerk.deals.values(), *nordwerk.companies.values()):
        record.title = payload
    for contact in nordwerk.contacts.values():
        contact.name = contact.last_name = payload
    for template in nordwerk.templates.values():
        template.name = payload
    nordwerk.users[BORIS].name = nordwerk.users[BORIS].last_name = payload
    frame = people.open_tab(sandbox, nordwerk, docket, BORIS, 501)
    answers = [frame.page, frame.get("new/"), frame.follow(frame.get(f"new/{OFFER}/"))]
    form = Form(frame, answers[-1])
    if "\0" not in payload:
        document_id = made(
            form.send({"DocumentTitle": payload or "x"} if "{" not in payload else {})
        )
        answers += [frame.get(""), frame.get(f"documents/{document_id}/")]
        answers += [frame.get(f"documents/{document_id}/row/", target=f"doc-{document_id}")]
    sandbox.state.faults.add(
        Fault("batch", "error", status=400, code=payload, message=payload, times=-1)
    )
    answers += [frame.get("")]
    for answer in answers:
        assert answer.status_code < 500
        assert not RAW.search(answer.content), payload
    assert any(payload.partition("\0")[0][:20] in text(answer) for answer in answers)


def test_s35_hx_vals_hold_no_value_of_anybody() -> None:
    """JSON in attributes and answers is built from constants and our own addresses."""
    for path in (ROOT / "templates").rglob("*.html"):
        for found in re.findall(r"hx-vals='([^']*)'", path.read_text()):
            assert "{{" not in found, path
    assert not [p for p in (ROOT / "templates").rglob("*.html") if "|safe" in p.read_text()]
    sources = [path.read_text() for path in (ROOT / "b24app").rglob("*.py")]
    assert not [s for s in sources if "mark_safe" in s or "autoescape" in s]


@pytest.mark.parametrize(
    "value",
    [
        "a&b=c",
        "50 % off?",
        "x[0]",
        "$result[deal][item][title]",
        "$total[x]",
        "+1 #2",
        "a=1&auth=x",
    ],
)
def test_s36_what_is_typed_arrives_literally(sandbox: Sandbox, boris: Frame, value: str) -> None:
    document_id = made(open_form(boris, OFFER).send({"Title": value, "DocumentTitle": value}))
    document = sandbox.portal_one.documents[document_id]
    assert (document.values["Title"], document.title) == (value, value)
    (call,) = sandbox.state.record.rest(ADD)
    assert call.commands == []


@pytest.mark.parametrize(
    "value",
    [
        "this.SOURCE.COMPANY.TITLE",
        "  this.SOURCE.TITLE",
        "THIS.SOURCE.TITLE",
        "SOURCE.ASSIGNED.EMAIL",
        "DOCUMENT.DOCUMENT_NUMBER",
        "{TotalSum}",
        "Dear {ClientName}, hello",
        "{\u200bTotalSum}",
        "\ufeffthis.SOURCE.TITLE",
    ],
)
def test_s37_a_value_that_would_print_another_field(
    sandbox: Sandbox, boris: Frame, value: str
) -> None:
    form = open_form(boris, OFFER)
    sandbox.state.record.clear()
    answer = form.send({"Title": value})
    assert answer.status_code == 422
    assert "would print another field" in Form(boris, answer).problem("Title")
    assert list(sandbox.state.record) == []


def test_s37_harmless_texts_are_not_refused(sandbox: Sandbox, boris: Frame) -> None:
    for value in ("this is it", "Source. And more", "a } b { c", "2 < 3 { open", "this"):
        form = open_form(boris, OFFER)
        assert sandbox.portal_one.documents[made(form.send({"Title": value}))].values["Title"]


def test_s37_a_value_may_not_be_endless(boris: Frame) -> None:
    answer = open_form(boris, OFFER).send({"Title": "x" * (LONGEST + 1)})
    assert answer.status_code == 422
    assert "characters are too many" in Form(boris, answer).problem("Title")


NAMES = [
    'Refit "X".exe',
    "a\r\nSet-Cookie: x=1",
    "../../../etc/passwd",
    "..\\..\\boot.ini",
    "\u202efdp.exe",
    "=HYPERLINK(1)",
    "CON",
    " . ",
    "Büro 日本 🙂",
    "x" * 500,
    "a/b:c*d?e|f<g>h",
]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_s38_names_of_files(sandbox: Sandbox, boris: Frame, kind: str) -> None:
    document_id = made(open_form(boris, OFFER).send())
    for name in NAMES:
        sandbox.portal_one.documents[document_id].title = name
        harmless_name(boris, document_id, kind)


def harmless_name(boris: Frame, document_id: int, kind: str) -> None:
    address = boris.post(f"documents/{document_id}/{kind}-ticket/").json()["address"]
    answer = Client().get(address)
    assert answer.status_code == 200
    told = answer.headers["Content-Disposition"]
    assert re.fullmatch(
        r"(?:inline|attachment); filename(?:=\"[^\"\\]+\"|\*=utf-8''[^\"'/\\]+)", told
    )
    assert told.rstrip('"').endswith(f".{kind}")
    assert not set(told) & set("\r\n\\/<>|?") - {"*"}
    assert len(told) < 1600
    assert "x=1" not in str(answer.cookies)


FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\tx", "  =1", "\u00a0=1", "\u200b=1"),
    *("\ufeff=1", "a\n=1", "a\r\n +1", "a\u2028@x", "＝1", "\x00=1"),
]
BEGINS = re.compile(r"(?:\A|[\n\r\u2028])[\s\u200b\ufeff]*[=+\-@＝]|\A[\t\r]")
"""What a spreadsheet program may take for a formula: also after blanks, and in each line."""


@pytest.mark.parametrize("cell", FORMULAS)
def test_s38_cells_of_exports(cell: str) -> None:
    assert BEGINS.search(cell.replace("\x00", ""))
    assert not BEGINS.search(export.harmless(cell))
    assert export.harmless("Offer - 2026 = x") == "Offer - 2026 = x"


def test_s38_a_table_is_downloaded_without_formulas(boris: Frame, portal: Portal) -> None:
    titles = ["=HYPERLINK(1)", "-2+3", "@SUM(1)", '+1","=2']
    for title in titles:
        made(open_form(boris, OFFER).send({"DocumentTitle": title}))
    capture.capture(portal.pk)
    answer = Client().get(boris.post("story/table/").json()["address"])
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[2] for row in rows[1:]} == {f"'{title}" for title in titles}
    assert not [cell for row in rows for cell in row if BEGINS.search(cell)]


def test_s38_every_table_is_written_at_one_place() -> None:
    wanted = re.compile(r"import csv|openpyxl|xlsxwriter|spreadsheetml|\.writerow")
    sources = [*(ROOT / "b24app").rglob("*.py"), *(ROOT / "templates").rglob("*")]
    found = [path.name for path in sources if path.is_file() and wanted.search(path.read_text())]
    assert found == ["export.py"]


def test_s38_headers_carry_no_line_of_anybody(boris: Frame, document_id: int) -> None:
    for answer in (
        boris.get(""),
        boris.get(f"documents/{document_id}/edit/"),
        boris.get("new/?q=%0d%0aX: y"),
    ):
        told: dict[str, Any] = dict(answer.headers)
        assert not [value for value in told.values() if "\n" in value or "\r" in value]
        assert "X" not in told


@pytest.fixture
def document_id(boris: Frame) -> int:
    return made(open_form(boris, OFFER).send())
