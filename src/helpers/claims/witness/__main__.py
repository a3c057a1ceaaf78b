"""``python -m helpers.claims.witness FOLDER``: search the bundled witness again; ``--all``: every reading and seed."""

from __future__ import annotations

import argparse
from pathlib import Path

from helpers.analysis.files import write_whole
from helpers.analysis.places import project_root

from .moves import SearchError
from .published import SEED, folder
from .readings import load_readings
from .seeds import SEEDS, certificate, held_out, run_all, strains
from .write import write_witness


def main() -> None:
    """Write what the command line asks for and say what was written."""
    readings = {reading.name: reading for reading in load_readings()}
    parser = argparse.ArgumentParser(prog="python -m helpers.claims.witness", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="study folder to write, such as data/synthetic")
    parser.add_argument("--reading", choices=readings, default=next(iter(readings)), help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=SEED, help="default: %(default)s")
    parser.add_argument("--all", action="store_true", help="every reading, with the seeds of the published tables")
    options = parser.parse_args()
    if options.all:
        write_all()
    elif options.folder is None:
        parser.error("name a folder, or --all")
    else:
        for path in write_witness(options.folder, readings[options.reading], options.seed):
            print(path)


def write_all() -> None:
    """Search all witnesses, check them, and write the tables and the study folders of ``data/witnesses``."""
    outcomes = run_all(project_root() / "build" / "witnesses", SEEDS)
    tables = {"certificate": certificate(outcomes), "strain": strains(outcomes), "held_out": held_out(outcomes)}
    for name, table in tables.items():
        path = folder() / f"{name}.csv"
        write_whole(path, table.to_csv(index=False, lineterminator="\n").encode("utf-8"))
        print(path)
    for reading in load_readings()[1:]:
        try:
            write_witness(folder() / reading.name, reading)
            print(folder() / reading.name)
        except SearchError as error:
            print(error)


if __name__ == "__main__":
    main()
