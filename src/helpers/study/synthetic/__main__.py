"""``python -m helpers.study.synthetic FOLDER [SEED]``: write a synthetic study folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import SEED, write_cohort


def main() -> None:
    """Write the folder named on the command line and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m helpers.study.synthetic", description=__doc__)
    parser.add_argument("folder", type=Path, help="study folder to write, such as data/synthetic")
    parser.add_argument("seed", type=int, nargs="?", default=SEED, help="default: %(default)s, the committed cohort")
    options = parser.parse_args()
    for path in write_cohort(options.folder, options.seed):
        print(path)


if __name__ == "__main__":
    main()
