"""Several people, or several tabs, at the same moment: one thread and one browser each."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection
from django.test import Client

from tests.integration.pages import Form
from tests.people import Frame

T = TypeVar("T")


def together(*acts: Callable[[], T]) -> list[T]:
    """Runs all at once; answers what each gave, in their order."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        try:
            start.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(60) for future in [pool.submit(run, act) for act in acts]]


def another_tab(form: Form) -> Form:
    """The same form in a browser of its own."""
    twin = copy.copy(form)
    twin.frame = another_browser(form.frame)
    twin.inputs = dict(form.inputs)
    return twin


def another_browser(frame: Frame) -> Frame:
    twin = copy.copy(frame)
    twin.client = Client(enforce_csrf_checks=True)
    return twin


def press(form: Form, **typed: Any) -> Callable[[], Any]:
    """Pressing Generate, to be done later."""
    return lambda: form.send(typed)
