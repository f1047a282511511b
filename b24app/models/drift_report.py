"""How a version of a document differs from its CRM object, as we last found it."""

from __future__ import annotations

from typing import Any

from django.db import models

from b24app.models.portal import Portal
from b24app.models.snapshot import Snapshot
from b24app.sealing import seal_json, unseal_json


class DriftReport(models.Model):
    """One row a version, erased with it. `found` counts what differs, so lists open no seal."""

    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="drift_reports")
    snapshot = models.OneToOneField(Snapshot, on_delete=models.CASCADE, related_name="drift")
    checked_at = models.DateTimeField()
    user_id = models.PositiveBigIntegerField()
    """Whose token read the CRM: others see no values that they may not read themselves."""
    found = models.PositiveIntegerField(default=0)
    findings_sealed = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"drift of snapshot {self.snapshot_id}: {self.found}"

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Maps of `documents.drift.Finding`."""
        return list(unseal_json(self.findings_sealed, self._place)) if self.findings_sealed else []

    @findings.setter
    def findings(self, value: list[dict[str, Any]]) -> None:
        self.findings_sealed = seal_json(value, self._place) if value else b""
        self.found = len(value)

    def places(self) -> dict[str, str]:
        """The sealed columns, each with the place it is sealed for."""
        return {"findings_sealed": self._place}

    @property
    def _place(self) -> str:
        return f"drift:{self.portal_id}:{self.snapshot_id}"
