"""Does an answer have the shape of a sample: the same keys, JSON types and nesting?

A sample is a file of `tests/samples`; its README says how to write one. Values are not compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "samples"
Json = Any


@dataclass(frozen=True)
class Sample:
    """One page's answer. Paths are keys joined by dots; `*` stands for any key or list index."""

    page: str
    answer: Json
    optional: list[str] = field(default_factory=list)
    """What may be missing, or come although it is not in the answer."""
    other_types: Mapping[str, list[str]] = field(default_factory=dict)
    """What else a value may be, besides what it is in the answer."""
    keyed: list[str] = field(default_factory=list)
    """Objects whose keys are data: any keys, each value like one of the answer's."""
    note: str = ""

    @classmethod
    def named(cls, name: str) -> Sample:
        """Raises: FileNotFoundError, TypeError for an unknown key in the file."""
        return cls(**json.loads((FOLDER / f"{name}.json").read_text("utf-8")))

    def differences(self, answer: Json) -> list[str]:
        """What is not as in the sample, one line each; empty when all is."""
        return list(self._compare("", self.answer, answer))

    def _compare(self, path: str, wanted: Json, found: Json) -> Iterator[str]:
        kind = type_name(found)
        allowed = [type_name(wanted), *self._others(path)]
        if kind not in allowed:
            yield f"{path or 'answer'}: {kind} instead of {' or '.join(allowed)}"
        elif kind == type_name(wanted) == "object":
            keyed = any(fnmatchcase(path, pattern) for pattern in self.keyed)
            yield from (self._each if keyed else self._keys)(path, wanted, found)
        elif kind == type_name(wanted) == "list":
            entries = {f"#{index}": one for index, one in enumerate(wanted)}
            yield from self._each(path, entries, {str(i): one for i, one in enumerate(found)})

    def _keys(self, path: str, wanted: dict[str, Json], found: dict[str, Json]) -> Iterator[str]:
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            below = f"{path}.{key}" if path else key
            if key in wanted and key in found:
                yield from self._compare(below, wanted[key], found[key])
            elif not self._is_optional(below):
                yield f"{below}: {'missing' if key in wanted else 'not in the sample'}"
            elif key in found and (others := self._others(below)):
                kind = type_name(found[key])
                if kind not in others:
                    yield f"{below}: {kind} instead of {' or '.join(others)}"

    def _each(self, path: str, wanted: dict[str, Json], found: dict[str, Json]) -> Iterator[str]:
        """Each value like that of its key, else like any of the sample's."""
        if wanted and not found and not self._is_optional(f"{path}.*"):
            yield f"{path}: empty"
        for key, value in found.items() if wanted else ():
            likely = [wanted[key]] if key in wanted else wanted.values()
            yield from min(
                (list(self._compare(f"{path}.{key}", one, value)) for one in likely), key=len
            )

    def _is_optional(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.optional)

    def _others(self, path: str) -> list[str]:
        kinds = [kinds for pattern, kinds in self.other_types.items() if fnmatchcase(path, pattern)]
        return [kind for some in kinds for kind in some]


def type_name(value: Json) -> str:
    """The JSON type; whole and broken numbers are one type, as in JSON."""
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def sample_names() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.json"))
