"""What is typed about a template, checked before Bitrix24 is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from b24app.bitrix.documentgenerator import DocumentTemplate, Numerator
from b24app.console import bindings, template_users
from b24app.console.bindings import Kind, Pipelines
from b24app.documents import attach
from b24app.documents.errors import FieldsWrong
from b24app.models import Portal

LONGEST_NAME = 100
HIGHEST_SORT = 1_000_000
_BINDING, _CODE = "binding-", "code-"
"""Ticks are named one by one: `binding-31_1`, `code-U7`."""


@dataclass(frozen=True)
class Typed:
    """A template's form as it was typed, whether it makes sense or not."""

    name: str = ""
    numerator: str = ""
    region: str = ""
    bindings: tuple[str, ...] = ()
    everybody: bool = True
    codes: tuple[str, ...] = ()
    more: str = ""
    """Codes typed by hand."""
    stamps: bool = False
    sort: str = "500"
    active: bool = True

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_kept(cls, row: Mapping[str, Any]) -> Typed:
        lists = {name: tuple(row[name]) for name in ("bindings", "codes")}
        return cls(**{**row, **lists})


@dataclass(frozen=True)
class Values:
    """The same, checked."""

    name: str
    numerator_id: int
    region: str
    entity_types: tuple[str, ...]
    users: tuple[str, ...]
    stamps: bool
    sort: int
    active: bool


@dataclass(frozen=True)
class Known:
    """What can be chosen from."""

    numerators: Mapping[int, str]
    regions: Collection[str]
    kinds: Collection[Kind]


def known(
    portal: Portal,
    numerators: list[Numerator],
    pipelines: Pipelines,
    template: DocumentTemplate | None = None,
) -> Known:
    regions = attach.regions(portal)
    if template and template.region and template.region not in regions:
        regions.append(template.region)
    held = template.entity_types if template else ()
    names = {one.id: one.name for one in numerators}
    if template and template.numerator_id and template.numerator_id not in names:
        names[template.numerator_id] = _("Numerator %(number)d") % {"number": template.numerator_id}
    return Known(names, regions, bindings.choices(portal, pipelines, held))


def typed(post: Mapping[str, str]) -> Typed:
    """Reads a form that was sent."""

    def ticked(prefix: str) -> tuple[str, ...]:
        found = [name.removeprefix(prefix)[:100] for name in post if name.startswith(prefix)]
        return tuple(dict.fromkeys(found))[: template_users.MOST]

    def text(name: str, longest: int) -> str:
        return post.get(name, "").replace("\x00", "")[:longest].strip()

    return Typed(
        name=text("name", 1000),
        numerator=text("numerator", 20),
        region=text("region", 20),
        bindings=ticked(_BINDING),
        everybody=post.get("open_to", "all") == "all",
        codes=ticked(_CODE),
        more=text("more", template_users.LONGEST),
        stamps="stamps" in post,
        sort=text("sort", 20),
        active="active" in post,
    )


def of_template(template: DocumentTemplate) -> Typed:
    """The form of a template as it is."""
    everybody = template_users.EVERYBODY in template.users
    return Typed(
        name=template.name,
        numerator=str(template.numerator_id or ""),
        region=template.region,
        bindings=template.entity_types,
        everybody=everybody,
        codes=tuple(code for code in template.users if code != template_users.EVERYBODY),
        stamps=template.with_stamps,
        sort=str(template.sort),
        active=template.active,
    )


def named_after(form: Typed, file_name: str) -> Typed:
    """A form without a name takes that of its file."""
    name = file_name.rpartition(".")[0].replace("_", " ").strip()[:LONGEST_NAME]
    return form if form.name else replace(form, name=name)


def checked(form: Typed, known: Known, **more: str) -> Values:
    """The values to be sent. `more`: further problems, by input.

    Raises `FieldsWrong`.
    """
    codes = {one.code for kind in known.kinds for one in kind.bindings}
    users = _users(form)
    problems = {
        "name": _name_problem(form.name),
        "numerator": _choice_problem(form.numerator, {str(one) for one in known.numerators}),
        "region": _choice_problem(form.region, known.regions),
        "bindings": _bindings_problem(form.bindings, codes),
        "users": _users_problem(users),
        "sort": _sort_problem(form.sort),
        **more,
    }
    problems = {name: problem for name, problem in problems.items() if problem}
    if problems:
        raise FieldsWrong(problems)
    return Values(
        name=form.name,
        numerator_id=int(form.numerator),
        region=form.region,
        entity_types=form.bindings,
        users=users,
        stamps=form.stamps,
        sort=int(form.sort),
        active=form.active,
    )


def _users(form: Typed) -> tuple[str, ...]:
    if form.everybody:
        return (template_users.EVERYBODY,)
    return tuple(dict.fromkeys([*form.codes, *template_users.split(form.more)]))


def _name_problem(name: str) -> str:
    if not name:
        return _("A template needs a name.")
    if len(name) > LONGEST_NAME:
        return _("%(length)d characters are too many: %(limit)d fit.") % {
            "length": len(name),
            "limit": LONGEST_NAME,
        }
    return ""


def _choice_problem(chosen: str, known: Collection[str]) -> str:
    return "" if chosen in known else _("Choose one of the list.")


def _bindings_problem(chosen: tuple[str, ...], known: Collection[str]) -> str:
    if not chosen:
        return _("Tick at least one: a template that is bound to nothing is offered nowhere.")
    if not set(chosen) <= set(known):
        return _("Bitrix24 no longer has one of these pipelines. Tick again.")
    return ""


def _users_problem(users: tuple[str, ...]) -> str:
    if not users:
        return _("Tick somebody, or type a code: Bitrix24 cannot keep a template for nobody.")
    wrong = [code for code in users if not template_users.VALID.fullmatch(code)]
    if wrong:
        return _("“%(code)s” is not an access code of Bitrix24.") % {"code": wrong[0][:40]}
    if len(users) > template_users.MOST:
        return _("These are too many: %(limit)d fit.") % {"limit": template_users.MOST}
    return ""


def _sort_problem(sort: str) -> str:
    fine = sort.isascii() and sort.isdecimal() and len(sort) <= 7 and int(sort) <= HIGHEST_SORT
    return "" if fine else _("A whole number from 0 to 1,000,000.")
