"""Pictures: a drawing whose alternative text is a placeholder shows what the field holds."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from PIL import Image, UnidentifiedImageError

from tests.sandbox.generator.grammar import PLACEHOLDER
from tests.sandbox.generator.texts import Texts

PROPERTIES, DRAWING, BLIP = qn("wp:docPr"), qn("w:drawing"), qn("a:blip")
EXTENTS = (qn("wp:extent"), qn("a:ext"))


def alternative_texts(root: BaseOxmlElement) -> Iterator[str]:
    """Description and title of every drawing."""
    for properties in root.iter(PROPERTIES):
        yield properties.get("descr", "")
        yield properties.get("title", "")


def fill(part: XmlPart, root: BaseOxmlElement, texts: Texts, row: int | None = None) -> None:
    """Puts pictures into their drawings; a drawing without a picture goes away."""
    for properties in list(root.iter(PROPERTIES)):
        code = _code(properties)
        drawing = next(properties.iterancestors(DRAWING), None)
        if drawing is None or not code or (row is None and texts.list_of(code)):
            continue
        body = _printable(texts.picture(code, row))
        if body is None:
            drawing.getparent().remove(drawing)
            continue
        for name in ("descr", "title"):
            properties.attrib.pop(name, None)
        _show(part, drawing, body)


def number_anew(root: BaseOxmlElement) -> None:
    """Repeated drawings get ids of their own, as Word demands."""
    for number, properties in enumerate(root.iter(PROPERTIES), 1):
        properties.set("id", str(number))


def _code(properties: BaseOxmlElement) -> str:
    for name in ("descr", "title"):
        match = PLACEHOLDER.search(properties.get(name, ""))
        if match:
            return match["code"]
    return ""


def _printable(body: bytes | None) -> bytes | None:
    """The picture as JPEG or PNG; None for what is no picture."""
    if not body:
        return None
    try:
        with Image.open(BytesIO(body)) as image:
            if image.format in ("JPEG", "PNG"):
                return body
            result = BytesIO()
            image.save(result, "PNG")
            return result.getvalue()
    except (UnidentifiedImageError, OSError):
        return None


def _show(part: XmlPart, drawing: BaseOxmlElement, body: bytes) -> None:
    if not isinstance(part, StoryPart):
        return
    relation, _ = part.get_or_add_image(BytesIO(body))
    for blip in drawing.iter(BLIP):
        blip.set(qn("r:embed"), relation)
    with Image.open(BytesIO(body)) as image:
        width, height = image.size
    for extent in drawing.iter(*EXTENTS):
        _fit(extent, width / height)


def _fit(extent: BaseOxmlElement, ratio: float) -> None:
    """Keeps the box of the template and the shape of the picture."""
    if extent.get("cx") is None:
        return
    width, height = int(extent.get("cx")), int(extent.get("cy"))
    if width / height > ratio:
        extent.set("cx", str(round(height * ratio)))
    else:
        extent.set("cy", str(round(width / ratio)))
