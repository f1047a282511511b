"""Docket as it stands after Anna has pressed Install, put back in an instant.

The stories of the installation go through its pages; every other test begins after it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone

from b24app.models import FrameSession, Person, Portal, TokenChain
from tests.sandbox.server import Sandbox
from tests.sandbox.world import Application, EventBinding, PlacementBinding, Token

ROWS: tuple[type[Model], ...] = (Portal, Person, TokenChain, FrameSession)


@dataclass
class Installed:
    """What an installation leaves behind, in the portal and in our database."""

    app: Application
    placements: list[PlacementBinding]
    events: list[EventBinding]
    tokens: dict[str, Token]
    rows: dict[type[Model], list[Model]]


def kept(sandbox: Sandbox, app: Application) -> Installed:
    """The installation in Anna's portal as it is now."""
    portal = sandbox.portal_one
    found = (app, portal.placements, portal.event_bindings, sandbox.state.tokens)
    rows = {model: list(model._default_manager.all()) for model in ROWS}
    return Installed(*copy.deepcopy(found), rows)


def put_back(installed: Installed, sandbox: Sandbox) -> Application:
    """Makes a portal as seeded, and an empty database, look as after that installation."""
    fresh = copy.deepcopy(installed)
    portal = sandbox.portal_one
    portal.applications[fresh.app.client_id] = fresh.app
    portal.placements, portal.event_bindings = fresh.placements, fresh.events
    for token in fresh.tokens.values():
        token.expires = sandbox.state.now() + timedelta(hours=1)
    sandbox.state.tokens.update(fresh.tokens)
    for model, rows in fresh.rows.items():
        model._default_manager.bulk_create(rows)
    TokenChain.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    return fresh.app
