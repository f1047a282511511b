"""Every failure in a person's words: what happened, what it means, what to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from b24app.bitrix import errors as bitrix
from b24app.bitrix.crm import DEAL
from b24app.console import errors as console
from b24app.documents import errors as documents
from b24app.portals import errors as portals
from b24app.web.wording import FORMS, Forms


@dataclass(frozen=True)
class Trouble:
    """One failure in a person's words; `retry` offers to try the same again.

    Texts that name the deal, lead or invoice are `Forms` until `about` has chosen one.
    """

    title: Any
    text: Any
    todo: Any = ""
    icon: str = "plug"
    tone: str = "t-warn"
    status: int = 502
    retry: bool = True

    def about(self, entity_type_id: int) -> Trouble:
        """The same, in the words for one type of CRM object."""

        def chosen(text: Any) -> Any:
            return text.of(entity_type_id) if isinstance(text, Forms) else text

        return replace(
            self, title=chosen(self.title), text=chosen(self.text), todo=chosen(self.todo)
        )


SILENT = Trouble(
    lazy("Bitrix24 is not answering"),
    lazy("Nothing is lost. What is being made is finished as soon as Bitrix24 is back."),
    lazy("Try again in a minute."),
    status=503,
)
BUSY = Trouble(
    lazy("Bitrix24 is busy"),
    lazy("This portal has used up the requests it may make for now."),
    lazy("Wait a minute, then try again."),
    icon="clock",
    status=503,
)
ENDED = Trouble(
    lazy("Docket is no longer connected to this portal"),
    lazy("Bitrix24 does not accept the key that Docket was given."),
    lazy("Ask an administrator to open the application Docket in Bitrix24 and press Reconnect."),
    icon="key",
    tone="t-stop",
    status=409,
    retry=False,
)
DEAL_GONE = Trouble(
    FORMS["gone"],
    lazy("Bitrix24 says that it was deleted. Nothing was made from it."),
    lazy("Documents made before stay in Bitrix24’s own list of documents."),
    icon="file",
    tone="",
    status=404,
    retry=False,
)
REMOVED = Trouble(
    lazy("Docket is not installed in this portal"),
    lazy("The application was removed, or its installation is not finished."),
    lazy("Ask an administrator to open Docket under Applications and press Install."),
    icon="plug",
    tone="t-stop",
    status=409,
    retry=False,
)

KNOWN: dict[type[Exception], Trouble] = {
    bitrix.NotReached: SILENT,
    bitrix.AnswerLost: SILENT,
    bitrix.QueryLimit: BUSY,
    bitrix.OperationTimeLimit: BUSY,
    bitrix.Overloaded: BUSY,
    bitrix.GrantInvalid: ENDED,
    bitrix.WrongClient: ENDED,
    portals.Disconnected: ENDED,
    bitrix.ApplicationGone: REMOVED,
    portals.NotInstalled: REMOVED,
    bitrix.PortalGone: Trouble(
        lazy("This portal is closed"),
        lazy("Bitrix24 says that the portal is deleted or switched off."),
        icon="plug",
        tone="t-stop",
        status=409,
        retry=False,
    ),
    bitrix.PortalMoved: Trouble(
        lazy("This portal has a new address"),
        lazy("Bitrix24 answers under another name than before."),
        lazy("Open the portal at its new address and open this tab there."),
        status=409,
    ),
    bitrix.ForbiddenAddress: Trouble(
        lazy("Docket may not call this portal’s address"),
        lazy("It is not a public https address, so nothing was sent there."),
        lazy("Ask whoever runs Docket to list the address, if the portal stands in your network."),
        icon="lock",
        tone="t-stop",
        status=409,
        retry=False,
    ),
    bitrix.ScopeMissing: Trouble(
        lazy("Docket lacks a right in this portal"),
        lazy("The application was registered without a right that this needs."),
        lazy("Ask an administrator to tick “crm” and “placement” in the application’s card."),
        icon="key",
        tone="t-stop",
        status=409,
    ),
    bitrix.UserNotAllowed: Trouble(
        lazy("You may not use this application"),
        lazy("Bitrix24 does not open Docket to you."),
        lazy("Ask an administrator to add you in the application’s rights."),
        icon="lock",
        tone="t-stop",
        status=403,
    ),
    bitrix.PaymentRequired: Trouble(
        lazy("The portal’s plan has ended"),
        lazy("Bitrix24 lets no application work until the plan is renewed."),
        lazy("Nothing is lost meanwhile. Ask whoever looks after your Bitrix24 plan."),
        icon="lock",
        tone="t-stop",
        status=402,
    ),
    bitrix.LimitReached: Trouble(
        lazy("The portal’s plan allows no more documents"),
        lazy("Bitrix24 counts the documents of each plan, and this one is full."),
        lazy("Ask an administrator to raise the plan or to delete documents."),
        icon="file",
        tone="t-stop",
        status=409,
        retry=False,
    ),
    bitrix.AccessDenied: Trouble(
        lazy("Bitrix24 does not allow this"),
        lazy("Your rights in Bitrix24 do not cover it."),
        FORMS["ask_to_work"],
        icon="lock",
        tone="",
        status=403,
    ),
    bitrix.Refused: Trouble(
        lazy("Bitrix24 said no"),
        lazy("The portal refused this step. Its own words stand under Details."),
        FORMS["check_both"],
        icon="x",
        tone="t-stop",
        status=409,
    ),
    portals.VerifierSilent: Trouble(
        lazy("Bitrix24’s sign-in service is not answering"),
        lazy("Docket cannot confirm who you are, so it shows nothing."),
        lazy("Try again in a minute."),
        icon="key",
        status=503,
    ),
    portals.EntryRefused: Trouble(
        lazy("This page was not opened by Bitrix24"),
        lazy("The request does not prove which portal and which person it comes from."),
        lazy("Go back to Bitrix24 and open the tab Documents again."),
        icon="lock",
        tone="t-stop",
        status=403,
        retry=False,
    ),
    portals.ConsentRefused: Trouble(
        lazy("Docket was not connected again"),
        lazy("Bitrix24’s consent came too late, or it was used already."),
        lazy("Open the application Docket in Bitrix24 and press Reconnect again."),
        icon="key",
        tone="t-stop",
        status=403,
        retry=False,
    ),
    portals.LaunchMalformed: Trouble(
        lazy("This page was not opened by Bitrix24"),
        lazy("Something that Bitrix24 always sends is missing or damaged."),
        lazy("Go back to Bitrix24 and open the tab Documents again."),
        icon="lock",
        tone="t-stop",
        status=400,
        retry=False,
    ),
    portals.TooMany: Trouble(
        lazy("Too many openings in a short time"),
        lazy("Docket lets nobody in from here for a minute."),
        lazy("Wait a minute, then open the tab again."),
        icon="clock",
        status=429,
    ),
    documents.NoDeal: Trouble(
        FORMS["not_saved"],
        FORMS["made_from"],
        FORMS["save_first"],
        icon="file",
        tone="",
        status=409,
        retry=False,
    ),
    documents.LinkBusy: Trouble(
        lazy("Somebody is switching this link right now"),
        lazy("Two people at once would leave open which of them won, so nothing was sent."),
        lazy("Look again in a minute: the page then shows how the link is."),
        icon="clock",
        status=409,
    ),
    documents.TemplateNotOffered: Trouble(
        lazy("This template is not offered any more"),
        FORMS["not_offered"],
        lazy("Go back and pick another one."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.TemplateGone: Trouble(
        lazy("This template was deleted meanwhile"),
        lazy("Bitrix24 makes no document from it any more. No number was used."),
        lazy("Go back and pick another one."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.TemplateWithdrawn: Trouble(
        lazy("You may not use this template any more"),
        FORMS["withdrawn"],
        lazy("Ask an administrator to open it to you, or pick another one."),
        icon="lock",
        tone="",
        status=403,
        retry=False,
    ),
    documents.TemplateDamaged: Trouble(
        lazy("The file of this template is damaged"),
        lazy("Bitrix24 cannot open it, so no document can be made from it."),
        lazy("Ask an administrator to upload the template again, or pick another one."),
        icon="file",
        tone="t-stop",
        status=409,
        retry=False,
    ),
    documents.NotAmongThem: Trouble(
        lazy("That document is not there any more"),
        lazy("It was deleted, or it belongs to somebody else’s form."),
        lazy("Look at the documents again."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.NoSuchDocument: Trouble(
        FORMS["document_gone"],
        FORMS["of_another"],
        lazy("Go back to the documents."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.NoSuchVersion: Trouble(
        lazy("That version cannot be restored"),
        lazy("Docket has not read its values, or no longer keeps them."),
        lazy("Look at the versions again, and choose another one."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.NotEditable: Trouble(
        lazy("This document cannot be edited"),
        lazy(
            "It was attached as a finished file, or the template it was made from is deleted: "
            "Bitrix24 has nothing to make it from again."
        ),
        lazy("Make or attach a new one, then delete this one if it is not needed."),
        icon="file",
        tone="",
        status=409,
        retry=False,
    ),
    documents.NoSuchForm: Trouble(
        lazy("This form is not kept any more"),
        lazy("Forms that nobody sends are kept for two days."),
        lazy("Go back and pick the template again."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.NoSuchErrand: Trouble(
        lazy("This is not planned any more"),
        lazy("It was done or dropped meanwhile, or a colleague has planned it."),
        lazy("Go back to the document: it shows what is planned now."),
        icon="file",
        status=404,
        retry=False,
    ),
    documents.FileNotThere: Trouble(
        lazy("This file cannot be opened now"),
        lazy("The link was used already or is older than a minute, or the file is not made yet."),
        lazy("Go back to the tab and press the button again."),
        icon="file",
        status=410,
        retry=False,
    ),
    console.NoSuchTemplate: Trouble(
        lazy("This template is not there any more"),
        lazy("It was deleted in Bitrix24, or it never was in this portal."),
        lazy("Look at the list of templates again."),
        icon="file",
        status=404,
        retry=False,
    ),
    console.FileNotKept: Trouble(
        lazy("That file is not kept any more"),
        lazy("Docket keeps the last 20 files that a template had."),
        lazy("Open the template again and choose another one."),
        icon="file",
        status=404,
        retry=False,
    ),
    console.OldFileAway: Trouble(
        lazy("The present file of this template cannot be read"),
        lazy("Bitrix24 does not give it, or it is no Word file. Nothing was changed."),
        lazy("Without it there is nothing to compare with, and nothing to go back to."),
        icon="file",
        status=409,
        retry=False,
    ),
    console.NotFoundOut: Trouble(
        lazy("The change was not made"),
        lazy("Bitrix24 did not answer. Docket looked: the template is as it was before."),
        lazy("Try again in a minute."),
        status=409,
        retry=False,
    ),
}


def trouble_of(error: Exception, entity_type_id: int = DEAL) -> Trouble | None:
    """The words for an exception: its own, or its nearest ancestor's. None: not ours to explain.

    `entity_type_id`: of the CRM object that the page is about.
    """
    if isinstance(error, portals.NotAdministrator):
        return _not_administrator(error)
    if isinstance(error, portals.ScopesMissing):
        return _scopes_missing(error)
    if isinstance(error, documents.DealGone):
        return DEAL_GONE.about(entity_type_id)
    if isinstance(error, documents.DealForbidden):
        return _deal_forbidden(error, entity_type_id).about(entity_type_id)
    for ancestor in type(error).__mro__:
        if ancestor in KNOWN:
            return KNOWN[ancestor].about(entity_type_id)
    return None


def _not_administrator(error: portals.NotAdministrator) -> Trouble:
    return Trouble(
        _("Only an administrator can do this"),
        _("You are signed in as %(name)s.") % {"name": error.name} if error.name else "",
        _("Send this page to one of your administrators."),
        icon="lock",
        tone="t-stop",
        status=403,
        retry=False,
    )


def _scopes_missing(error: portals.ScopesMissing) -> Trouble:
    missing = ", ".join(error.missing)
    return Trouble(
        _("A right is missing: %(scope)s") % {"scope": missing},
        _("Without it the tab cannot be added."),
        _(
            "In Applications, Developer resources, open Docket, tick “crm” and “placement”, "
            "save, and come back."
        ),
        icon="key",
        tone="t-stop",
        status=409,
    )


def _deal_forbidden(error: documents.DealForbidden, entity_type_id: int) -> Trouble:
    return Trouble(
        FORMS["forbidden"],
        FORMS["may_not_read"].of(entity_type_id) % {"name": error.name or _("this account")},
        FORMS["ask_for_right"],
        icon="lock",
        tone="",
        status=403,
    )


def details_of(error: Exception) -> str:
    """What an administrator may want to know; never anything that was sent."""
    if isinstance(error, bitrix.BitrixError):
        parts = [str(error), error.description]
        return ": ".join(part for part in parts if part)
    return ""


TOO_BIG = Trouble(
    lazy("This is too much at once"),
    lazy("The request is larger than Docket accepts. Nothing of it was kept."),
    lazy("Shorten what you typed, then try again."),
    icon="x",
    tone="t-stop",
    status=413,
    retry=False,
)
STORAGE = Trouble(
    lazy("Docket cannot reach its own storage"),
    lazy("What Bitrix24 has made is not lost: Docket finds it when its storage is back."),
    lazy("Try again in a minute. If it comes back, tell whoever runs Docket."),
    icon="clock",
    status=503,
)
UNEXPECTED = Trouble(
    lazy("Docket made a mistake"),
    lazy("This should not happen, and it was noted. Nothing was sent to Bitrix24 twice."),
    lazy("Try again. If it comes back, tell your administrator when it happened."),
    icon="x",
    tone="t-stop",
    status=500,
)
