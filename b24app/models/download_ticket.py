"""A link to one file, for one use, within a minute."""

from __future__ import annotations

from django.db import models

from b24app.models.frame_session import FrameSession
from b24app.models.snapshot import Snapshot
from b24app.models.template_file import TemplateFile


class DownloadTicket(models.Model):
    class Kind(models.TextChoices):
        PDF = "pdf"
        DOCX = "docx"
        CSV = "csv"
        """The story of a document, of the session's object, or of the whole portal."""

    token_hash = models.CharField(max_length=64, unique=True)
    session = models.ForeignKey(FrameSession, on_delete=models.CASCADE)
    document_id = models.PositiveBigIntegerField(null=True)
    """None for the story of all documents of the session's object, or of the portal."""
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, null=True)
    """The old version whose file it is; None for the file that Bitrix24 has now."""
    template_id = models.PositiveBigIntegerField(null=True)
    """The template whose file it is; only an administrator is given such a ticket."""
    template_file = models.ForeignKey(TemplateFile, on_delete=models.CASCADE, null=True)
    """An old file of that template; None for the one that Bitrix24 has now."""
    whole_portal = models.BooleanField(default=False)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    """The days of a story, both included; None without a border."""
    kind = models.CharField(max_length=8, choices=Kind.choices)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} of {self.document_id}"
