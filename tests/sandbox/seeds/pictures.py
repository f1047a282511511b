"""Logos, stamps and signatures, drawn: PNG with a transparent ground."""

from __future__ import annotations

import math
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int, int]
NAVY: Color = (22, 50, 79, 255)
BLUE: Color = (31, 78, 160, 215)
INK: Color = (24, 46, 120, 255)
OVERSAMPLING = 3


@cache
def logo(name: str, accent: str) -> bytes:
    """A mark of three beams and the name beside it."""
    high = 96 * OVERSAMPLING
    font = ImageFont.load_default(58 * OVERSAMPLING)
    wide = round(high * 1.25 + font.getlength(name))
    image, draw = _ground(wide, high)
    unit = high / 8
    for beam, (left, top) in enumerate([(0.5, 4.5), (2.7, 2.5), (4.9, 0.5)]):
        box = (left * unit, top * unit, (left + 1.8) * unit, 7.5 * unit)
        draw.rounded_rectangle(box, unit * 0.35, fill=accent if beam == 2 else NAVY)
    draw.text((high * 1.08, high * 0.5), name, NAVY, font, anchor="lm")
    return _png(image)


@cache
def stamp(ring: str, middle: tuple[str, ...]) -> bytes:
    """A round company stamp: the name around, some lines inside."""
    size = 300 * OVERSAMPLING
    image, draw = _ground(size, size)
    center = size / 2
    for radius, width in ((0.485, 7), (0.455, 3), (0.31, 3)):
        box = (center - radius * size, center - radius * size)
        draw.ellipse(
            (*box, center + radius * size, center + radius * size),
            outline=BLUE,
            width=width * OVERSAMPLING,
        )
    font = ImageFont.load_default(29 * OVERSAMPLING)
    step = min(2 * math.pi / max(len(ring), 1), 0.2)
    for position, letter in enumerate(ring):
        angle = (position - (len(ring) - 1) / 2) * step
        _letter(image, letter, font, center, size * 0.382, angle)
    small = ImageFont.load_default(26 * OVERSAMPLING)
    for number, line in enumerate(middle):
        high = center + (number - (len(middle) - 1) / 2) * 34 * OVERSAMPLING
        draw.text((center, high), line, BLUE, small, anchor="mm")
    return _png(image.rotate(-8, Image.Resampling.BICUBIC))


@cache
def signature(seed: int) -> bytes:
    """A quick hand in blue ink; each seed writes otherwise, always the same."""
    wide, high = 360 * OVERSAMPLING, 120 * OVERSAMPLING
    image, draw = _ground(wide, high)
    points = []
    for step in range(260):
        along = step / 259
        fade = 1 - along * 0.75
        wave = math.sin(along * (17 + seed % 5) + seed) * 0.3 * fade
        wave += math.sin(along * (41 + seed % 7)) * 0.12 * fade
        back = math.sin(along * 26 + seed) * 0.035
        points.append((wide * (0.06 + 0.86 * along + back), high * (0.52 - wave + along * 0.08)))
    draw.line(points, fill=INK, width=4 * OVERSAMPLING, joint="curve")
    tail = [(wide * 0.2, high * 0.84), (wide * 0.55, high * 0.78), (wide * 0.93, high * 0.7)]
    draw.line(tail, fill=INK, width=3 * OVERSAMPLING, joint="curve")
    return _png(image)


def _ground(wide: int, high: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (wide, high), (255, 255, 255, 0))
    return image, ImageDraw.Draw(image)


def _letter(
    image: Image.Image,
    letter: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    center: float,
    radius: float,
    angle: float,
) -> None:
    side = 44 * OVERSAMPLING
    tile, draw = _ground(side, side)
    draw.text((side / 2, side / 2), letter, BLUE, font, anchor="mm")
    turned = tile.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
    at = (
        round(center + radius * math.sin(angle) - side / 2),
        round(center - radius * math.cos(angle) - side / 2),
    )
    image.alpha_composite(turned, at)


def _png(image: Image.Image) -> bytes:
    small = (image.width // OVERSAMPLING, image.height // OVERSAMPLING)
    result = BytesIO()
    image.resize(small, Image.Resampling.LANCZOS).save(result, "PNG")
    return result.getvalue()
