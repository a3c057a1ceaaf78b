"""The paper's analyses under every defensible combination of choices."""

from helpers.analysis.multiverse.evaluate import Evaluation
from helpers.analysis.multiverse.grid import Grid, Specification, read_grid

__all__ = ["Evaluation", "Grid", "Specification", "read_grid"]
