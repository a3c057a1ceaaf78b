"""The bundled synthetic cohort: a seeded model of a study that made its data unavailable.

``python -m helpers.study.synthetic data/synthetic`` writes the committed folder again.
"""

from .cohort import make_cohort
from .parameters import SEED
from .write import write_cohort

__all__ = ["SEED", "make_cohort", "write_cohort"]
