"""A synthetic twin of a study: the folder that may leave, and beside the study how like it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.analysis.files import write_whole
from helpers.analysis.places import resolve
from helpers.cli.errors import UsageError
from helpers.cli.layout import Place, folder_name
from helpers.cli.tables import harmless_table

FIDELITY = "fidelity.csv"
# Studies of this folder are ignored by git, and what is made of them is too.
HOME = "data/own"


def make(where: Place, seed: int, to: str | None) -> str:
    """Make a study's twin, and return what to tell the person.

    Parameters
    ----------
    where : Place
        The study.
    seed : int
    to : str, optional
        The twin's folder; ``data/own/<name of the study>-twin`` when not given.

    Raises
    ------
    StudyError, UsageError
        The study cannot be used or given a twin, or the folder holds something else. Nothing is written then.
    """
    from helpers.study import load_study
    from helpers.study.twin import fidelity, make_twin, write_twin
    from helpers.study.twin.write import refuse_another

    study = load_study(where.root / where.study, name=where.study)
    to = to or f"{HOME}/{study.descriptor.name}-twin"
    folder = resolve(to)
    _refuse_inside(folder, where)
    refuse_another(folder, study, to)
    twin = make_twin(study, seed)
    try:
        write_twin(folder, study, twin, to)
    except OSError as error:
        raise UsageError(f"{to}: cannot be written ({error.strerror}); give another folder with TO=…") from None
    kept = f"build/{folder_name(where.study, 'data')}/twin/{FIDELITY}"
    write_whole(where.root / kept, _text(fidelity(twin)))
    return _said(where, twin, to, kept)


def _refuse_inside(folder: Path, where: Place) -> None:
    original = (where.root / where.study).resolve()
    if folder.resolve() == original or folder.resolve().is_relative_to(original):
        raise UsageError(f"{where.study}: the twin would lie in the study's own folder; give another with TO=…")


def _text(table: pd.DataFrame) -> bytes:
    return harmless_table(table.to_csv(index=False, float_format="%.6g", lineterminator="\n")).encode("utf-8")


def _said(where: Place, twin, to: str, kept: str) -> str:
    lines = [f"{where.study}: twin of {len(twin.values)} participants in {to}"]
    lines += [f"  {sentence}" for sentence in twin.model.said]
    lines += [
        f"  {to}/privacy.md: nobody in it is closer to a real participant than two real ones are to each other",
        f"  {kept}: study and twin side by side; it describes the real participants and should stay with the study",
    ]
    return "\n".join(lines)
