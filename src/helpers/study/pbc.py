"""The Mayo Clinic trial in primary biliary cirrhosis, put into the shape of a study folder.

``python -m helpers.study.pbc data/pbc`` makes every file of ``data/pbc`` but its README and its source table.
Murtaugh et al. 1994, Hepatology 20:126-134; the table is ``pbcseq`` of the R package survival.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from string import Template

import pandas as pd

TEMPLATE = Path(__file__).with_name("pbc.json")
SOURCE = Path("source", "pbcseq.csv")
FILES = {"participants": "participants.csv", "assessments": "laboratory.csv", "analytes": "analytes.csv"}

# A quarter of a year: the widest whole number of days at which the windows of months 6 and 12 stay apart.
WINDOW = 91

OUTCOMES = {"bili": "bilirubin", "alk.phos": "alkaline_phosphatase", "edema": "edema"}
ANALYTES = {"chol": "cholesterol", "albumin": "albumin", "ast": "ast", "platelet": "platelets"}
ANALYTES |= {"protime": "prothrombin_time"}
YES_NO = {0: "no", 1: "yes"}
CODES = {
    "trt": {1: "d_penicillamine", 0: "placebo"},
    "sex": {"f": "female", "m": "male"},
    "ascites": YES_NO,
    "hepato": YES_NO,
    "spiders": YES_NO,
    "edema": {0: "none", 0.5: "untreated_or_resolved", 1: "despite_diuretics"},
    "stage": {1: "I", 2: "II", 3: "III", 4: "IV"},
    "status": {0: "censored", 1: "transplanted", 2: "dead"},
}
PARTICIPANTS = {"trt": "group", "hepato": "hepatomegaly", "edema": "edema_at_entry", "futime": "follow_up_days"}


def protocol_days() -> dict[str, float]:
    """Protocol visits and the day each is due, in order; the first is the baseline.

    >>> protocol_days()["month_24"]
    730
    """
    return {visit["name"]: visit["day"] for visit in _roles()["visits"]}


def windows() -> dict[str, tuple[float, float]]:
    """First and last day that may stand for each visit: day 0 alone for the baseline, else within ``WINDOW`` days.

    >>> windows()["month_12"]
    (274, 456)
    """
    first, *later = protocol_days().items()
    return {first[0]: (first[1], first[1])} | {name: (day - WINDOW, day + WINDOW) for name, day in later}


def assign_visits(day: pd.Series) -> pd.Series:
    """Name of the protocol visit whose window holds each day, missing for a day in none.

    >>> assign_visits(pd.Series([0, 40, 300])).tolist()
    ['baseline', nan, 'month_12']
    """
    names = pd.Series(float("nan"), index=day.index, dtype=object)
    for name, (first, last) in windows().items():
        names[day.between(first, last)] = name
    return names


def select_visits(source: pd.DataFrame) -> pd.DataFrame:
    """The source's rows that stand for protocol visits, with the column ``visit`` added.

    Among a participant's rows in one window the nearest to the protocol day is kept, the earlier one when two are
    equally near. Order: participant, then visit.
    """
    rows = source.assign(visit=assign_visits(source["day"])).dropna(subset="visit")
    distance = (rows["day"] - rows["visit"].map(protocol_days()).astype(float)).abs()
    nearest = rows.assign(distance=distance).sort_values(["id", "distance", "day"], kind="stable")
    return nearest.drop_duplicates(["id", "visit"]).sort_values(["id", "day"]).drop(columns="distance")


def make_tables(source: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The study's tables.

    Parameters
    ----------
    source : DataFrame
        ``pbcseq`` as R's ``write.csv`` wrote it: one row a participant and recorded visit.

    Returns
    -------
    dict of DataFrame
        ``participants`` (one row each), ``assessments`` and ``analytes`` (one row a participant and visit), with the
        columns that the descriptor lists.
    """
    selected = select_visits(source)
    visits = selected.rename(columns=OUTCOMES | ANALYTES).assign(id=_identifiers(selected["id"]))
    sampled = visits[visits["visit"].isin(_roles()["analytes"]["visits"])]
    return {
        "participants": _participants(source[source["day"] == 0]),
        "assessments": visits[["id", "visit", "day", *OUTCOMES.values()]].reset_index(drop=True),
        "analytes": sampled[["id", "visit", *ANALYTES.values()]].reset_index(drop=True),
    }


def make_descriptor(source: pd.DataFrame) -> str:
    """Text of ``datapackage.json``: the template beside this module with the counts of ``source`` filled in."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(counts(source))


def counts(source: pd.DataFrame) -> dict[str, int]:
    """What became of the recorded visits: used, in a window but further from its day, in no window."""
    used, assigned = select_visits(source), assign_visits(source["day"])
    month_6 = used[used["visit"] == "month_6"]
    closes = max(last for _, last in windows().values())
    table = attendance(source)
    last, year = table.loc["month_36"], table.loc["month_12"]
    return {
        "participants": source["id"].nunique(),
        **table.loc["baseline", "seen"].to_dict(),
        "ended_36": int(last["ended"].sum()),
        "absent_36": int(last["absent"].sum()),
        **{f"absent_12_{arm}": int(number) for arm, number in year["absent"].items()},
        "window": WINDOW,
        "visits": len(source),
        "kept": len(used),
        "further": int(assigned.notna().sum()) - len(used),
        "outside": int(assigned.isna().sum()),
        "late": int((source["day"] > closes).sum()),
        "kept_month_6": len(month_6),
        "cholesterol_month_6": int(month_6["chol"].notna().sum()),
    }


def attendance(source: pd.DataFrame) -> pd.DataFrame:
    """Participants by visit and group: ``seen`` in the window; ``ended``, dead, transplanted or censored before it
    opened; ``absent``, still followed but without a visit in it. They add up to the group.
    """
    entry = source[source["day"] == 0].set_index("id").rename(columns=PARTICIPANTS).replace({"group": CODES["trt"]})
    used = select_visits(source)
    rows = {}
    for visit, (opens, _) in windows().items():
        seen = entry.index.isin(used.loc[used["visit"] == visit, "id"])
        ended = ~seen & (entry["follow_up_days"] < opens)
        state = ended.map({True: "ended", False: "absent"}).mask(seen, "seen")
        for group, states in state.groupby(entry["group"]):
            rows[visit, group] = {name: int((states == name).sum()) for name in ("seen", "ended", "absent")}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["visit", "group"])


def write_study(folder: str | Path, source: str | Path | None = None) -> Path:
    """Write the study folder, the whole of it or nothing; the same bytes each time.

    Parameters
    ----------
    folder : path
        Made if missing. Its other files, the README among them, stay as they are.
    source : path, optional
        The source table; by default the one in the folder itself. A copy is kept under ``source/``.

    Raises
    ------
    FileNotFoundError
        There is no source table.
    """
    folder = Path(folder).resolve()
    source = Path(source) if source else folder / SOURCE
    frame = pd.read_csv(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as scratch:
        staged = Path(scratch, "new")
        if folder.exists():
            shutil.copytree(folder, staged)
        _write_files(frame, source, staged)
        _swap(staged, folder, aside=Path(scratch, "old"))
    return folder


def _write_files(frame: pd.DataFrame, source: Path, folder: Path) -> None:
    (folder / SOURCE.parent).mkdir(parents=True, exist_ok=True)
    (folder / SOURCE).write_bytes(source.read_bytes())
    (folder / "datapackage.json").write_bytes(make_descriptor(frame).encode())
    for name, table in make_tables(frame).items():
        # Whole numbers are written as the source writes them, without ".0", where a column has missing values too.
        table.convert_dtypes().to_csv(folder / FILES[name], index=False, lineterminator="\n", encoding="utf-8")


def _swap(staged: Path, folder: Path, aside: Path) -> None:
    """Put ``staged`` in the place of ``folder``; an interruption between the two renames puts the old one back."""
    replaced = folder.exists()
    if replaced:
        folder.rename(aside)
    try:
        staged.rename(folder)
    except BaseException:
        if replaced:
            aside.rename(folder)
        raise


def _participants(entry: pd.DataFrame) -> pd.DataFrame:
    table = entry.assign(**{name: _decode(entry[name], codes) for name, codes in CODES.items()})
    table = table.assign(id=_identifiers(entry["id"]), age=entry["age"].round(1)).rename(columns=PARTICIPANTS)
    columns = ["id", "group", "age", "sex", "ascites", "hepatomegaly", "spiders", "edema_at_entry", "stage"]
    return table[[*columns, "follow_up_days", "status"]].reset_index(drop=True)


def _decode(column: pd.Series, codes: dict) -> pd.Series:
    unknown = sorted(set(column.dropna()) - set(codes))
    if unknown:
        raise ValueError(f"source column {column.name}: unknown code {unknown}; expected {sorted(codes)}")
    return column.map(codes)


def _identifiers(number: pd.Series) -> pd.Series:
    return "P" + number.astype(int).astype(str).str.zfill(3)


def _roles() -> dict:
    return json.loads(TEMPLATE.read_text(encoding="utf-8"))["roles"]


if __name__ == "__main__":
    print(write_study(*sys.argv[1:]))
