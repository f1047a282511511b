"""Registers the local application of one portal.

Bitrix24 wants the addresses before it gives out the id and the key, so this is called twice:
first with the address alone, then with the id; the key is read from standard input or the
environment, never from the command line, where every user of the machine could see it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from b24app import environment
from b24app.models import Portal
from b24app.portals import install, registration


class Command(BaseCommand):
    help = "Tells the addresses for a portal's local application; keeps its id and key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the portal, e.g. https://acme.bitrix24.de")
        parser.add_argument("--client-id", help="the application's id (local.…), once it is known")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            portal = registration.reserve(options["address"])
            if options["client_id"]:
                registration.register(portal, options["client_id"], _secret())
                self.stdout.write("Registered. Open the application in Bitrix24 and press Install.")
                return
        except ValueError as error:
            raise CommandError(str(error)) from error
        self._tell(portal)

    def _tell(self, portal: Portal) -> None:
        self.stdout.write(
            f"In {portal.address}: Applications, Developer resources, Other, Local application.\n"
            f"  Handler address:  {install.address(portal, '')}\n"
            f"  Install address:  {install.address(portal, 'install/')}\n"
            f"  Rights:           {', '.join(install.SCOPES)}\n"
            "Save it there, then run this again with --client-id and the key on standard input\n"
            "(or in DOCKET_LOCAL_SECRET)."
        )


def _secret() -> str:
    secret = environment.text("DOCKET_LOCAL_SECRET")
    if secret:
        return secret
    if sys.stdin.isatty():
        return getpass("Application key: ").strip()
    return sys.stdin.readline().strip()
