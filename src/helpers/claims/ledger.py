"""The ledger: published, checkable statements and the results rows that stand beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from helpers.analysis.places import project_root
from helpers.claims.schema import allowed, problems
from helpers.study.yaml_text import YamlTextError, parse_yaml

MOST = 10_000  # claims of one entry; more is a mistake in its lists
KINDS, BASES, READS, SIGNS = map(allowed, ("kind", "basis", "read", "sign"))


class LedgerError(ValueError):
    """The ledger's file holds something that is not a claim."""


@dataclass(frozen=True)
class Claim:
    """One published statement, or an entry of the ledger that states the same of every member of its lists.

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
        Cells that single out the results row; in an entry a cell may be a list.
    read : str
        Which of the row's numbers is compared: ``value``, ``p``, ``p_adjusted`` or ``n``.
    sign : str
        Sign the row's value must have beside it, or empty.
    basis : str
        ``target`` (the synthetic cohort was made to meet it), ``arithmetic`` (follows from other printed figures),
        ``held_out`` (neither), ``inconsistent`` (another printed statement excludes it) or ``not_computable``.
    reason : str
        Why a statement is not computable or inconsistent, or which printed figures it follows from.
    test : str
        The test or estimate that the statement rests on, or empty.
    sided : str
        ``two`` or ``one`` where a p value is compared, else empty. F and chi-square are called two-sided, as they ask
        for a difference in either direction.
    """

    id: str
    kind: str
    place: str
    statement: str
    printed: str
    notebook: str
    row: Mapping[str, Any]
    read: str = "value"
    sign: str = ""
    basis: str = "held_out"
    reason: str = ""
    test: str = ""
    sided: str = ""


def load_ledger(name: str) -> tuple[Claim, ...]:
    """The claims of ``data/claims/<name>.yaml``, statements over lists expanded to one claim a member.

    Raises
    ------
    LedgerError
        An entry does not follow ``ledger.schema.json``, or two claims share an identifier.

    Examples
    --------
    >>> claim = load_ledger("zhou2021")[0]
    >>> claim.id, claim.printed
    ('n-pain', '33')
    """
    return claims_of(load_entries(name))


def load_entries(name: str) -> tuple[Claim, ...]:
    """The entries of ``data/claims/<name>.yaml`` as they are written, lists and all; see :func:`load_ledger`.

    >>> next(entry.row["contrast"] for entry in load_entries("zhou2021") if entry.id == "model-significant")
    ['group', 'time', 'interaction']
    """
    path = project_root() / "data" / "claims" / f"{name}.yaml"
    if not path.is_file():
        raise LedgerError(f"there is no ledger {name!r}; expected the file {path}, or `claims` null in the descriptor")
    try:
        return parse_entries(path.read_text(encoding="utf-8"), path)
    except UnicodeDecodeError:
        raise LedgerError(f"{path}: not text in UTF-8; save it in that encoding") from None


def parse_ledger(text: str, where: Path | str = "ledger") -> tuple[Claim, ...]:
    """The claims of a ledger's text; see :func:`load_ledger`."""
    return claims_of(parse_entries(text, where), where)


def parse_entries(text: str, where: Path | str = "ledger") -> tuple[Claim, ...]:
    """The entries of a ledger's text; see :func:`load_entries`."""
    try:
        entries = parse_yaml(text) or []
    except YamlTextError as error:
        raise LedgerError(f"{where}: {error}") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise LedgerError(f"{where}: expected a list of claims, each with its keys")
    wrong = [f"{where}, entry {entry.get('id', entry)!r}: {text}" for entry in entries for text in problems(entry)]
    if wrong:
        raise LedgerError("\n".join(wrong))
    return tuple(Claim(**entry) for entry in entries)


def claims_of(entries: Iterable[Claim], where: Path | str = "ledger") -> tuple[Claim, ...]:
    """The claims of entries, one for each member of their lists.

    Raises
    ------
    LedgerError
        Two claims share an identifier.

    Examples
    --------
    >>> entry = Claim("falls", "direction", "Results", "Below", "< 0.05", "02_efficacy", {"visit": ["v1", "v2"]})
    >>> [(claim.id, claim.statement) for claim in claims_of([entry])]
    [('falls:v1', 'Below (v1)'), ('falls:v2', 'Below (v2)')]
    """
    entries = tuple(entries)
    many = [entry.id for entry in entries if _members(entry) > MOST]
    if many:
        raise LedgerError(f"{where}: {', '.join(many)} stands for more than {MOST:,} claims; shorten its lists")
    claims = tuple(claim for entry in entries for claim in expanded(entry))
    twice = sorted(name for name, number in Counter(claim.id for claim in claims).items() if number > 1)
    if twice:
        raise LedgerError(f"{where}: two claims are called {', '.join(twice)}")
    return claims


def _members(entry: Claim) -> int:
    return prod(len(cell) for cell in entry.row.values() if isinstance(cell, list))


def expanded(entry: Claim) -> Iterator[Claim]:
    """One claim for each member of the lists in an entry's row; see :func:`claims_of`.

    >>> entry = Claim("n", "count", "Methods", "Patients", "66", "01_cohort", {"analysis": "flow"})
    >>> next(expanded(entry)) == entry
    True
    """
    lists = {key: cell for key, cell in entry.row.items() if isinstance(cell, list)}
    if not lists:
        yield entry
        return
    for members in product(*lists.values()):
        chosen = dict(zip(lists, members, strict=True))
        label = ", ".join(members)
        row = {k: _filled(v, chosen) for k, v in {**entry.row, **chosen}.items()}
        yield replace(entry, id=f"{entry.id}:{'/'.join(members)}", statement=f"{entry.statement} ({label})", row=row)


def _filled(cell: str, chosen: Mapping[str, str]) -> str:
    """``{visit} - baseline`` with the member's visit; other braces are text."""
    for key, member in chosen.items():
        cell = cell.replace(f"{{{key}}}", member)
    return cell
