"""The environment that notebooks and the book are made in: repeatable, and leaving no trace outside the checkout."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

# Files that carry a date get this one: today's would make every build differ from the last.
SOURCE_DATE_EPOCH = "1629676800"

# One thread: two notebooks run side by side, and no result depends on the number of threads.
REPEATABLE = {
    "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH,
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # A kernel specification called python3 in a home directory must not take the place of this environment's.
    "JUPYTER_PREFER_ENV_PATH": "1",
    "JUPYTER_PATH": "",
}

FOLDERS = {
    "XDG_CACHE_HOME": ".cache",
    "MPLCONFIGDIR": ".cache/matplotlib",
    "IPYTHONDIR": ".cache/ipython",
    "JUPYTER_CONFIG_DIR": ".cache/jupyter/config",
    "JUPYTER_DATA_DIR": ".cache/jupyter/data",
    "JUPYTER_RUNTIME_DIR": ".cache/jupyter/runtime",
}

# A person's own settings that would change what is computed, hide a warning, or make every import compile anew.
DROPPED = (
    "PYTHONWARNINGS",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "MATPLOTLIBRC",
    "JUPYTER_CONFIG_PATH",
)


def job_environment(root: Path, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment variables for a process that runs notebooks or builds the book; the folders they name are made.

    Parameters
    ----------
    root : Path
        The checkout; caches go to its ``.cache``.
    base : mapping, optional
        Variables to start from; those of this process when not given.
    """
    base = os.environ if base is None else base
    kept = {name: value for name, value in base.items() if name not in DROPPED}
    folders = {name: str(root / folder) for name, folder in FOLDERS.items()}
    for folder in folders.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(root / "src"), base.get("PYTHONPATH", "")]))
    binaries = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), base.get("PATH", "")]))
    return {**kept, **REPEATABLE, **folders, "PYTHONPATH": path, "PATH": binaries}
