"""The page of the functions that the notebooks call: what each says of itself, its code, and where it is shown."""

from __future__ import annotations

import inspect
import textwrap
from collections import defaultdict
from collections.abc import Iterable

from docutils.nodes import make_id

from helpers.cli.provenance.calls import function_at
from helpers.cli.provenance.origins import Origin, place_of
from helpers.report.markdown import escaped

OPENING = """\
# Functions behind the book

The functions that the notebooks call, as they ran: first those that compute, then those that write a sentence or draw a
figure or table. Each entry has the code itself; its module holds what it calls in turn.
"""
ROOMS = ("analysis", "claims", "report")
NAMES = {"analysis": "What is computed", "claims": "The ledger", "report": "What is shown"}


def label_of(name: str) -> str:
    """The label of a function's entry.

    >>> label_of("helpers.analysis.change.mediation")
    'function-analysis-change-mediation'
    """
    return f"function-{make_id(name.removeprefix('helpers.'))}"


def functions_page(origins: Iterable[Origin]) -> str:
    """The page (Markdown), of all functions that the figures, tables and sentences name."""
    shown = _places(origins)
    parts = [OPENING]
    for room in ROOMS:
        names = sorted(name for name in shown if name.split(".")[1] == room)
        parts += [f"## {NAMES[room]}", *(_entry(name, shown[name]) for name in names)] if names else []
    return "\n\n".join(parts) + "\n"


def _places(origins: Iterable[Origin]) -> dict[str, list[str]]:
    """By function, links to what rests on it."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for origin in origins:
        for name in (origin.source, *origin.behind):
            found[name][_link(origin)] = None
    return {name: list(links) for name, links in found.items()}


def _link(origin: Origin) -> str:
    match origin.kind:
        case "page":
            return f"{{doc}}`{origin.chapter}`"
        case "text":
            return f"[{escaped(origin.section)}]({place_of(origin)})"
        case "listing":
            return f"{{ref}}`{escaped(origin.section)} <{origin.name}>`"
    return f"{{numref}}`{origin.name}`"


def _entry(name: str, places: list[str]) -> str:
    function = function_at(name)
    code = textwrap.dedent(inspect.getsource(function)).rstrip()
    module, _, last = name.removeprefix("helpers.").rpartition(".")
    return "\n\n".join([
        f"({label_of(name)})=\n### {escaped(last)}",
        f"In `{module}`; behind {', '.join(places)}.",
        f"``````{{code-block}} python\n{code}\n``````",
    ])  # fmt: skip
