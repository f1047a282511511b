"""The computed fields of one document together with what was sent over them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from tests.sandbox.generator import overrides, qr
from tests.sandbox.generator.custom import chained_field
from tests.sandbox.generator.description import describe_field, describe_select, unknown
from tests.sandbox.generator.field import Field
from tests.sandbox.generator.providers import products
from tests.sandbox.generator.sources import Sources
from tests.sandbox.generator.texts import Texts
from tests.sandbox.generator.values import STAMP, Picture, Value

NUMBER, TITLE = "DocumentNumber", "DocumentTitle"
NO_STAMP_IN_TEMPLATE = "The template is missing seals and signatures"
NO_STAMP_IN_COMPANY = (
    "Your company has no seal and no signature.<br/>"
    '<a href="{url}" target="_blank">Add them in the company details</a>'
)
NO_QR_CODE_IN_TEMPLATE = "The template is missing a QR code"
NO_BANK_DETAILS = "The company details are not enough for a QR code"


class Fieldset:
    """Everything the generator knows about one document's fields."""

    def __init__(
        self,
        used: list[str],
        found: Sources,
        computed: dict[str, Field],
        values: dict[str, Any],
        stamps_enabled: bool,
        title: str,
        lists: Collection[str] = (),
    ) -> None:
        self.used = used
        self.sources = found
        self.computed = computed
        self.values = values
        self.stamps_enabled = stamps_enabled
        self.title = title
        """The document's name, which no description changes."""
        self.lists = lists
        """The values that are lists of rows; they are not stored."""
        self.effective = {code: self._effective(field, code) for code, field in computed.items()}

    def describe(self, for_document: bool) -> dict[str, dict[str, Any]]:
        """The answer of getfields: `documentFields`, or `templateFields` of a template."""
        answer: dict[str, dict[str, Any]] = {}
        for code in [*self.used, *(one for one in (NUMBER, TITLE) if one not in self.used)]:
            effective = self.effective.get(code)
            if effective is None:
                answer[code] = unknown(self.values.get(code))
                continue
            default = self.computed[code] if for_document else effective
            sent = self.values.get(code) if for_document else None
            answer[code] = describe_field(code, effective, default.plain(), sent)
        for path, options in self.sources.options.items():
            if len(options) > 1 and self._uses(path):
                answer[path] = describe_select(path, options)
        return answer

    def texts(self) -> Texts:
        """What is printed, for `docx.fill`."""
        printed = dict(self.effective)
        for code in self.values:
            # A template may hold placeholders that only the caller knows.
            if code in self.used and code not in printed:
                printed[code] = self._effective(Field(code, "", (), source=""), code)
        return Texts(printed, self.stamps_enabled)

    def stored_overrides(self) -> dict[str, Any]:
        """The values worth storing with the document: all that differ from the computed ones."""
        kept = {}
        for code, raw in self.values.items():
            if code in overrides.SERVICE or code in self.lists or raw is None:
                continue
            if code in self.sources.defaults:
                differs = str(raw) != str(self.sources.defaults[code])
            else:
                differs = not self._says_nothing(code, raw)
            if differs:
                kept[code] = raw
        return kept

    def empty_required(self) -> list[str]:
        """The codes of required fields that would print nothing."""
        codes = {NUMBER, TITLE, *self.used}
        return [
            code
            for code, field in self.effective.items()
            if code in codes and field.required and not field.plain()
        ]

    def products(self) -> dict[str, Any] | None:
        """`{currencyId, totalSum, totalRows}`, None for an object without products."""
        return products.summary(self.sources)

    def stamps(self) -> tuple[bool, str, str]:
        """Whether stamps can be switched; if not the reason (with HTML) and the company's page."""
        stamps = [self.effective[code] for code in self.used if self._is_stamp(code)]
        if not stamps:
            return False, NO_STAMP_IN_TEMPLATE, ""
        if any(isinstance(one.value, Picture) for one in stamps):
            return True, "", ""
        company = self.sources.my_company
        url = f"/crm/company/details/{company.id if company else 0}/?init_mode=edit"
        return False, NO_STAMP_IN_COMPANY.format(url=url), url

    def qr_code(self) -> tuple[bool, bool, str]:
        """Whether the payment QR code can be switched, whether it is on; if not, the reason."""
        if qr.CODE not in self.used:
            return False, False, NO_QR_CODE_IN_TEMPLATE
        if not isinstance(self.computed[qr.CODE].value, Picture):
            return False, False, NO_BANK_DETAILS
        return True, isinstance(self.effective[qr.CODE].value, Picture), ""

    def _is_stamp(self, code: str) -> bool:
        return code in self.effective and self.effective[code].type == STAMP

    def _uses(self, path: str) -> bool:
        return any(
            code in self.computed and self.computed[code].path.startswith(f"{path}.")
            for code in self.used
        )

    def _says_nothing(self, code: str, raw: Any) -> bool:
        field = self.computed.get(code)
        if field is None:
            return overrides.as_text(raw) == ""
        # The columns of an application's own table are its values, nothing they repeat.
        own_column = field.rows is not None and not field.source
        return not own_column and overrides.same(raw, field)

    def _effective(self, field: Field, code: str) -> Field:
        raw = self.values.get(code)
        if raw is None or overrides.same(raw, field):
            return field
        chained = chained_field(raw, self.computed.values())
        if chained is not None:
            return replace(field, value=chained.value, rows=chained.rows)
        value = self._prepared(raw, field)
        if field.rows is None:
            return replace(field, value=value)
        return replace(field, rows=[value for _ in field.rows])

    def _prepared(self, raw: Any, field: Field) -> Value | None:
        found = self.sources
        return overrides.prepared(raw, field, found.portal, found.locale, found.currency)
