"""Where the samples are compared: in a sandbox, or in a real portal that somebody has named.

In a real portal nothing is changed but what was made here, and that is deleted again.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import requests
from docx import Document as Docx

Json = dict[str, Any]
NAME = "Contract test, may be deleted"
DEAL_TYPE = 2


class Refused(Exception):
    """The portal answered with an error."""


@dataclass
class Place:
    """A portal, and what was made in it. `deal` 0: none was named, so no documents are made."""

    endpoint: str
    """Ends with a slash: `https://portal/rest/`, or a webhook's address."""
    token: str
    deal: int
    http: requests.Session
    converted: Callable[[], None] = lambda: None
    """Makes the PDFs of documents ready, where that is in our hands."""
    undo: list[tuple[str, int]] = field(default_factory=list)

    def answer(self, method: str, **params: Any) -> Json:
        """The whole answer.

        Raises:
            Refused: an error.
        """
        body = params | ({"auth": self.token} if self.token else {})
        answer: Json = self.http.post(f"{self.endpoint}{method}", json=body, timeout=60).json()
        if "error" in answer:
            raise Refused(f"{method}: {answer['error']} {answer.get('error_description', '')}")
        return answer

    def made(self, method: str, kind: str, **params: Any) -> tuple[Json, int]:
        """The answer of an `add` or `upload`, and the id; `clean_up` will delete it."""
        answer = self.answer(method, **params)
        number = int(answer["result"][kind]["id"])
        self.undo.append((f"{method.rpartition('.')[0]}.delete", number))
        return answer, number

    def clean_up(self) -> None:
        """Deletes everything made, the newest first."""
        while self.undo:
            method, number = self.undo.pop()
            self.answer(method, id=number)

    def forget(self, number: int) -> None:
        """For what a test has deleted itself."""
        self.undo = [one for one in self.undo if one[1] != number]

    @cached_property
    def numerator(self) -> int:
        return self.made_numerator("crm.documentgenerator.numerator.")[1]

    def made_numerator(self, prefix: str) -> tuple[Json, int]:
        fields = {"name": NAME, "template": "CT-{NUMBER}"}
        return self.made(f"{prefix}add", "numerator", fields=fields)

    @cached_property
    def template(self) -> int:
        return self.made_template()[1]

    def made_template(self) -> tuple[Json, int]:
        fields: Mapping[str, Any] = {
            "name": NAME,
            "file": ["contract-test.docx", paper()],
            "numeratorId": self.numerator,
            "region": "de",
            "entityTypeId": [f"{DEAL_TYPE}_category_0"],
            "users": ["UA"],
        }
        return self.made("crm.documentgenerator.template.add", "template", fields=fields)

    @cached_property
    def document(self) -> int:
        return self.made_document()[1]

    def made_document(self) -> tuple[Json, int]:
        """A document of the deal, on a template of our own."""
        return self.made(
            "crm.documentgenerator.document.add",
            "document",
            templateId=self.template,
            entityTypeId=DEAL_TYPE,
            entityId=self.deal,
            values={"DocumentNumber": "CT-1"},
            stampsEnabled=1,
        )


def named_in_environment(http: requests.Session) -> Place | None:
    """The real portal of SANDBOX_CONTRACT_ENDPOINT, _TOKEN and _DEAL; None when none is named."""
    endpoint = os.environ.get("SANDBOX_CONTRACT_ENDPOINT", "")
    if not endpoint:
        return None
    token = os.environ.get("SANDBOX_CONTRACT_TOKEN", "")
    deal = int(os.environ.get("SANDBOX_CONTRACT_DEAL", "0"))
    return Place(f"{endpoint.rstrip('/')}/", token, deal, http)


def paper() -> str:
    """A small template with a number, the own company, a total and a table; base64."""
    docx = Docx()
    docx.add_paragraph("{DocumentNumber} {DocumentCreateTime} {MyCompanyTitle} {TotalSum}")
    table = docx.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "{ProductsProductName}"
    table.rows[0].cells[1].text = "{ProductsProductPriceSum}"
    stream = io.BytesIO()
    docx.save(stream)
    return base64.b64encode(stream.getvalue()).decode()
