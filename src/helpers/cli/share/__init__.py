"""``make share``: what may leave the machine that holds the participants' data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from helpers.cli.layout import NOTEBOOKS, Place
from helpers.cli.limits import LIMIT


def make_share(where: Place, threshold: int, jobs: int, limit: int = LIMIT) -> Path:
    """Build the book under disclosure control, gather what may leave, search it, and return its folder.

    The full book is built first: what is withheld is decided over all its results together. It stays where it is.

    Raises
    ------
    LeakError
        What was gathered gives a participant or this machine away. Nothing was written.
    RunError
        A build failed.
    """
    import pandas as pd

    from helpers.analysis.disclosure import plan_for, write_control
    from helpers.analysis.results import read_results
    from helpers.cli.book import make_book
    from helpers.cli.share.gather import gather
    from helpers.cli.share.leaks import secrets_of
    from helpers.study import load_study

    make_book(where, jobs, limit)
    rows = pd.concat([read_results(where.path("results", f"{name}.csv")) for name in NOTEBOOKS], ignore_index=True)
    controlled = replace(where, threshold=threshold)
    write_control(plan_for(rows, threshold), controlled.path())
    make_book(controlled, jobs, limit)
    study = load_study(where.root / where.study, name=where.study)
    target = where.path("share")
    gather(controlled, target, secrets_of(study, machine_places(where), ordinary_words(where)))
    return target


def ordinary_words(where: Place) -> frozenset[str]:
    """Words that the project and the study's description use: in what is shared, they name nobody."""
    from helpers.cli.share.leaks import WORD

    files = [*(where.root / "book").glob("*.md"), *(where.root / "notebooks").glob("*.ipynb")]
    files += [*(where.root / "src").rglob("*.py"), *(where.root / where.study).glob("*.json")]
    words = (word for path in files for word in WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(word for word in words if word.isalpha())


def machine_places(where: Place) -> tuple[str, ...]:
    """Folders whose names would say where on this machine the data lie."""
    found = {str(where.root), f"{Path.home()}/", str((where.root / where.study).resolve())}
    return tuple(sorted(place for place in found if len(place) > 1))
