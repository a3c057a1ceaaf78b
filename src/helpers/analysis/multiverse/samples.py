"""The blood samples that a specification's models see."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.missing_samples import completed_samples
from helpers.analysis.multiple_imputation import completed_several_times
from helpers.study import Study


def sample_tables(study: Study, imputation: str, seed: int) -> list[pd.DataFrame | None]:
    """Tables ``id, visit`` and the analytes: one completed by EM, none (the observed samples), or several imputed.

    A study without a gap gives its observed samples whatever the imputation.
    """
    if imputation == "none":
        return [None]
    if imputation == "em":
        return [completed_samples(study)[0]]
    return [*completed_several_times(study, seed)] or [None]
