"""The container of a .docx, read strictly: every byte of it belongs to one entry at most.

The standard library's reader builds an object for each entry before anybody may count them, and
forgives entries that overlap. Format: PKWARE's APPNOTE, sections 4.3 and 4.4.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from b24app.docx.refusal import LARGEST_UNPACKED, MOST_ENTRIES, NotAccepted, Reason

_END: Final = struct.Struct("<4s4H2LH")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 1 << 0 | 1 << 6 | 1 << 13
_SIZES_FOLLOW: Final = 1 << 3
_STORED, _DEFLATED = 0, 8
_CHUNK: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One part. ``start`` and ``packed``: where its bytes are; ``size``: of it, unpacked."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    start: int


def entries(body: bytes) -> list[Entry]:
    """The parts of the container, none of them unpacked yet. Raises `NotAccepted`."""
    if not body.startswith(b"PK\x03\x04"):
        raise NotAccepted(Reason.NOT_WORD)
    end = _end(body)
    _, disk, first_disk, here, total, size, offset, _ = _END.unpack_from(body, end)
    if here > MOST_ENTRIES or total > MOST_ENTRIES:
        raise NotAccepted(Reason.TOO_MANY_PARTS)
    if disk or first_disk or here != total or offset + size != end:
        raise NotAccepted(Reason.DAMAGED)
    found = list(_central(body, offset, end, total))
    if sum(entry.size for entry in found) > LARGEST_UNPACKED:
        raise NotAccepted(Reason.UNPACKS_TOO_BIG)
    _check_names(found)
    _check_places(found, offset)
    return found


def _end(body: bytes) -> int:
    """Where the end record begins: it is the last thing in the file, its comment included."""
    end = body.rfind(b"PK\x05\x06", -_END.size - _LONGEST_COMMENT)
    if end < 0 or end + _END.size > len(body):
        raise NotAccepted(Reason.DAMAGED)
    comment: int = _END.unpack_from(body, end)[-1]
    if end + _END.size + comment != len(body):
        raise NotAccepted(Reason.DAMAGED)
    return end


def _central(body: bytes, offset: int, end: int, total: int) -> Iterator[Entry]:
    for _ in range(total):
        if offset + _CENTRAL.size > end:
            raise NotAccepted(Reason.DAMAGED)
        row = _CENTRAL.unpack_from(body, offset)
        signature, _, _, flags, method, _, _, crc, packed, size = row[:10]
        name_size, extra_size, comment_size, disk = row[10:14]
        local = row[16]
        if signature != b"PK\x01\x02" or disk:
            raise NotAccepted(Reason.DAMAGED)
        if flags & _ENCRYPTED:
            raise NotAccepted(Reason.ENCRYPTED)
        name_at = offset + _CENTRAL.size
        raw = body[name_at : name_at + name_size]
        told = (method, crc, packed, size)
        start = _start(body, local, raw, told, later=bool(flags & _SIZES_FOLLOW))
        yield Entry(_name(raw), method, crc, packed, size, local, start)
        offset = name_at + name_size + extra_size + comment_size
    if offset != end:
        raise NotAccepted(Reason.DAMAGED)


def _start(
    body: bytes, local: int, name: bytes, told: tuple[int, int, int, int], *, later: bool
) -> int:
    """Where the entry's own bytes begin. The header in front of them must say the same as the
    directory; ``later``: its checksum and sizes come after the bytes, and are 0 in it."""
    if local + _LOCAL.size > len(body):
        raise NotAccepted(Reason.DAMAGED)
    extra_size: int
    name_size: int
    signature, _, _, method, _, _, crc, packed, size, name_size, extra_size = _LOCAL.unpack_from(
        body, local
    )
    name_at = local + _LOCAL.size
    same = body[name_at : name_at + name_size] == name and method == told[0]
    same = same and (later or (method, crc, packed, size) == told)
    if signature != b"PK\x03\x04" or not same or method not in (_STORED, _DEFLATED):
        raise NotAccepted(Reason.DAMAGED)
    return name_at + name_size + extra_size


def _name(raw: bytes) -> str:
    """A part's name. Word writes ASCII; what steps out of the container has no business in it."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NotAccepted(Reason.DAMAGED) from None
    steps = name.rstrip("/").split("/")
    if not name or "\\" in name or "\0" in name or ":" in name or {"", ".", ".."} & set(steps):
        raise NotAccepted(Reason.DAMAGED)
    return name


def _check_names(found: list[Entry]) -> None:
    names = {entry.name.casefold() for entry in found}
    if len(names) != len(found):
        raise NotAccepted(Reason.DAMAGED)


def _check_places(found: list[Entry], end: int) -> None:
    """No two entries share a byte, and the first stands at the very beginning."""
    free = 0
    for entry in sorted(found, key=lambda entry: entry.offset):
        if entry.offset < free or (free == 0 and entry.offset != 0):
            raise NotAccepted(Reason.DAMAGED)
        free = entry.start + entry.packed
    if free > end:
        raise NotAccepted(Reason.DAMAGED)


def unpacked(body: bytes, entry: Entry) -> Iterator[bytes]:
    """The part in chunks, never more than it claims to be. Raises `NotAccepted`."""
    source = memoryview(body)[entry.start : entry.start + entry.packed]
    crc = size = 0
    for chunk in _stored(source) if entry.method == _STORED else _inflated(source):
        size += len(chunk)
        if size > entry.size:
            raise NotAccepted(Reason.UNPACKS_TOO_BIG)
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if size != entry.size or crc != entry.crc:
        raise NotAccepted(Reason.DAMAGED)


def _stored(source: memoryview) -> Iterator[bytes]:
    for start in range(0, len(source), _CHUNK):
        yield bytes(source[start : start + _CHUNK])


def _inflated(source: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _stored(source):
            while packed:
                yield inflater.decompress(packed, _CHUNK)
                packed = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error:
        raise NotAccepted(Reason.DAMAGED) from None
    if not inflater.eof or inflater.unused_data:
        raise NotAccepted(Reason.DAMAGED)
