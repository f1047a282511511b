"""Time runs thirty times as fast: every wait of ours, and the portal's, is divided by the same."""

from __future__ import annotations

SPEED = 30.0


def apply() -> None:
    """Shortens the product's waits in this process, all by the same factor."""
    from django.conf import settings

    from b24app import tasks
    from b24app.bitrix import retry
    from b24app.bitrix.documentgenerator import documents
    from b24app.documents import generate, settle
    from b24app.portals import breaker

    documents.GENERATION_TIMEOUT /= SPEED  # type: ignore[misc]
    for module, name in (
        (generate, "FIRST_LOOK"),
        (generate, "BEGINS_WITHIN"),
        (generate, "STILL_SENDING"),
        (settle, "BEGINS_WITHIN"),
        (settle, "SENDING_LIFE"),
        (settle, "AGAIN"),
        (breaker, "FIRST_WAIT"),
        (breaker, "A_MINUTE"),
        (tasks, "AHEAD"),
    ):
        setattr(module, name, getattr(module, name) / SPEED)
    settings.QUIET_SECONDS /= SPEED
    settings.PDF_POLLS = [3600.0]  # not what this is about
    real = retry.with_jitter
    retry.with_jitter = lambda seconds, chance: real(seconds, chance) / SPEED
