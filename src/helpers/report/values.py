"""Values for sentences of the book's own pages, from the results rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers.analysis.frames import groups
from helpers.analysis.settings import Settings
from helpers.claims import counts, judge, load_ledger
from helpers.report import text
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import count_of, listed, number
from helpers.report.signed import signed
from helpers.study import Study

NO_LEDGER = "No ledger of published claims belongs to this study, so that no chapter compares printed figures."


@dataclass(frozen=True)
class _Build:
    """What sentences need of a run, for the whole book instead of one notebook."""

    study: Study
    settings: Settings

    @cached_property
    def synthetic(self) -> bool:
        return self.study.descriptor.data_source == "synthetic"


def book_values(study: Study, settings: Settings, rows: pd.DataFrame) -> dict[str, tuple[TextExhibit, ...]]:
    """Named sentences: group sizes, the main findings, the ledger's verdicts."""
    build = _Build(study, settings)
    return {
        "group_sizes": (signed(group_sizes)(study, rows),),
        "main_findings": tuple(_findings(build, rows)),
        "verdicts": (signed(verdicts)(build, rows),),
    }


def group_sizes(study: Study, rows: pd.DataFrame) -> TextExhibit:
    """How many participants each group has."""
    sizes = rows[(rows["analysis"] == "flow") & (rows["statistic"] == "participants")]
    found = dict(zip(sizes["group"].astype(str), sizes["value"], strict=True))
    said = [f"{number(found[group], 0)} in the group {study.group_label(group)}" for group in groups(study)]
    return text_exhibit(listed(said), sizes)


def _findings(build: _Build, rows: pd.DataFrame) -> list[TextExhibit]:
    found = [
        text.cohort.covariates(build, rows),
        text.efficacy.endpoints(build, rows),
        text.efficacy.time_to_endpoint(build, rows),
        text.cytokines.multivariate(build, rows),
        text.change.regressions(build, rows),
    ]
    if build.study.roles.mediation:
        found.append(text.change.mediation(build, rows))
    return [item for item in found if item.markdown]


def verdicts(build: _Build, rows: pd.DataFrame) -> TextExhibit:
    """How the checks of the ledger stand."""
    ledger = build.study.descriptor.claims
    if not ledger:
        return TextExhibit(NO_LEDGER)
    judged = judge(load_ledger(ledger), rows, build.synthetic)
    parts = [f"{n} *{verdict}*" for verdict, n in counts(judged).items()]
    return TextExhibit(f"The ledger holds {count_of(len(judged), 'check')} of published figures: {listed(parts)}.")
