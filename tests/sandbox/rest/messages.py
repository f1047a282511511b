"""Error texts in the portal's language.

Nobody may match on these texts: they differ between portals and builds. Where a text has no
translation here, every other language shows the English one in guillemets, which is enough to
break whoever compares texts.
"""

from __future__ import annotations

GERMAN = {
    "Access denied": "Zugriff verweigert",
    "Document not found": "Dokument nicht gefunden",
    "Template not found": "Vorlage nicht gefunden",
    "You do not have permissions to modify templates": (
        "Sie haben keine Berechtigung, Vorlagen zu ändern"
    ),
    "You do not have permissions to view documents": (
        "Sie haben keine Berechtigung, Dokumente anzuzeigen"
    ),
    "You do not have permissions to modify documents": (
        "Sie haben keine Berechtigung, Dokumente zu ändern"
    ),
    "You do not have permissions to create document on this template": (
        "Sie haben keine Berechtigung, Dokumente mit dieser Vorlage zu erstellen"
    ),
    "Maximum count of documents has been reached": "Maximale Anzahl der Dokumente ist erreicht",
    "You do not have permissions to modify settings": (
        "Sie haben keine Berechtigung, Einstellungen zu ändern"
    ),
    "Your plan does not support this operation": "Ihr Tarif unterstützt diesen Vorgang nicht",
    "Module documentgenerator is not installed": "Modul documentgenerator ist nicht installiert",
    "Region not found": "Region nicht gefunden",
    "There are templates linked to this region": "Es gibt Vorlagen für diese Region",
    "Insufficient permissions to save the document": (
        "Unzureichende Berechtigung, das Dokument zu speichern"
    ),
    "Inventory accounting is not available on your plan": (
        "Bestandsverwaltung ist in Ihrem Tarif nicht verfügbar"
    ),
    "Inventory accounting must be enabled to conduct the document": (
        "Um das Dokument zu buchen, muss die Bestandsverwaltung aktiviert sein"
    ),
    "Error cancelling document conduct: Document has not been conducted yet": (
        "Fehler beim Stornieren: Das Dokument wurde noch nicht gebucht"
    ),
    "Document conducting error: Supplier not specified": (
        "Fehler beim Buchen: Lieferant nicht angegeben"
    ),
    "Element not found": "Element nicht gefunden",
    "You do not have permission to view this item": (
        "Sie haben keine Berechtigung, dieses Element anzuzeigen"
    ),
    "Too many requests": "Zu viele Anfragen",
    "Method not found!": "Methode nicht gefunden!",
    "The access token provided has expired.": "Das Zugriffstoken ist abgelaufen.",
    "Cannot create document on deleted template": (
        "Aus einer gelöschten Vorlage kann kein Dokument erstellt werden"
    ),
}


def localized(text: str, language: str) -> str:
    """The text as a portal in this language shows it."""
    if language == "en":
        return text
    return GERMAN.get(text, f"«{text}»") if language == "de" else f"«{text}»"
