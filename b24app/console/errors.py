"""What can stand between an administrator and what the console shows, apart from Bitrix24's own."""

from __future__ import annotations


class ConsoleError(Exception):
    """About something that the console sets up."""


class NoSuchTemplate(ConsoleError):
    """The template is not there: deleted, or never was."""


class FileNotKept(ConsoleError):
    """That file of the template is not kept, or is no longer."""


class OldFileAway(ConsoleError):
    """The present file cannot be fetched, so it would be lost by replacing it."""


class NotFoundOut(ConsoleError):
    """The answer to a change was lost, and what is there now is not what was sent."""
