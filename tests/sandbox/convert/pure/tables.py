"""Word tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Table

CellFlow = Callable[[_Cell, float], list[Flowable]]
KeepsWithNext = Callable[[Paragraph], bool]
SIDE_PADDING = 5.4
"""Word's own padding left and right of a cell's text, in points."""
EDGES = {"top": "LINEABOVE", "bottom": "LINEBELOW", "left": "LINEBEFORE", "right": "LINEAFTER"}
INNER = {"top": "insideH", "bottom": "insideH", "left": "insideV", "right": "insideV"}
PLACES = {"center": "CENTER", "right": "RIGHT", "end": "RIGHT"}
VALIGN = {"center": "MIDDLE", "bottom": "BOTTOM"}

Command = tuple[Any, ...]


def flow(
    table: WordTable, width: float, cell_flow: CellFlow, keeps: KeepsWithNext
) -> Flowable | None:
    """The table in a column so many points wide; None for a table without rows."""
    widths = _widths(table, width)
    rows = list(table.rows)
    if not rows or not widths:
        return None
    padding = _padding(table)
    commands: list[Command] = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_paddings(padding)]
    lines = {edge: _table_border(table, edge) for edge in (*EDGES, *INNER.values())}
    data: list[list[Any]] = []
    for number, row in enumerate(rows):
        cells: list[Any] = [""] * len(widths)
        column = 0
        for element in row._tr.tc_lst:
            if column >= len(widths):
                break
            span = min(element.grid_span, len(widths) - column)
            area = ((column, number), (column + span - 1, number))
            if element.vMerge != "continue":
                room = sum(widths[column : column + span]) - padding["left"] - padding["right"]
                cells[column] = cell_flow(_Cell(element, table), max(room, 1))
            if span > 1 and element.vMerge is None:
                commands.append(("SPAN", *area))
            commands += _shading(element, area) + _borders(
                lines, element, area, len(rows), len(widths)
            )
            column += span
        data.append(cells)
    commands += _vertical_spans(rows, len(widths)) + _kept_together(rows, keeps)
    return Table(
        data,
        colWidths=widths,
        style=commands,
        repeatRows=_heading_rows(rows),
        hAlign=_place(table),
        splitInRow=0,
    )


def _widths(table: WordTable, width: float) -> list[float]:
    widths = [column.width.pt if column.width else 0.0 for column in table.columns]
    known = sum(widths)
    missing = [index for index, one in enumerate(widths) if not one]
    for index in missing:
        widths[index] = max(width - known, 0) / len(missing) or width / len(widths)
    shrink = min(1.0, width / sum(widths)) if sum(widths) else 1.0
    return [one * shrink for one in widths]


def _padding(table: WordTable) -> dict[str, float]:
    padding = {"left": SIDE_PADDING, "right": SIDE_PADDING, "top": 0.0, "bottom": 0.0}
    properties = table._tbl.tblPr
    margins = None if properties is None else properties.find(qn("w:tblCellMar"))
    for side in padding:
        element = None if margins is None else margins.find(qn(f"w:{side}"))
        if element is not None:
            padding[side] = int(element.get(qn("w:w"), "0")) / 20
    return padding


def _paddings(padding: dict[str, float]) -> list[Command]:
    return [(f"{side.upper()}PADDING", (0, 0), (-1, -1), size) for side, size in padding.items()]


def _shading(cell: Any, area: tuple[Any, Any]) -> list[Command]:
    properties = cell.tcPr
    commands: list[Command] = []
    if properties is None:
        return commands
    shade = properties.find(qn("w:shd"))
    fill = shade.get(qn("w:fill")) if shade is not None else None
    if fill and fill != "auto":
        commands.append(("BACKGROUND", *area, HexColor(f"#{fill}")))
    place = properties.find(qn("w:vAlign"))
    if place is not None and place.get(qn("w:val")) in VALIGN:
        commands.append(("VALIGN", *area, VALIGN[place.get(qn("w:val"))]))
    return commands


def _borders(
    lines: dict[str, Any], cell: Any, area: tuple[Any, Any], rows: int, columns: int
) -> list[Command]:
    (left, row), (right, _) = area
    outer = {
        "top": row == 0,
        "bottom": row == rows - 1,
        "left": left == 0,
        "right": right == columns - 1,
    }
    commands: list[Command] = []
    for edge, command in EDGES.items():
        border = _own_border(cell, edge)
        if border is None:
            border = lines[edge if outer[edge] else INNER[edge]]
        if border is None or border.get(qn("w:val")) in (None, "nil", "none"):
            continue
        size = int(border.get(qn("w:sz"), "4")) / 8
        color = border.get(qn("w:color"), "auto")
        commands.append(
            (command, *area, size, HexColor("#000000" if color == "auto" else f"#{color}"))
        )
    return commands


def _own_border(cell: Any, edge: str) -> Any:
    borders = None if cell.tcPr is None else cell.tcPr.find(qn("w:tcBorders"))
    return None if borders is None else borders.find(qn(f"w:{edge}"))


def _table_border(table: WordTable, edge: str) -> Any:
    sources = [table._tbl.tblPr]
    style = table.style
    while style is not None:
        sources.append(style.element.find(qn("w:tblPr")))
        style = style.base_style
    for source in sources:
        borders = None if source is None else source.find(qn("w:tblBorders"))
        border = None if borders is None else borders.find(qn(f"w:{edge}"))
        if border is not None:
            return border
    return None


def _vertical_spans(rows: list[_Row], columns: int) -> list[Command]:
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    commands: list[Command] = []
    for number, row in enumerate(rows):
        column = 0
        for element in row._tr.tc_lst:
            if element.vMerge == "restart":
                starts[column] = number
            elif element.vMerge == "continue" and column in starts:
                ends[column] = number
            column += element.grid_span
    for column, end in ends.items():
        if column < columns and end > starts[column]:
            commands.append(("SPAN", (column, starts[column]), (column, end)))
    return commands


def _kept_together(rows: list[_Row], keeps: KeepsWithNext) -> list[Command]:
    """Rows that must not be parted from the next one, as Word reads their first paragraph."""
    return [
        ("NOSPLIT", (0, number), (-1, number + 1))
        for number, row in enumerate(rows[:-1])
        if row.cells and keeps(row.cells[0].paragraphs[0])
    ]


def _heading_rows(rows: list[_Row]) -> int:
    count = 0
    for row in rows:
        properties = row._tr.trPr
        if properties is None or properties.find(qn("w:tblHeader")) is None:
            break
        count += 1
    return count


def _place(table: WordTable) -> str:
    properties = table._tbl.tblPr
    place = None if properties is None else properties.find(qn("w:jc"))
    return PLACES.get(place.get(qn("w:val")), "LEFT") if place is not None else "LEFT"
