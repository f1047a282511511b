"""The cases of the benchmark: Boris at deal 501, and the same REST calls made bare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from b24app.documents import capture
from b24app.models import Portal, TemplateCatalogue
from tests import people
from tests.integration.pages import Form
from tests.people import BORIS, Frame
from tests.sandbox import applications
from tests.sandbox.server import Sandbox

DEAL = 501
OFFER = 39
MANY, WITH_MANY = 20, 506
"""So many documents has that deal when its drift is looked for."""


class Bench:
    """A sandbox with Docket installed; use as a context manager."""

    events = 0

    def __enter__(self) -> Bench:
        self.sandbox = Sandbox.start(conversion_delay=0.0)
        self.portal = self.sandbox.portal_one
        settings.AUTH_SERVERS = [self.sandbox.auth_url]
        settings.LISTED_ORIGINS = [self.sandbox.url, self.sandbox.auth_url]
        settings.STORAGES["staticfiles"]["BACKEND"] = (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
        settings.ALLOWED_HOSTS = ["testserver"]  # what the test client calls itself
        self.app = people.install(self.sandbox, self.portal)
        self.session = requests.Session()
        self.token = self._token()
        self.tab = self._open()
        self.many = self._with_many()
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self.sandbox.stop()

    def cases(self) -> list[tuple[str, str, Callable[[], object], Callable[[], object]]]:
        return [
            ("open the tab, catalogue fresh", "one bare batch", self._list, self._bare_tab),
            ("open the tab, catalogue old", "two bare batches", self._cold, self._bare_cold),
            ("launch, token proven before", "one bare batch", self._open, self._bare_tab),
            ("pick a template: form with values", "bare deal, getfields", self._form, self._fields),
            ("generate", "bare document.add", self._generate, self._bare_add),
            (
                f"drift of {MANY} documents",
                "one bare batch of getfields",
                self._drift,
                self._bare_drift,
            ),
            ("take an event (50 ms at most)", "one bare batch", self._event, self._bare_tab),
        ]

    def _with_many(self) -> Frame:
        """The tab of a deal with many documents, all of them read."""
        tab = self._open(WITH_MANY)
        for number in range(MANY):
            form = Form(tab, tab.follow(tab.get(f"new/{OFFER}/")))
            assert form.send({"DocumentTitle": f"Offer {number}"}).status_code == 302
        capture.capture(Portal.objects.get().pk)
        return tab

    def _open(self, deal_id: int = DEAL) -> Frame:
        cache.delete_many([key for key in getattr(cache, "_cache", {}) if "throttle" in key])
        cache.clear()
        return people.open_tab(self.sandbox, self.portal, self.app, BORIS, deal_id)

    def _list(self) -> None:
        assert self.tab.get("").status_code == 200

    def _cold(self) -> None:
        TemplateCatalogue.objects.all().delete()
        self._list()

    def _drift(self) -> None:
        assert self.many.get("drift/?now").status_code == 200

    def _bare_drift(self) -> None:
        found = [d.id for d in self.portal.documents.values() if d.entity_id == str(WITH_MANY)]
        method = "crm.documentgenerator.document.getfields"
        self._rest("batch", cmd={f"d{one}": f"{method}?id={one}" for one in found})

    def _form(self) -> Any:
        return self.tab.follow(self.tab.get(f"new/{OFFER}/"))

    def _generate(self) -> None:
        intent = self.tab.get(f"new/{OFFER}/").headers["Location"]
        assert self.tab.post(intent).status_code == 302

    def _event(self) -> None:
        """Each one is new: what is known is answered quicker still."""
        self.events += 1
        form = {
            "event": "ONCRMDOCUMENTGENERATORDOCUMENTUPDATE",
            "data[FIELDS][ID]": str(self.events),
            "data[FIELDS][ENTITY_TYPE_ID]": "2",
            "ts": "1795000000",
            "auth[member_id]": self.portal.member_id,
            "auth[application_token]": self.app.application_token,
        }
        path = f"{self.tab.base.removesuffix('deal/')}events/"
        kind = "application/x-www-form-urlencoded"
        assert Client().post(path, urlencode(form), content_type=kind).status_code == 200

    def _token(self) -> str:
        user = self.portal.users[BORIS]
        _, fields = applications.launch_fields(self.sandbox.state, self.portal, self.app, user)
        return fields["AUTH_ID"]

    def _rest(self, method: str, **params: object) -> None:
        body = {**params, "auth": self.token}
        self.session.post(f"{self.sandbox.url}/rest/{method}", json=body, timeout=20).json()

    def _bare_tab(self) -> None:
        self._rest("batch", cmd={
            "deal": f"crm.item.get?entityTypeId=2&id={DEAL}",
            "documents": "crm.documentgenerator.document.list?select%5B0%5D=%2A"
            f"&filter%5BentityTypeId%5D=2&filter%5BentityId%5D={DEAL}",
        })  # fmt: skip

    def _bare_cold(self) -> None:
        self._bare_tab()
        self._rest("batch", cmd={
            f"page{start}": f"crm.documentgenerator.template.list?start={start}"
            for start in (0, 50, 100, 150)
        })  # fmt: skip

    def _fields(self) -> None:
        self._rest("crm.item.get", entityTypeId=2, id=DEAL)
        self._rest(
            "crm.documentgenerator.template.getfields", id=OFFER, entityTypeId=2, entityId=DEAL
        )

    def _bare_add(self) -> None:
        self._fields()
        self._rest(
            "crm.documentgenerator.document.add",
            templateId=OFFER,
            entityTypeId=2,
            entityId=DEAL,
            stampsEnabled=0,
        )
