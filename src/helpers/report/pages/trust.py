"""The page on what can be relied on, from the table of faults that the tests provoke."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.results import DIGITS
from helpers.report.markdown import paragraphs, small_table

HEADS = {"fault": "Fault", "stage": "Met at", "found": "Found after it", "next": "The next build", "holds": "Holds"}
KEPT = (
    "Every file is written beside its place and renamed into it: a reader meets the old one or the new one. The "
    "book is compiled in a folder of its own; when every page has compiled without a warning and every link leads "
    "somewhere, one rename of a symbolic link puts it in place of the last. A failure before that leaves the last book "
    "as it was.",
    "Each notebook leaves a note of the digests of all that it read and made, the book one of its own. Before a build "
    "the notes are held against the files: what was edited by hand, cut short or changed under a wrong clock is named "
    "and made again, and so is what depends on it. The rest is kept.",
    "A cell has a time limit (`make book LIMIT=` and seconds) and a limit to what it may show. Where a cell fails, "
    "hangs, shows too much or loses its kernel, the message names it; what does not need it is run all the same.",
)
RUN = (
    "The tests start the real command on a checkout whose notebooks are small and whose compiler is a stand-in for "
    "Jupyter Book, break it, look at the last book, and build again. A row holds when the last good book was byte for "
    "byte as before, or the new one complete; when whatever lived to say so ended with an exit status other than zero, "
    "named the cause and showed no traceback; when the next build succeeded without running again what had finished; "
    "and when its book was byte for byte that of a build nobody disturbed. Chapters are named by their numbers."
)
UNCOVERED = (
    "Contents of files are not forced to the disk before a rename. After a loss of power, files may be empty whose "
    "names are in place: this was tried with such files, not by cutting the power of a machine. The last book may then "
    "have to be made again.",
    "Between two builds nothing is read while every file has the size and time that the last build left: an edit that "
    "keeps both is seen only when something else has changed.",
    "Memory was not exhausted on the whole machine: a kernel was killed as the system kills it, and another refused "
    "memory.",
    "The time limit is for cells. The checker of the study, Snakemake and Jupyter Book have none.",
    "The disk filled and the folder that refused to be written were local; network file systems, whose locks and "
    "renames may promise less, were not tried, nor any system other than Linux.",
    "Grids of analyses (`make multiverse`, `make design`) keep what is complete in a way of their own, which has tests "
    "of its own and is not in the table.",
)
SAME = (
    "Two builds in two places give the same files, byte for byte. `make verify` makes the book, its PDF and its Word "
    "file in two copies of the checkout and compares every file; the second has another name, user, home, time zone, "
    "locale and hash seed, one core, more threads than cores, and a processor without its newer instructions. "
    "`make test` does the same for both bundled studies and holds their files against `MANIFEST.sha256`, which is "
    "committed.",
    f"Dates, places and random names are left out where a file is made. Results have {DIGITS} significant digits: "
    "processors differ in the last ones of a double. Where near ties decide, as in the choice of a donor for a missing "
    "sample, they are ties. Differences from R are given to a power of ten.",
    "What may differ: a result that lies on the edge of rounding on a processor that was not tried; the PDF, where "
    "another version of the browser prints it; the page that names another version of Python; and what names the "
    "commit.",
    'The book carries a research object: <a href="ro-crate-preview.html">what was run on what</a>, with the digest of '
    "every file that was read or left, the parameters, the versions and the commit.",
)
MISSING = "The table of the tests is not in this checkout; `make faults` runs them and writes it."


def trust_page(found: pd.DataFrame | None) -> str:
    """How outputs are kept whole, the faults that were tried, and what was not (Markdown).

    Parameters
    ----------
    found : DataFrame or None
        ``part, fault, stage, found, next, holds``, one row a fault and stage; None when no test has written them.
    """
    return paragraphs(
        "# Trust",
        "What this compendium does so that its results can be had again, and when something goes wrong.",
        "## The same bytes, every time",
        *SAME,
        "## What happens when something breaks",
        "### How outputs are kept whole",
        *KEPT,
        "### What was tried",
        *([MISSING] if found is None else _tried(found)),
        "### What is not covered",
        "\n".join(f"- {line}" for line in UNCOVERED),
    )


def _tried(found: pd.DataFrame) -> list[str]:
    parts = [
        text
        for part, rows in found.groupby("part", sort=False)
        for text in (
            f"#### {part}",
            small_table(list(HEADS.values()), rows[list(HEADS)].astype(str).to_numpy().tolist()),
        )
    ]
    return [RUN, _verdict(found), *parts]


def _verdict(found: pd.DataFrame) -> str:
    failed = found[found["holds"] != "yes"]
    tried = f"{found['fault'].nunique()} faults, {len(found)} with the stages that they meet"
    if failed.empty:
        return f"**{tried}: every row holds.**"
    named = "; ".join(f"{row.fault}, {row.stage}" for row in failed.itertuples())
    return f"**{tried}: {len(failed)} do not hold:** {named}."
