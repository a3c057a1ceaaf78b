"""Thousands of analyses: planned as tasks, run in chunks by Snakemake, kept as Parquet, gathered into one table."""

from helpers.cli.many.engine import bring_up_to_date
from helpers.cli.many.tasks import Kind, Task

__all__ = ["Kind", "Task", "bring_up_to_date"]
