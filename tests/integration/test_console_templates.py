"""Anna looks after the templates of her portal, in Docket's console."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b24app.console import template_files
from b24app.documents import catalogue
from b24app.models import Portal, TemplateAddition, TemplateFile
from tests.integration.conftest import Later
from tests.integration.pages import CONTRACT, OFFER, made, open_form, text
from tests.integration.together import another_browser, together
from tests.people import Frame
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.world import DocumentTemplate
from tests.unit.docx import files

LIST = "console/templates/"
NEW = "console/templates/new/"
ADD = "crm.documentgenerator.template.add"
UPDATE = "crm.documentgenerator.template.update"
DELETE = "crm.documentgenerator.template.delete"
FRAMEWORK, BILL, DATA_SHEET = 43, 46, 48


ACTION = "action of the form"


def names(answer: Any) -> list[str]:
    """The names of the templates in the table, in their order."""
    found = re.findall(r'/console/templates/\d+/" hx-target="#page">([^<]*)</a></b>', text(answer))
    return [html.unescape(one) for one in found]


def docx(words: str = "Hello", name: str = "Framework_v4.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.packed({files.BODY: files.text(words)}))


def typed(page: Any, **changes: str) -> dict[str, Any]:
    """What the first form of a page would send, with changes; "-" takes a tick away."""
    form = text(page).partition("<form")[2].partition("</form>")[0]
    if 'id="filter"' in form:
        form = text(page).partition('id="new"')[2].partition("</form>")[0]
    action = re.search(r'id="(?:new|edit)"[^>]* action="([^"]*)"', text(page))
    assert action
    sent: dict[str, Any] = {ACTION: action[1]}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        kind = re.search(r'type="([^"]*)"', tag)
        if not name or (kind and kind[1] == "file"):
            continue
        if kind and kind[1] in {"checkbox", "radio"}:
            if " checked" in tag:
                sent[name[1]] = value[1] if value else "on"
        else:
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for name_, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found = chosen or first
        sent[name_] = found[1] if found else ""
    sent |= {key.replace("__", "-"): value for key, value in changes.items()}
    return {key: value for key, value in sent.items() if value != "-"}


def open_new(frame: Frame) -> Any:
    """An empty form for a new template."""
    return frame.follow(frame.get(NEW))


def send(frame: Frame, form: dict[str, Any], file: SimpleUploadedFile | None = None) -> Any:
    """Presses the button of a form that `typed` has read, with a file chosen."""
    inputs = {name: value for name, value in form.items() if name != ACTION}
    return frame.post(form[ACTION], {**inputs, "file": file or docx()})


def template(sandbox: Sandbox, template_id: int) -> DocumentTemplate:
    return sandbox.portal_one.templates[template_id]


def added(sandbox: Sandbox) -> list[DocumentTemplate]:
    return [one for one in sandbox.portal_one.templates.values() if one.id > DATA_SHEET]


# The list


def test_the_list_names_where_each_template_is_offered(console: Frame) -> None:
    page = text(console.get(LIST))
    assert names(console.get(LIST))[:2] == ["Offer", "Contract for works"]
    assert len(names(console.get(LIST))) == 10
    assert "Deals: Projects" in page
    assert "Contacts; Companies" in page
    assert "Invoices" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=FRAME+agree", ["Framework agreement"]),
        ("kind=31", ["Invoice by instalments"]),
        ("kind=2&pipeline=2_category_1&q=agreement", ["Framework agreement", "Non-disclosure"]),
        ("region=xx", []),
        ("state=off", ["Act of acceptance"]),
    ],
)
def test_it_is_searched_and_filtered_without_asking_bitrix24(
    sandbox: Sandbox, console: Frame, asked: str, found: list[str]
) -> None:
    template(sandbox, 42).active = False
    console.get(LIST)
    sandbox.state.record.clear()
    shown = names(console.get(f"{LIST}?{asked}", target="templates"))
    assert [one for one in shown if not one.startswith(tuple(found))] == []
    assert len(shown) == len(found)
    assert list(sandbox.state.record) == []


def test_a_search_swaps_only_the_table(console: Frame) -> None:
    part = text(console.get(f"{LIST}?q=offer", target="templates"))
    assert part.lstrip().startswith('<section class="card" id="templates"')
    assert "1 of 10 shown" in part
    nothing = text(console.get(f"{LIST}?q=nothing+like+it", target="templates"))
    assert "No template is like that." in nothing


def test_refresh_reads_what_was_changed_in_the_portal(sandbox: Sandbox, console: Frame) -> None:
    console.get(LIST)
    template(sandbox, OFFER).name = "Offer, new wording"
    assert names(console.get(LIST))[0] == "Offer"
    assert names(console.post(f"{LIST}refresh/", {"q": "wording"})) == ["Offer, new wording"]
    sandbox.state.faults.add(Fault("batch", "html", times=9, status=502))
    page = text(console.post(f"{LIST}refresh/"))
    assert "Bitrix24 did not give a newer list" in page
    assert "Offer, new wording" in page


def test_boris_is_told_who_may(boris: Frame, portal: Portal) -> None:
    answer = boris.get(f"/p/{portal.key}/{LIST}")
    assert answer.status_code == 403
    assert "Only an administrator can do this" in text(answer)


def test_a_switch_in_the_list_keeps_users_and_reaches_pick(
    sandbox: Sandbox, console: Frame, boris: Frame
) -> None:
    users = list(template(sandbox, CONTRACT).users)
    assert "Contract for works" in text(boris.get("new/"))
    page = text(console.post(f"{LIST}{CONTRACT}/switch/", {"q": "contract"}))
    assert "Contract for works is off" in page
    assert not template(sandbox, CONTRACT).active
    assert template(sandbox, CONTRACT).users == users
    offered = text(boris.get("new/")).partition('class="absent')[0]
    assert f"new/{CONTRACT}/" not in offered
    assert "is on" in text(console.post(f"{LIST}{CONTRACT}/switch/", {"on": "1"}))
    assert template(sandbox, CONTRACT).active


def test_a_switch_that_bitrix24_does_not_answer_leaves_the_list(
    sandbox: Sandbox, console: Frame
) -> None:
    console.get(LIST)
    sandbox.state.faults.add(Fault(UPDATE, "cut", times=9))
    answer = console.post(f"{LIST}{OFFER}/switch/", target="templates")
    assert answer.status_code == 409
    assert "The change was not made" in text(answer)
    assert len(names(answer)) == 10
    assert template(sandbox, OFFER).active


# Adding


def test_a_template_is_added_from_a_file_and_offered_at_once(
    sandbox: Sandbox, console: Frame, boris: Frame
) -> None:
    assert "Framework v4" not in text(boris.get("new/"))
    form = typed(open_new(console), binding__2_category_0="on", sort="90", region="de")
    answer = send(console, form)
    page = text(console.follow(answer))
    (new,) = added(sandbox)
    assert (new.name, new.region, new.sort) == ("Framework v4", "de", 90)
    assert (new.users, new.entity_type_ids) == (["UA"], ["2_category_0"])
    assert b"word/document.xml" in new.body
    assert "Framework v4" in page
    assert "Framework v4" in text(boris.get("new/"))


def test_it_can_be_opened_to_some_only(sandbox: Sandbox, console: Frame, boris: Frame) -> None:
    page = open_new(console)
    assert "Boris" in text(page)
    form = typed(
        page, binding__1="on", binding__31_1="on", open_to="some", code__U7="on", more="dr5, SG3_K",
        name="For few", stamps="on",
    )  # fmt: skip
    send(console, form)
    (new,) = added(sandbox)
    assert new.users == ["U7", "DR5", "SG3_K"]
    assert sorted(new.entity_type_ids) == ["1", "31_1"]
    assert new.with_stamps
    again = text(console.get(f"{LIST}{new.id}/"))
    assert "Department 5 and below" in again
    assert 'name="code-SG3_K" checked' in again


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "x" * 101}, "101 characters are too many"),
        ({"numerator": "99999"}, "Choose one of the list."),
        ({"region": "atlantis"}, "Choose one of the list."),
        ({"binding__2_category_0": "-"}, "offered nowhere"),
        ({"binding__2_category_77": "on"}, "no longer has one of these pipelines"),
        ({"open_to": "some"}, "cannot keep a template for nobody"),
        ({"open_to": "some", "more": "U7 Everyone!"}, "“EVERYONE!” is not an access code"),
        ({"sort": "-1"}, "A whole number"),
        ({"sort": "²"}, "A whole number"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_stays_typed(
    sandbox: Sandbox, console: Frame, changes: dict[str, str], sentence: str
) -> None:
    form = typed(open_new(console), **{"binding__2_category_0": "on", **changes})
    answer = send(console, form)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert added(sandbox) == []
    assert html.escape(form.get("sort", "")) in text(answer)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Choose a Word file"),
        (b"%PDF-1.7", "This is not a .docx"),
        (files.packed({"word/vbaProject.bin": b"x"}), "macros or controls"),
        (bytes(10 * 1024 * 1024 + 1), "too big: 10 MB"),
        (files.bomb(50 * 1024 * 1024), "unpacks to far more"),
    ],
)
def test_s39_a_file_that_acts_or_is_none_never_reaches_bitrix24(
    sandbox: Sandbox, console: Frame, body: bytes, sentence: str
) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="Evil")
    sandbox.state.record.clear()
    answer = send(console, form, SimpleUploadedFile("a.docx", body))
    assert (answer.status_code, added(sandbox)) == (422, [])
    assert sentence in text(answer)
    assert 'value="Evil"' in text(answer)
    assert ADD not in [call.method for call in sandbox.state.record]
    same = console.post(f"{LIST}{OFFER}/file/", {"file": SimpleUploadedFile("a.docx", body)})
    assert same.status_code == 422
    assert sentence in text(same)


def test_s39_a_request_far_too_big_is_not_read(console: Frame) -> None:
    huge = SimpleUploadedFile("a.docx", bytes(16 * 1024 * 1024))
    assert send(console, typed(open_new(console)), huge).status_code == 413
    huge = SimpleUploadedFile("a.docx", bytes(16 * 1024 * 1024))
    assert console.post(f"{LIST}{OFFER}/file/", {"file": huge}).status_code == 413


def test_a_file_above_the_portals_own_limit(sandbox: Sandbox, console: Frame) -> None:
    picture = {"word/media/image1.bin": bytes(range(256)) * 9000}
    body = files.packed(picture, method=0)
    form = typed(open_new(console), binding__2_category_0="on", name="Heavy")
    answer = send(console, form, SimpleUploadedFile("a.docx", body))
    assert answer.status_code == 409
    assert "most portals take templates of at most 2 MB" in text(answer)
    assert 'value="Heavy"' in text(answer)
    assert TemplateAddition.objects.count() == 0


def test_pressed_twice_it_is_added_once(sandbox: Sandbox, console: Frame) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="Once")
    first = send(console, form)
    assert send(console, form).headers == first.headers
    other_tab = typed(open_new(console), binding__2_category_0="on", name="Once")
    again = send(console, other_tab)
    assert again.headers["Location"] == first.headers["Location"]
    assert len(added(sandbox)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_and_a_second_tab_at_the_same_moment(
    sandbox: Sandbox, console: Frame
) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="At once")
    other = typed(open_new(console), binding__2_category_0="on", name="At once")
    sandbox.state.faults.add(Fault(ADD, "slow", seconds=1.0))
    tabs = [(another_browser(console), one) for one in (form, form, other)]
    answers = together(*(lambda tab=tab, one=one: send(tab, one) for tab, one in tabs))
    assert {answer.status_code for answer in answers} == {302}
    assert len(added(sandbox)) == 1
    assert sandbox.state.record.count(ADD) == 1


def test_a_lost_answer_is_found_and_nothing_is_added_twice(
    sandbox: Sandbox, console: Frame
) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="Lost and found")
    sandbox.state.faults.add(Fault(ADD, "cut", after=True))
    answer = send(console, form)
    assert TemplateAddition.objects.get().state == "unknown"
    assert "Lost and found" in text(console.get(LIST))
    other_tab = typed(open_new(console), binding__2_category_0="on", name="Lost and found")
    send(console, other_tab, docx("Another one"))
    page = text(console.follow(console.get(answer.headers["Location"])))
    assert len(added(sandbox)) == 1
    assert f"templates/{added(sandbox)[0].id}/" in page
    assert TemplateAddition.objects.get().state == "made"


def test_a_lost_answer_that_never_comes_gives_the_form_back(
    sandbox: Sandbox, console: Frame, later: Later
) -> None:
    form = typed(
        open_new(console), binding__2_category_0="on", name="Never there", more="D9", open_to="some"
    )
    sandbox.state.faults.add(Fault(ADD, "cut"))
    place = send(console, form).headers["Location"]
    assert "Docket is finding out whether “Never there” was added" in text(console.get(place))
    assert console.get(f"{place}state/").status_code == 204
    later(seconds=100)
    assert "HX-Location" in console.get(f"{place}state/").headers
    page = console.get(place)
    assert "The template was not added" in text(page)
    assert 'value="Never there"' in text(page)
    send(console, typed(page))
    assert [one.name for one in added(sandbox)] == ["Never there"]
    assert added(sandbox)[0].users == ["D9"]


def test_it_came_late_and_is_found_before_it_is_sent_again(
    sandbox: Sandbox, console: Frame, later: Later
) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="Late")
    sandbox.state.faults.add(Fault(ADD, "cut", after=True))
    place = send(console, form).headers["Location"]
    (new,) = added(sandbox)
    del sandbox.portal_one.templates[new.id]
    later(seconds=100)
    page = console.get(place)
    assert "The template was not added" in text(page)
    sandbox.portal_one.templates[new.id] = new
    answer = send(console, typed(page))
    assert answer.headers["Location"].endswith(f"/console/templates/{new.id}/")
    assert added(sandbox) == [new]


def test_bitrix24_is_silent_and_the_form_stays(sandbox: Sandbox, console: Frame) -> None:
    form = typed(open_new(console), binding__2_category_0="on", name="Patience")
    sandbox.state.faults.add(
        Fault(ADD, "error", status=400, code="0", message="Numerator not found")
    )
    answer = send(console, form)
    assert answer.status_code == 409
    assert 'value="Patience"' in text(answer)
    assert TemplateAddition.objects.count() == 0


# Changing


def test_all_of_a_template_is_changed_and_pick_shows_it(
    sandbox: Sandbox, console: Frame, boris: Frame
) -> None:
    page = console.get(f"{LIST}{OFFER}/")
    form = typed(
        page, name="Offer, gold", sort="5", region="uk", stamps="on", binding__2_category_1="-"
    )
    answer = console.post(f"{LIST}{OFFER}/", form)
    assert "Saved" in text(answer)
    now = template(sandbox, OFFER)
    assert (now.name, now.sort, now.region, now.with_stamps) == ("Offer, gold", 5, "uk", True)
    assert (now.entity_type_ids, now.users) == (["2_category_0"], ["UA"])
    assert "Offer, gold" in text(boris.get("new/"))


def test_codes_that_docket_cannot_name_stay_ticked(sandbox: Sandbox, console: Frame) -> None:
    template(sandbox, OFFER).users = ["U1", "D5", "SG4_E", "U99"]
    template(sandbox, OFFER).entity_type_ids = ["2_category_0", "177_3", "bitrix\\x\\provider"]
    page = console.get(f"{LIST}{OFFER}/")
    for words in ("Department 5", "Person 99", "Smart process 177, pipeline 3", "SG4_E"):
        assert words in text(page)
    console.post(f"{LIST}{OFFER}/", typed(page, name="Same people"))
    now = template(sandbox, OFFER)
    assert (now.name, sorted(now.users)) == ("Same people", ["D5", "SG4_E", "U1", "U99"])
    assert len(now.entity_type_ids) == 3


def test_somebody_changed_it_meanwhile(sandbox: Sandbox, console: Frame, later: Later) -> None:
    form = typed(console.get(f"{LIST}{OFFER}/"), name="Mine")
    later(minutes=3)
    sandbox.state.clock.move(1)
    template(sandbox, OFFER).name = "Theirs"
    template(sandbox, OFFER).updated_time = sandbox.state.now()
    answer = console.post(f"{LIST}{OFFER}/", form)
    assert answer.status_code == 409
    assert "Somebody changed this template" in text(answer)
    assert 'value="Mine"' in text(answer)
    assert template(sandbox, OFFER).name == "Theirs"
    console.post(f"{LIST}{OFFER}/", typed(answer))
    assert template(sandbox, OFFER).name == "Mine"


def test_a_lost_answer_to_a_change_is_read_back(sandbox: Sandbox, console: Frame) -> None:
    form = typed(console.get(f"{LIST}{OFFER}/"), name="Written")
    sandbox.state.faults.add(Fault(UPDATE, "cut", after=True, times=9))
    assert "Saved" in text(console.post(f"{LIST}{OFFER}/", form))
    sandbox.state.faults.clear()
    form = typed(console.get(f"{LIST}{OFFER}/"), name="Not written")
    sandbox.state.faults.add(Fault(UPDATE, "cut", times=9))
    answer = console.post(f"{LIST}{OFFER}/", form)
    assert answer.status_code == 409
    assert "The change was not made" in text(answer)
    assert 'value="Not written"' in text(answer)
    assert template(sandbox, OFFER).name == "Written"


def test_a_template_that_is_gone(sandbox: Sandbox, console: Frame) -> None:
    answer = console.get(f"{LIST}4711/")
    assert answer.status_code == 404
    assert "This template is not there any more" in text(answer)
    template(sandbox, OFFER).is_deleted = True
    assert console.post(f"{LIST}{OFFER}/").status_code == 404


# Its file


def old_files() -> list[bytes]:
    return [one.body for one in TemplateFile.objects.order_by("-kept_at")]


def test_the_file_is_replaced_under_the_same_id_and_the_old_one_kept(
    sandbox: Sandbox, console: Frame
) -> None:
    before = template(sandbox, OFFER)
    first, users = before.body, list(before.users)
    assert "no longer marked as a default one" in text(console.get(f"{LIST}{OFFER}/"))
    page = text(console.post(f"{LIST}{OFFER}/file/", {"file": docx("Second text")}))
    assert "Replaced, the one before is kept" in page
    assert "Files before" in page
    assert template(sandbox, OFFER).users == users
    second = template(sandbox, OFFER).body
    assert second != first
    assert old_files() == [first]
    kept = TemplateFile.objects.get()
    compared = text(console.get(f"{LIST}{OFFER}/compare/?old={kept.pk}", target="compared"))
    assert "<ins>Second text</ins>" in compared
    assert "paragraphs differ" in compared
    page = text(console.post(f"{LIST}{OFFER}/files/{kept.pk}/"))
    assert template(sandbox, OFFER).body == first
    assert old_files() == [second, first]
    newer = TemplateFile.objects.latest("kept_at")
    two = f"{LIST}{OFFER}/compare/?old={kept.pk}&new={newer.pk}"
    assert "<ins>Second text</ins>" in text(console.get(two, target="compared"))


def test_the_same_file_is_not_sent_again(sandbox: Sandbox, console: Frame) -> None:
    body = template(sandbox, OFFER).body
    same = SimpleUploadedFile("offer.docx", body)
    answer = console.post(f"{LIST}{OFFER}/file/", {"file": same})
    assert answer.status_code == 422
    assert "very file that the template has now" in text(answer)
    assert old_files() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_replacements_at_once_one_waits_so_that_no_file_is_lost(
    sandbox: Sandbox, console: Frame
) -> None:
    first = template(sandbox, OFFER).body
    sandbox.state.faults.add(Fault(UPDATE, "slow", seconds=1.0))
    tabs = [(another_browser(console), docx(words)) for words in ("One", "Two")]
    path = f"{LIST}{OFFER}/file/"
    answers = together(*(lambda t=tab, f=file: t.post(path, {"file": f}) for tab, file in tabs))
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert "Somebody is replacing this file right now" in "".join(map(text, answers))
    assert old_files() == [first]


def test_what_bitrix24_refuses_leaves_nothing_behind(sandbox: Sandbox, console: Frame) -> None:
    sandbox.state.faults.add(Fault(UPDATE, "error", status=400, code="0", message="No"))
    answer = console.post(f"{LIST}{OFFER}/file/", {"file": docx()})
    assert answer.status_code == 409
    assert "Bitrix24 said no" in text(answer)
    assert old_files() == []


def test_a_lost_answer_to_a_replacement_is_told_by_the_file_itself(
    sandbox: Sandbox, console: Frame
) -> None:
    sandbox.state.faults.add(Fault(UPDATE, "cut", after=True, times=9))
    page = console.post(f"{LIST}{OFFER}/file/", {"file": docx("Arrived")})
    assert "Replaced, the one before is kept" in text(page)
    sandbox.state.faults.clear()
    sandbox.state.faults.add(Fault(UPDATE, "cut", times=9))
    page = console.post(f"{LIST}{OFFER}/file/", {"file": docx("Never arrived")})
    assert page.status_code == 409
    assert "The change was not made" in text(page)


def test_a_present_file_that_cannot_be_had_is_replaced_only_on_purpose(
    sandbox: Sandbox, console: Frame
) -> None:
    template(sandbox, OFFER).body = bytes(11 * 1024 * 1024)
    page = console.post(f"{LIST}{OFFER}/file/", {"file": docx("New")})
    assert page.status_code == 409
    assert "The present file of this template cannot be read" in text(page)
    assert len(template(sandbox, OFFER).body) > 10_000_000
    console.post(f"{LIST}{OFFER}/file/", {"file": docx("New"), "without_old": "on"})
    assert len(template(sandbox, OFFER).body) < 10_000
    assert old_files() == []


def test_files_are_downloaded_through_docket_by_tickets_that_work_once(
    sandbox: Sandbox, console: Frame
) -> None:
    console.get(LIST)
    first = template(sandbox, OFFER).body
    address = console.post(f"{LIST}{OFFER}/ticket/").json()["address"]
    answer = console.get(address)
    assert answer.content == first
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Offer.docx"'
    assert console.get(address).status_code == 410
    console.post(f"{LIST}{OFFER}/file/", {"file": docx()})
    kept = TemplateFile.objects.get()
    old = console.post(f"{LIST}{OFFER}/files/{kept.pk}/ticket/").json()["address"]
    assert console.get(old).content == first


def test_old_files_are_of_this_portal_and_this_template(
    sandbox: Sandbox, console: Frame, portal: Portal
) -> None:
    console.post(f"{LIST}{OFFER}/file/", {"file": docx()})
    kept = TemplateFile.objects.get()
    assert console.post(f"{LIST}{CONTRACT}/files/{kept.pk}/").status_code == 404
    assert console.post(f"{LIST}{CONTRACT}/files/{kept.pk}/ticket/").status_code == 404
    assert console.get(f"{LIST}{OFFER}/compare/?old=nonsense").status_code == 404


def test_old_files_of_a_template_that_went_in_the_portal_go_after_a_while(
    sandbox: Sandbox, console: Frame, later: Later
) -> None:
    for one in (OFFER, CONTRACT):
        console.post(f"{LIST}{one}/file/", {"file": docx()})
    del sandbox.portal_one.templates[CONTRACT]
    template_files.prune()
    assert TemplateFile.objects.count() == 2
    later(days=31)
    catalogue.refresh(Portal.objects.get())
    template_files.prune()
    assert [one.template_id for one in TemplateFile.objects.all()] == [OFFER]


def test_no_more_than_twenty_old_files_are_kept(
    sandbox: Sandbox, console: Frame, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_files, "MOST_KEPT", 2)
    bodies = []
    for words in ("one", "two", "three"):
        bodies.append(template(sandbox, OFFER).body)
        console.post(f"{LIST}{OFFER}/file/", {"file": docx(words)})
        later(minutes=1)
    assert old_files() == [bodies[2], bodies[1]]


# Its end


def test_it_is_deleted_after_who_uses_it_is_shown(
    sandbox: Sandbox, console: Frame, boris: Frame
) -> None:
    made(open_form(boris, OFFER).send({"DocumentTitle": "Refit of the Lindner office"}))
    console.post(f"{LIST}{OFFER}/file/", {"file": docx()})
    question = text(console.get(f"{LIST}{OFFER}/delete/?ask", target="delete"))
    assert re.search(r"\d+ documents? (is|are) made from it", question)
    assert "Refit of the Lindner office" in question
    assert "can no longer be edited" in question
    page = text(console.post(f"{LIST}{OFFER}/delete/"))
    assert "“Offer” is deleted." in page
    assert template(sandbox, OFFER).is_deleted
    assert old_files() == []
    assert OFFER not in [one.id for one in catalogue.kept(Portal.objects.get())]


def test_one_that_nobody_used_goes_for_good(sandbox: Sandbox, console: Frame) -> None:
    question = text(console.get(f"{LIST}{FRAMEWORK}/delete/?ask", target="delete"))
    assert "No document is made from it. Bitrix24 deletes it for good" in question
    console.post(f"{LIST}{FRAMEWORK}/delete/")
    assert FRAMEWORK not in sandbox.portal_one.templates


def test_a_lost_answer_to_a_deletion_is_read_back(sandbox: Sandbox, console: Frame) -> None:
    sandbox.state.faults.add(Fault(DELETE, "cut", after=True))
    assert "is deleted." in text(console.post(f"{LIST}{FRAMEWORK}/delete/"))
    sandbox.state.faults.add(Fault(DELETE, "cut", times=9))
    console.get(LIST)
    answer = console.post(f"{LIST}{BILL}/delete/")
    assert "Invoice by instalments" in text(answer)
    assert answer.status_code == 409
    assert "The change was not made" in text(answer)
    assert BILL in sandbox.portal_one.templates
