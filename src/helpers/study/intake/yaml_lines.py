"""YAML with the line of every key, and without YAML's surprises: ``no`` is a word, ``1`` as a key is a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from helpers.study.intake.errors import MappingError
from helpers.study.yaml_text import YamlTextError, reading, refuse_aliases

Lines = dict[tuple[str, ...], int]


class _Loader(yaml.SafeLoader):
    """Only ``true`` and ``false`` are booleans; dates stay text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith((":bool", ":timestamp", ":merge"))]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_with_lines(text: str, where: str) -> tuple[Any, Lines]:
    """A YAML document, and the line on which each of its keys and items stands.

    Raises
    ------
    MappingError
        Not YAML, or a key stands twice in one place.

    Examples
    --------
    >>> load_with_lines("a:\\n  no: 1\\n", "mapping.yaml")
    ({'a': {'no': 1}}, {('a',): 1, ('a', 'no'): 2})
    """
    try:
        refuse_aliases(text)
        document, lines, problems = reading(lambda: _read(text))
    except YamlTextError as error:
        place = f"line {error.line}: " if error.line else ""
        what = error.what.removeprefix("not readable as YAML: ")
        raise MappingError(where, [f"{place}not YAML ({what})"]) from None
    if problems:
        raise MappingError(where, problems)
    return document, lines


def _read(text: str) -> tuple[Any, Lines, list[str]]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: Lines = {}
        problems = [*_walk(node, (), lines)] if node else []
        return (_value(loader, node) if node else None), lines, problems
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: tuple[str, ...], lines: Lines) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here, line = (*path, str(key.value)), key.start_mark.line + 1
            if here in lines:
                yield f"line {line}: {'.'.join(here)} stands here a second time (first on line {lines[here]})"
            lines[here] = line
            yield from _walk(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            lines[(*path, str(place))] = item.start_mark.line + 1
            yield from _walk(item, (*path, str(place)), lines)


def _value(loader: _Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(loader, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item) for item in node.value]
    return loader.construct_object(node)


def line_of(lines: Lines, path: tuple[str, ...]) -> int:
    """The line of a key, or of the nearest key that holds it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
