"""For a person at the notebook: one outcome or one analyte under other choices, at once.

:mod:`~helpers.report.explore.views` computes and draws; :mod:`~helpers.report.explore.widgets` puts controls on it.
"""

from helpers.report.explore.views import analyte_view, outcome_view
from helpers.report.explore.widgets import analytes, outcomes

__all__ = ["analyte_view", "analytes", "outcome_view", "outcomes"]
