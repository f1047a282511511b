"""A .docx as data: whether it is one that Docket passes on.

Nothing of it is ever run, merged or followed. No Django, no database, no network.
"""

from b24app.docx.accept import check
from b24app.docx.refusal import LARGEST, NotAccepted, Reason
from b24app.docx.text import text

__all__ = ["LARGEST", "NotAccepted", "Reason", "check", "text"]
