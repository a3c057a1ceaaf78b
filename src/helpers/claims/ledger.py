"""The ledger: published, checkable statements and the results rows that stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from helpers.analysis.places import project_root
from helpers.analysis.results import TEXT

KINDS = (
    "design",
    "count",
    "proportion",
    "statistic",
    "p_value",
    "effect_size",
    "direction",
    "significance",
    "non_significance",
)
BASES = ("target", "arithmetic", "held_out", "inconsistent", "not_computable")
READS = ("value", "p", "p_adjusted", "n")
SIGNS = ("", "positive", "negative")
PRINTED = re.compile(r"[<>]? ?-?\d+(\.\d+)?")


class LedgerError(ValueError):
    """The ledger's file holds something that is not a claim."""


@dataclass(frozen=True)
class Claim:
    """One published statement.

    Attributes
    ----------
    id, kind, place, statement : str
        Identifier, one of :data:`KINDS`, where the paper says it, and what it says, in our words.
    printed : str
        The figure as printed, a string because its trailing zeros carry the rounding interval; ``< 0.05`` and
        ``> 0.05`` for statements of significance and non-significance.
    notebook : str
        The notebook whose rows answer.
    row : mapping
        Cells that single out the results row.
    read : str
        Which of the row's numbers is compared: ``value``, ``p``, ``p_adjusted`` or ``n``.
    sign : str
        Sign the row's value must have beside it, or empty.
    basis : str
        ``target`` (the synthetic cohort was made to meet it), ``arithmetic`` (follows from other printed figures),
        ``held_out`` (neither), ``inconsistent`` (another printed statement excludes it) or ``not_computable``.
    reason : str
        Why a statement is not computable or inconsistent, or which printed figures it follows from.
    """

    id: str
    kind: str
    place: str
    statement: str
    printed: str
    notebook: str
    row: Mapping[str, str]
    read: str = "value"
    sign: str = ""
    basis: str = "held_out"
    reason: str = ""


def load_ledger(name: str) -> tuple[Claim, ...]:
    """The claims of ``data/claims/<name>.yaml``, statements over lists expanded to one claim a member.

    Raises
    ------
    LedgerError
        An entry lacks a key, has an unknown one, or two claims share an identifier.
    """
    path = project_root() / "data" / "claims" / f"{name}.yaml"
    if not path.is_file():
        raise LedgerError(f"there is no ledger {name!r}; expected the file {path}, or `claims` null in the descriptor")
    return parse_ledger(path.read_text(encoding="utf-8"), path)


def parse_ledger(text: str, where: Path | str = "ledger") -> tuple[Claim, ...]:
    """The claims of a ledger's text; see :func:`load_ledger`."""
    try:
        entries = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise LedgerError(f"{where}: not readable as YAML: {error}") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LedgerError(f"{where}: expected a list of claims, each with its keys")
    claims = tuple(claim for entry in entries for claim in _expanded(entry, where))
    names = [claim.id for claim in claims]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LedgerError(f"{where}: two claims are called {', '.join(twice)}")
    return claims


def _expanded(entry: Mapping[str, Any], where) -> Iterator[Claim]:
    claim = _claim(entry, where)
    lists = {key: cell for key, cell in claim.row.items() if isinstance(cell, list)}
    if not lists:
        yield claim
        return
    for members in product(*lists.values()):
        chosen = dict(zip(lists, members, strict=True))
        label = ", ".join(members)
        row = {k: _filled(v, chosen) for k, v in {**claim.row, **chosen}.items()}
        yield replace(claim, id=f"{claim.id}:{'/'.join(members)}", statement=f"{claim.statement} ({label})", row=row)


def _filled(cell: str, chosen: Mapping[str, str]) -> str:
    """``{visit} - baseline`` with the member's visit."""
    return cell.format(**chosen)


def _claim(entry: Mapping[str, Any], where) -> Claim:
    try:
        claim = Claim(**entry)
    except TypeError as error:
        raise LedgerError(f"{where}, entry {entry.get('id', entry)!r}: {error}") from None
    if not isinstance(claim.printed, str):
        raise LedgerError(f"{where}, {claim.id}: `printed` must be quoted, as its trailing zeros matter")
    if not PRINTED.fullmatch(claim.printed):
        raise LedgerError(f"{where}, {claim.id}: printed {claim.printed!r}; expected a number, or < or > and a number")
    unknown = set(claim.row) - set(TEXT)
    if unknown:
        raise LedgerError(f"{where}, {claim.id}: results have no column {', '.join(sorted(unknown))}")
    for key, allowed in (("kind", KINDS), ("basis", BASES), ("read", READS), ("sign", SIGNS)):
        if getattr(claim, key) not in allowed:
            raise LedgerError(
                f"{where}, {claim.id}: {key} {getattr(claim, key)!r}; expected one of {', '.join(allowed)}"
            )
    if claim.basis in ("not_computable", "inconsistent") and not claim.reason:
        raise LedgerError(f"{where}, {claim.id}: {claim.basis.replace('_', ' ')}, but no reason is given")
    return claim
