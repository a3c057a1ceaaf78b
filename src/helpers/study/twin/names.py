"""Identifiers for people who do not exist."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from helpers.study.descriptor import Descriptor, Field

from .errors import TwinError


def new_identifiers(descriptor: Descriptor, real: Sequence[str], count: int) -> list[str]:
    """``count`` identifiers that the descriptor allows and that no participant of the study has.

    The first form that does is taken: ``T001 …``, the study's own letters before a number of one digit more, or
    starting at 9 in the same width, or plain numbers.

    Raises
    ------
    TwinError
        None of the forms is allowed everywhere the identifier stands.
    """
    fields = [f for r in descriptor.resources for f in r.fields if f.name == descriptor.roles.identifier]
    taken = set(map(str, real))
    for names in _forms(list(taken), count):
        if not taken.intersection(names) and all(_allowed(name, field) for field in fields for name in names):
            return names
    forms = sorted({str(f.constraints["pattern"]) for f in fields if "pattern" in f.constraints})
    expected = f" (the descriptor asks for {', '.join(forms)})" if forms else ""
    raise TwinError(
        descriptor.name,
        [f"no new identifiers fit the column {descriptor.roles.identifier}{expected}; allow names like T001"],
    )


def _forms(real: list[str], count: int):
    prefix = "".join(
        c[0] for c in takewhile(lambda c: len(set(c)) == 1 and not c[0].isdigit(), zip(*real, strict=False))
    )
    width = max(3, len(str(count)))
    longest = max((len(name) - len(prefix) for name in real), default=width)
    for start, size, first in (
        ("T", width, 1),
        (prefix, longest, 10**longest + 1),
        (prefix, longest, 9 * 10 ** (longest - 1) + 1),
    ):
        yield [f"{start}{first + n:0{size}d}" for n in range(count)]
    yield [f"{prefix}{first:0{longest}d}" for first in range(10**longest - count, 10**longest)]
    yield [str(10**longest + n + 1) for n in range(count)]


def _allowed(name: str, field: Field) -> bool:
    limits = field.constraints
    if "enum" in limits or not re.fullmatch(f"(?:{limits.get('pattern', '.*')})", name):
        return False
    if field.type == "string":
        return True
    return name.isdigit() and limits.get("minimum", 0) <= int(name) <= limits.get("maximum", float("inf"))
