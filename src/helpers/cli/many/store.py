"""Rows in Parquet files: one file a chunk, and all of them gathered in the order of their keys."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from helpers.cli.errors import RunError

# Sorting spills to disk beyond this, so that memory stays flat however many rows there are.
MEMORY = "512MB"


def write_part(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows of a chunk whole or not at all, in the order of their keys and of the rows of a key.

    A column ``row`` numbers the rows of a key from 0.
    """
    numbered = rows.assign(row=rows.groupby("key").cumcount())
    path.parent.mkdir(parents=True, exist_ok=True)
    with _connection(path.parent) as connection:
        connection.register("rows", numbered)
        _copy(connection, "SELECT * FROM rows ORDER BY key, row", path)


def done_keys(parts: Path) -> set[str]:
    """The keys that have rows."""
    files = _files(parts)
    if not files:
        return set()
    with _connection(parts) as connection:
        found = connection.execute("SELECT DISTINCT key FROM read_parquet(?, union_by_name=true)", [files])
        return {key for (key,) in found.fetchall()}


def gather(parts: Path, keys: Sequence[str], path: Path) -> int:
    """Write the rows of these keys as one table, sorted by key; the same bytes however they were cut into chunks.

    Returns
    -------
    int
        How many rows there are.

    Raises
    ------
    RunError
        A key stands in two parts, which would count it twice, or in none.
    """
    with _connection(parts) as connection:
        connection.register("wanted", pd.DataFrame({"key": pd.Series(sorted(keys), dtype=str)}))
        files = _files(parts)
        if not files:
            raise RunError("nothing was computed")
        connection.execute(
            "CREATE VIEW rows AS SELECT p.* EXCLUDE filename, filename AS part "
            "FROM read_parquet("
            + _listed(files)
            + ", filename=true, union_by_name=true) p SEMI JOIN wanted USING (key)"
        )
        _refuse(connection, "SELECT key FROM rows GROUP BY key HAVING count(DISTINCT part) > 1", "stand in two parts")
        _refuse(connection, "SELECT key FROM wanted ANTI JOIN rows USING (key)", "have no rows")
        _copy(connection, "SELECT * EXCLUDE part FROM rows ORDER BY key, row", path)
        return connection.execute("SELECT count(*) FROM rows").fetchone()[0]


def query_rows(path: Path, query: str) -> pd.DataFrame:
    """The answer to a query in SQL on a gathered table, which it calls ``rows``; memory stays flat."""
    with _connection(path.parent) as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet({_listed([str(path)])})")
        return connection.execute(query).df()


def copy_rows(path: Path, query: str, to: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the answer to a query on a gathered table (``rows``) and on further tables, whole or not at all."""
    with _connection(path.parent) as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet({_listed([str(path)])})")
        for name, table in tables.items():
            connection.register(name, table)
        _copy(connection, query, to)


def _files(parts: Path) -> list[str]:
    return [str(path) for path in sorted(parts.glob("*.parquet"))] if parts.is_dir() else []


def _listed(files: Sequence[str]) -> str:
    quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    return f"[{quoted}]"


def _connection(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    # One thread: the order of rows and of row groups then does not depend on the machine.
    connection.execute("SET threads=1")
    connection.execute(f"SET memory_limit='{MEMORY}'")
    connection.execute("SET temp_directory='" + str(folder / "spill").replace("'", "''") + "'")
    return connection


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        target = str(staged).replace("'", "''")
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def _refuse(connection: duckdb.DuckDBPyConnection, query: str, what: str) -> None:
    found = [key for (key,) in connection.execute(query).fetchall()]
    if found:
        raise RunError(f"{len(found)} of the tasks {what}, first: {sorted(found)[0]}")
