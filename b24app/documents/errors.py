"""What can stand between a person and a document, apart from Bitrix24's own errors."""

from __future__ import annotations

from b24app.models import Intent


class DocumentError(Exception):
    """About a deal, a template or a document."""


class NoDeal(DocumentError):
    """The tab was opened without a deal: a new one that is not saved yet."""


class DealForbidden(DocumentError):
    """The person may not read the deal, or it is not there: Bitrix24 does not say which."""

    def __init__(self, name: str = "") -> None:
        super().__init__("deal forbidden")
        self.name = name


class DealGone(DealForbidden):
    """Bitrix24 says that there is no such deal."""


class TemplateNotOffered(DocumentError):
    """The template is gone, switched off, or not for this deal or this person."""


class TemplateGone(TemplateNotOffered):
    """It was deleted while its form was open."""


class TemplateWithdrawn(TemplateNotOffered):
    """It was switched off, or is not open to this person or for this deal any more."""


class TemplateDamaged(DocumentError):
    """Its file cannot be opened."""


class NotAmongThem(DocumentError):
    """The document that the person chose is not one of those that may be the intent's."""


class NoSuchDocument(DocumentError):
    """The document is not there, or belongs to another deal."""


class LinkBusy(DocumentError):
    """Somebody else is switching this public link at this moment."""


class NotEditable(DocumentError):
    """It was attached as a file, or its template is gone: Bitrix24 cannot make it anew."""


class ChangedMeanwhile(DocumentError):
    """What the form of an update was built on is no more so: it shows now what is.

    `by`: the id of who wrote another version, None where Bitrix24 names nobody. `rows`: no version
    was written, but other product rows would be printed than were shown.
    """

    def __init__(self, by: int | None = None, *, rows: bool = False) -> None:
        super().__init__("changed meanwhile")
        self.by = by
        self.rows = rows


class NoSuchVersion(DocumentError):
    """It was never read, or is no longer kept."""


class NoSuchForm(DocumentError):
    """The form is not there, or is somebody else's."""


class MakingAnother(DocumentError):
    """Another document from this template is being made in this deal; `rival` is its intent.

    Two at once are not sent: while an answer is looked for, it could not be said whose it is.
    """

    def __init__(self, rival: Intent) -> None:
        super().__init__("making another")
        self.rival = rival


class FieldsWrong(DocumentError):
    """What was typed cannot be sent; `problems` has a sentence for each input, by its name."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("fields wrong")
        self.problems = problems


class NoSuchErrand(DocumentError):
    """It was dropped, it is done, or it is somebody else's."""


class FileNotThere(DocumentError):
    """The file is not made yet, or the ticket for it was used or is too old."""
