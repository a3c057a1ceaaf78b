"""Witness cohorts: what each reading's cohort meets, what it gives up, how far it has to go, and what else it shows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.claims import Claim
from helpers.claims.whole import ledger_of
from helpers.claims.witness import Reading, Witnesses
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import SPACE, number, p_value
from helpers.report.ledger import POSSIBLE, witnessed
from helpers.report.tables.claims import entry_statement, labels_of, stated
from helpers.report.words import NOTHING, face, not_applicable

NOT_HERE = "it is about cohorts made for the printed figures, and belongs to the bundled study alone."
# What a witness has to assume, as a reader knows it.
STRAINS = {
    "covariates_r2": "R² of mean MADRS on body mass index and education",
    "baseline_d": "d of MADRS at baseline, no pain − pain",
    "largest_d": "Largest |d| of MADRS",
    "largest_d_visit": "Its visit, baseline being 0",
    "correlation_madrs": "Correlation of two visits, MADRS",
    "correlation_vas": "Correlation of two visits, VAS",
    "correlation_sensory": "Correlation of two visits, sensory index",
    "correlation_affective": "Correlation of two visits, affective index",
    "correlation_ppi": "Correlation of two visits, PPI",
    "error_sd_ppi": "SD within a patient, PPI",
}
NONE_YET = TextExhibit("No witness cohort has been searched for yet.")


def readings(run, found: Witnesses) -> TableExhibit | TextExhibit:
    """The readings side by side: what is read how, and how many targets the witness of each meets."""
    if missing := _nothing(run, found.certificate):
        return missing
    lines = [[item.title, item.text, *_met(found.certificate, item)] for item in found.readings]
    frame = pd.DataFrame(lines, columns=["Reading", "What is read how", "Targets met", "Given up"])
    caption = f"The readings and their witness cohorts.{face(run)}"
    note = f"Targets: the checks a search aimed at. {POSSIBLE}"
    return table_exhibit(frame, "tab-witness-readings", caption, "llrr", note, wordy=True)


def _nothing(run, table: pd.DataFrame, said: bool = False) -> TextExhibit | None:
    """What stands where there is nothing to show: a sentence, or nothing where the section has said it before."""
    if witnessed(run) and not table.empty:
        return None
    return NOTHING if said else NONE_YET if witnessed(run) else not_applicable(NOT_HERE)


def _met(certificate: pd.DataFrame, reading: Reading) -> tuple[str, str]:
    """Targets met of how many, and how many checks the reading gives up."""
    part = certificate[certificate["reading"] == reading.name]
    if part.empty:
        return "–", "–"
    aimed = part[part["basis"] == "target"]
    left = part["claim"].str.partition(":")[0].isin(list(reading.gives_up))
    return f"{(aimed['met'] == 'yes').sum()} of {len(aimed)}", f"{left.sum()}"


def given_up(run, found: Witnesses) -> TableExhibit | TextExhibit:
    """The statements that readings give up, with the reason and the readings."""
    if missing := _nothing(run, found.certificate, said=True):
        return missing
    entries = {claim.id.partition(":")[0]: claim for claim in ledger_of(run)}
    titles: dict[tuple[str, str], list[str]] = {}
    for reading in found.readings:
        for entry, reason in reading.gives_up.items():
            titles.setdefault((entry, reason), []).append(reading.title)
    lines = [
        [
            _named(entries, entry),
            _printed(entries, entry),
            reason,
            "all" if len(who) == len(found.readings) else "; ".join(who),
        ]
        for (entry, reason), who in titles.items()
    ]
    if not lines:
        return TextExhibit("No reading gives up a statement.")
    frame = pd.DataFrame(lines, columns=["Statement", "Printed", "Why it is given up", "By the readings"])
    caption = f"Statements that a reading cannot keep beside the others.{face(run)}"
    return table_exhibit(frame, "tab-witness-given-up", caption, "lrll", wordy=True)


def _named(entries: Mapping[str, Claim], entry: str) -> str:
    return entry_statement(entries[entry]) if entry in entries else entry


def _printed(entries: Mapping[str, Claim], entry: str) -> str:
    return entries[entry].printed.replace(" ", SPACE) if entry in entries else "–"


def strain(run, found: Witnesses) -> TableExhibit | TextExhibit:
    """What a witness has to assume: each statistic's median and range over the seeds, a column a reading."""
    if missing := _nothing(run, found.strain, said=True):
        return missing
    shown = [item for item in found.readings if (found.strain["reading"] == item.name).any()]
    columns = {item.title: found.strain[found.strain["reading"] == item.name] for item in shown}
    statistics = list(dict.fromkeys(found.strain["statistic"]))
    lines = [[STRAINS.get(name, str(name)), *(_spread(part, name) for part in columns.values())] for name in statistics]
    frame = pd.DataFrame(lines, columns=["Assumption", *columns])
    seeds = found.strain.groupby("reading")["seed"].nunique()
    span = f"{seeds.min()}" if seeds.min() == seeds.max() else f"{seeds.min()} to {seeds.max()}"
    note = f"Median (smallest to largest) over {span} searches a reading, each from another seed."
    caption = f"What the witness cohorts have to assume.{face(run)}"
    return table_exhibit(frame, "tab-witness-strain", caption, "l" + "r" * len(columns), note, wordy=True)


def _spread(part: pd.DataFrame, statistic: str) -> str:
    values = part.loc[part["statistic"] == statistic, "value"].astype(float).dropna()
    if values.empty:
        return "–"
    places = 0 if (values == values.round()).all() else 2
    middle, low, high = (number(value, places) for value in (values.median(), values.min(), values.max()))
    return middle if low == high else f"{middle} ({low} to {high})"


def certificate(run, found: Witnesses) -> TableExhibit | TextExhibit:
    """The default reading's witness: each target with its printed and its attained figure, lists in one line."""
    if missing := _nothing(run, found.certificate):
        return missing
    first = found.readings[0]
    part = found.certificate[found.certificate["reading"] == first.name]
    if part.empty:
        return NONE_YET
    claims, labels = {claim.id: claim for claim in ledger_of(run)}, labels_of(run.study)
    lines = [_certified(group, claims, labels) for group in _grouped(part)]
    frame = pd.DataFrame(lines, columns=["Statement", "Checks", "Printed", "Attained", "Met", "Why not"])
    caption = f"The witness of the reading “{first.title}”: what it aimed at and what it attained.{face(run)}"
    note = f"A list’s members that are met share a line. {POSSIBLE}"
    return table_exhibit(frame, "tab-witness", caption, "lrrrll", note, wordy=True)


def _grouped(part: pd.DataFrame) -> list[pd.DataFrame]:
    """Targets of one entry that are met together; one that is not met alone."""
    entry = part["claim"].str.partition(":")[0]
    key = [name if met == "yes" else claim for name, claim, met in zip(entry, part["claim"], part["met"], strict=True)]
    return [group for _, group in part.groupby(pd.Series(key, index=part.index), sort=False)]


def _certified(group: pd.DataFrame, claims: Mapping[str, Claim], labels: Mapping[str, str]) -> list[str]:
    first = group.iloc[0]
    claim = claims.get(first["claim"])
    statement = (
        first["claim"] if claim is None else stated(claim, labels) if len(group) == 1 else entry_statement(claim)
    )
    cells = [f"{len(group)}", first["printed"].replace(" ", SPACE), _range(group["attained"], first["printed"])]
    return [statement, *cells, first["met"], "" if first["met"] == "yes" else first["reason"] or "–"]


def _range(attained: pd.Series, printed: str) -> str:
    """The attained figures of a line, one or the smallest to the largest, with a digit more than is printed."""
    values = pd.to_numeric(attained, errors="coerce").dropna().sort_values()
    ends = [] if values.empty else [values.iloc[0], values.iloc[-1]]
    if printed[0] in "<>":
        return " to ".join(dict.fromkeys(map(p_value, ends))) or "–"
    decimals = len(printed.partition(".")[2])
    places = decimals + 1 if decimals else 0
    return " to ".join(dict.fromkeys(_seen(value, places) for value in ends)) or "–"


def _seen(value: float, places: int) -> str:
    """A number with so many places; one too small to show in them is said to be below the last."""
    small = places > 0 and 0 < value < 0.5 * 10.0**-places
    return f"<{SPACE}{number(10.0**-places, places)}" if small else number(value, places)


def held_out(run, found: Witnesses) -> TableExhibit | TextExhibit:
    """Claims that no search saw, by entry of the ledger: in how many seeds each reading's cohorts show them."""
    if missing := _nothing(run, found.held_out, said=True):
        return missing
    table = found.held_out.assign(entry=found.held_out["claim"].str.partition(":")[0])
    entries = {claim.id.partition(":")[0]: claim for claim in ledger_of(run)}
    shown = [item for item in found.readings if (table["reading"] == item.name).any()]
    lines = [
        [
            _named(entries, entry),
            str(part["claim"].nunique()),
            *(_shared(part[part["reading"] == r.name]) for r in shown),
        ]
        for entry, part in table.groupby("entry", sort=False)
    ]
    frame = pd.DataFrame(lines, columns=["Statement", "Checks", *(item.title for item in shown)])
    note = (
        "A single check: in how many of the searches it is met. A list: how many of its checks all searches show / "
        f"some / none. {POSSIBLE}"
    )
    caption = f"What the searches did not see: claims held out.{face(run)}"
    return table_exhibit(frame, "tab-witness-held-out", caption, "lr" + "r" * len(shown), note, wordy=True)


def _shared(part: pd.DataFrame) -> str:
    """``17 of 20`` for one check; ``12 / 3 / 1`` (all, some, none of the seeds) for several."""
    met, seeds = part["met"].astype(float), part["seeds"].astype(float)
    if len(part) <= 1:
        return f"{met.iloc[0]:.0f} of {seeds.iloc[0]:.0f}" if len(part) else "–"
    every, none = int((met == seeds).sum()), int((met == 0).sum())
    return f"{every} / {len(part) - every - none} / {none}"
