"""The place in a page where an application's frame goes."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tests.sandbox.applications import DEFAULT_PLACEMENT
from tests.sandbox.pages.launch import Launch, binding_key, configuration
from tests.sandbox.pages.markup import fill, json_attribute
from tests.sandbox.pages.visit import Visit
from tests.sandbox.world import Application, PlacementBinding


def frame(visit: Visit, launch: Launch) -> Markup:
    """A frame that opens with the page."""
    return fill(
        "frame",
        name=launch.app.name,
        config=json_attribute(configuration(visit, launch)),
        classes=" app-frame-layout-default" if launch.placement == DEFAULT_PLACEMENT else "",
    )


def lazy_frame(app: Application, binding: PlacementBinding, options: dict[str, Any]) -> Markup:
    """A frame that opens when its tab is shown first."""
    return fill(
        "lazy_frame",
        name=app.name,
        launch=json_attribute(launch_call(binding, options)),
        classes="",
    )


def launch_call(binding: PlacementBinding, options: dict[str, Any]) -> dict[str, Any]:
    """What the page sends to have this place opened."""
    return {
        "app": binding.client_id,
        "placement": binding.placement,
        "binding": binding_key(binding),
        "options": options,
    }
