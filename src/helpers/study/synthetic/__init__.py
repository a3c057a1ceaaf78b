"""Synthetic cohorts of the study's design: a seeded model of a study that made its data unavailable.

``make_cohort`` draws a fresh one of any size. The bundled cohort is such a draw, moved on by a search until printed
figures stand in it; see ``helpers.claims.witness``.
"""

from .cohort import Refinement, make_cohort
from .write import write_cohort

__all__ = ["Refinement", "make_cohort", "write_cohort"]
