"""From a laboratory's tables and their mapping to the tidy tables of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.study.intake.cells import code_mask
from helpers.study.intake.gather import (
    STRUCTURE,
    Sources,
    cell_lines,
    cells_at_visits,
    open_sources,
    row_problems,
    stop_at,
)
from helpers.study.intake.mapping import StudyMapping
from helpers.study.intake.people import participants, typed, written
from helpers.study.intake.samples import Samples, analyte_samples, reading_summary
from helpers.study.intake.source import Table, canonical


@dataclass(frozen=True, eq=False)
class Converted:
    """The tables of a study as text, ready to be written, and what is worth saying about them.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        ``participants``, ``assessments``, ``analytes``; ``below_limit``, ``replicates``, ``events`` if there are any.
    visits : mapping of str to list of str
        For each outcome, and for ``analytes``, the visits at which it is measured.
    notes : tuple of str
        What was left out or averaged, for the person who converts.
    """

    tables: Mapping[str, pd.DataFrame]
    visits: Mapping[str, list[str]]
    notes: tuple[str, ...]


def convert(mapping: StudyMapping, tables: Sequence[Table]) -> Converted:
    """Make the study's tables.

    Raises
    ------
    MappingError
        The mapping names what the files do not have.
    SourceError
        Cells that do not fit the mapping, all of them at once, by file, column, row and participant.
    """
    sources = open_sources(mapping, tables)
    stop_at(mapping.where, row_problems(sources))
    people, problems, notes = participants(sources)
    known = set(people["id"])
    outcomes, wrong = _outcomes(sources)
    problems += wrong
    samples: dict[str, Samples] = {}
    for name, spec in mapping["analytes"].items():
        samples[name], wrong = analyte_samples(sources, name, spec)
        problems += wrong
    events, wrong = _events(sources)
    stop_at(mapping.where, problems + wrong)
    order = {name: place for place, name in enumerate(people["id"])}
    made = {
        "participants": people,
        "assessments": _ordered(_wide(outcomes), known, order, mapping.visits),
        "analytes": _ordered(_wide({n: s.table.rename(columns={"value": n}) for n, s in samples.items()}, "limit"),
                             known, order, mapping.visits),
        "below_limit": _ordered(_below(samples), known, order, mapping.visits),
        "replicates": reading_summary(samples),
        "events": _ordered(events, known, order, []),
    }  # fmt: skip
    kept = {name: _text(frame) for name, frame in made.items() if len(frame) or name in ("assessments", "analytes")}
    stop_at(mapping.where, [*_empty(kept, mapping)])
    planned = {name: _planned(spec, frame, mapping.visits) for (name, spec), frame in
               zip(mapping["outcomes"].items(), outcomes.values(), strict=True)}  # fmt: skip
    planned["analytes"] = [v for v in mapping.visits if (made["analytes"]["visit"] == v).any()]
    return Converted(kept, planned, tuple(notes + _notes(sources, made)))


def _outcomes(sources: Sources) -> tuple[dict[str, pd.DataFrame], list[str]]:
    found, problems = {}, []
    for name, spec in sources.mapping["outcomes"].items():
        cells = cells_at_visits(sources, spec["from"])
        cells = cells[~code_mask(cells["text"], map(str, spec.get("missing", ())))].reset_index(drop=True)
        values, wrong = typed(sources, cells, {"type": "number", **spec})
        twice = cells.duplicated(["id", "visit"])
        problems += wrong + cell_lines(sources, cells, twice, "a second value for the visit; expected one")
        found[name] = cells[["id", "visit"]].assign(**{name: values})[~twice]
    return found, problems


def _events(sources: Sources) -> tuple[pd.DataFrame, list[str]]:
    """One row a participant and exposure: ``id``, the number of the exposure, 0 or 1."""
    parts, problems = [], []
    for name, spec in sources.mapping["events"].items():
        values = {canonical(code): str(value) for code, value in spec["values"].items()}
        cells = cells_at_visits(sources, spec["from"])
        cells = cells[~code_mask(cells["text"], map(str, spec.get("missing", ())))]
        text = cells["text"].map(lambda cell, known=values: known.get(canonical(cell)))
        problems += cell_lines(
            sources, cells, text.isna(), "a value that is not under values in the mapping; add it there"
        )
        unit = spec.get("unit") or "exposure"
        parts.append(pd.DataFrame({"id": cells["id"], unit: cells["visit"].astype(int), name: text}))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"id": []})
    return frame, problems


def _wide(parts: Mapping[str, pd.DataFrame], *dropped: str) -> pd.DataFrame:
    """Variables side by side, one row a participant and visit that has any."""
    indexed = [part.drop(columns=list(dropped)).set_index(["id", "visit"]) for part in parts.values()]
    # A copy is one block: hundreds of columns, each on its own, would make every later step slow.
    return pd.concat(indexed, axis=1).copy().reset_index() if indexed else pd.DataFrame({"id": [], "visit": []})


def _below(samples: Mapping[str, Samples]) -> pd.DataFrame:
    """The cells below the limit: ``id, visit, analyte, limit``."""
    parts = [s.table[s.table["limit"].notna()].assign(analyte=name) for name, s in samples.items()]
    return pd.concat(parts, ignore_index=True)[["id", "visit", "analyte", "limit"]]


def _ordered(frame: pd.DataFrame, known: set[str], order: Mapping[str, int], visits: list[str]) -> pd.DataFrame:
    """Rows of participants that are kept, in the order of the participants and of the visits."""
    frame = frame[frame["id"].isin(known)]
    places = frame["id"].map(order).astype("float64")
    second = frame["visit"].map(visits.index) if "visit" in frame and len(frame) else frame.iloc[:, 1:2].squeeze(axis=1)
    keys = pd.DataFrame({"who": places, "when": second if len(frame) else places})
    return frame.loc[keys.sort_values(["who", "when"], kind="stable").index].reset_index(drop=True)


def _text(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = frame.select_dtypes("number").columns
    return frame.assign(**{name: frame[name].map(written, na_action="ignore").astype("string") for name in numbers})


def _empty(tables: Mapping[str, pd.DataFrame], mapping: StudyMapping) -> list[str]:
    """A study needs someone in both groups, assessed and sampled."""
    names = {"assessments": "outcomes", "analytes": "analytes"}
    found = [f"{names[name]}: no value at any visit" for name in names if tables[name].empty]
    groups = tables["participants"]["group"]
    return found + [
        f"group.compared: nobody is in {name!r}" for name in mapping["group"]["compared"] if not (groups == name).any()
    ]


def _planned(spec: Mapping[str, Any], frame: pd.DataFrame, visits: list[str]) -> list[str]:
    named = spec.get("visits") or (list(spec["from"]) if isinstance(spec["from"], Mapping) else [])
    return [v for v in visits if (v in named if named else (frame["visit"] == v).any())]


def _notes(sources: Sources, made: Mapping[str, pd.DataFrame]) -> list[str]:
    notes = []
    below, readings = made["below_limit"], made["replicates"]
    if len(below):
        counts = below["analyte"].value_counts()
        listed = _first(f"{name} {count}" for name, count in counts.items())
        notes.append(f"below the detection limit, {len(below)} values: {listed}")
    if len(readings):
        cvs = _first(f"{r.analyte} {r.cv_rms:.1f} %" for r in readings.itertuples())
        notes.append(f"readings averaged; CV (root mean square): {cvs}")
        mixed = int(readings["fewer"].sum())
        notes += (
            [f"{mixed} samples had a reading below the limit beside one above: the mean is of those above"]
            if mixed
            else []
        )
    return notes + _unused(sources)


def _first(parts: Iterable[str], most: int = 40) -> str:
    """Parts of a sentence; of very many the first, and how many more there are."""
    found = list(parts)
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")


def _unused(sources: Sources) -> list[str]:
    """Columns of the files that the mapping does not name at all, which a newer file may have."""
    from helpers.study.intake.gather import named_columns

    structural = {
        f"{alias}:{entry[key]}" for alias, entry in sources.mapping.tables.items()
        for key in STRUCTURE if entry.get(key)
    }  # fmt: skip
    named = {ref for _, ref in named_columns(sources.mapping)} | set(sources.mapping["ignored"])
    full = {f"{t.alias}:{c}": (c if len(sources.tables) == 1 else f"{t.alias}:{c}") for t in sources.tables.values()
            for c in (*t.frame.columns, *sources.analytes.get(t.alias, ()))}  # fmt: skip
    left = [ref for key, ref in full.items() if key not in structural and ref not in named]
    return [f"not in the mapping, and not used: {', '.join(left)}"] if left else []
