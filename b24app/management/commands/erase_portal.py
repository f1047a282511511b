"""Deletes all that Docket keeps of a portal."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from b24app.models import Portal
from b24app.portals import farewell


class Command(BaseCommand):
    help = "Deletes every row of a portal: tokens, sessions, forms, records, logs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the portal, e.g. https://acme.bitrix24.de")
        parser.add_argument("--yes", action="store_true", help="without asking")

    def handle(self, *args: Any, **options: Any) -> None:
        portal = Portal.objects.filter(address=options["address"].rstrip("/")).first()
        if portal is None:
            raise CommandError("there is no such portal")
        if not options["yes"] and input(f"Erase {portal.address}? Type its address: ") != (
            portal.address
        ):
            raise CommandError("nothing was erased")
        rows = farewell.erase(portal)
        self.stdout.write(f"{rows} rows of {options['address']} erased.")
