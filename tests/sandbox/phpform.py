"""Forms as PHP reads and writes them: `a[b][]=1` is a list in a map.

https://www.php.net/manual/en/faq.html.php (arrays in forms), https://www.php.net/parse_str
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

KEY = re.compile(r"\[([^\]]*)\]")


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Nests `("a[b]", 1)` into `{"a": {"b": 1}}`; maps with keys 0, 1, 2… become lists."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, _ = name.partition("[")
        keys = [head, *KEY.findall(name)] if bracket and "]" in name else [name]
        _put(root, keys, value)
    return {key: listed(value) for key, value in root.items()}


def parse(query: str) -> dict[str, Any]:
    """A query string or form body, nested."""
    return nested(parse_qsl(query, keep_blank_values=True))


def _put(node: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        below = node.get(key or _next_index(node))
        if not isinstance(below, dict):
            below = {}
            node[key or _next_index(node)] = below
        node = below
    node[keys[-1] or _next_index(node)] = value


def _next_index(node: dict[str, Any]) -> str:
    return str(max((int(key) for key in node if key.isdigit()), default=-1) + 1)


def listed(value: Any) -> Any:
    """As PHP writes its arrays in JSON: keys 0, 1, 2… in order make a list, none an empty one."""
    if not isinstance(value, dict):
        return value
    inner = {key: listed(item) for key, item in value.items()}
    if list(inner) == [str(index) for index in range(len(inner))]:
        return list(inner.values())
    return inner


def flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """The opposite of `nested`: pairs for a form. All values become text, None is left out."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [
            pair
            for key, item in items
            for pair in flat(item, f"{prefix}[{key}]" if prefix else str(key))
        ]
    if value is None:
        return []
    return [(prefix, ("1" if value else "0") if isinstance(value, bool) else str(value))]
