"""One run of the grid engine as a process: `python -m benchmarks.grid '[study, options, workers]'`."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from helpers.cli.many import bring_up_to_date
from helpers.cli.many.folder import Folder
from helpers.cli.many.store import query_rows


def main() -> None:
    """Run, show progress, and say rows and digest in the last line."""
    study, options, workers = json.loads(sys.argv[1])
    results = bring_up_to_date(Folder(Path.cwd(), "multiverse", study, options), workers)
    count = int(query_rows(results, "SELECT count(*) FROM rows").iloc[0, 0])
    print(f"  rows and digest: {count} {hashlib.sha256(results.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
