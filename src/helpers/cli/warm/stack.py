"""What is loaded before jobs are forked: imports only, nothing computed, drawn or opened."""

from __future__ import annotations

import gc
import importlib

MODULES = (
    # Runs a notebook, and is its kernel.
    "papermill",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib_inline.backend_inline",
    "helpers.cli.run",
    "helpers.analysis.scenarios",
    # What the notebooks' set-up cells import, and what they load when they first draw or set a table.
    "helpers.analysis.run",
    "helpers.claims",
    "helpers.claims.audit",
    "helpers.claims.whole",
    "helpers.report.figures",
    "helpers.report.tables",
    "helpers.report.text",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_pdf",
    "matplotlib.backends.backend_svg",
    "fontTools.subset",
    "great_tables",
    "jsonschema",
    "duckdb",
    # What the book is put together with.
    "helpers.cli.publish",
    "helpers.report.pages",
    "helpers.report.values",
    "helpers.study.check",
    "docx",
)


def load() -> list[str]:
    """Import everything of :data:`MODULES`; return what could not be imported.

    A module that fails here is left to the job that wants it, which says so where a person reads it.
    """
    failed = [name for name in MODULES if not _imported(name)]
    gc.collect()
    gc.freeze()  # a collection in a fork then leaves the pages alone that it shares with this process
    return failed


def _imported(name: str) -> bool:
    try:
        importlib.import_module(name)
    except Exception:
        return False
    return True
