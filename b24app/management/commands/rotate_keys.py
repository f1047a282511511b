"""After a new key was put first in DOCKET_TOKEN_KEYS: seals everything with it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from b24app.portals import keys


class Command(BaseCommand):
    help = "Seals every secret again with the newest of DOCKET_TOKEN_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = keys.rotate()
        self.stdout.write(f"{changed} values sealed again; older keys may be taken out now.")
