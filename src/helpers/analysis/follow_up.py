"""Time to one endpoint compared between groups: as a t-test or analysis of variance, and as survival data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.pairs import Pair, named, overall, turned
from helpers.analysis.results import row
from helpers.analysis.settings import Settings
from helpers.models import (
    ModelError,
    analysis_of_variance,
    log_rank,
    restricted_mean,
    restricted_mean_difference,
    student_t,
)
from helpers.study import Study


@dataclass(frozen=True)
class FollowUp:
    """Time to one endpoint: the follow-up of every patient, and what the rows have in common."""

    settings: Settings
    name: str
    status: pd.DataFrame
    horizon: float
    cells: dict

    def _versions(self) -> list[tuple[str, pd.DataFrame, str]]:
        coded = self.status.assign(days=self.status["time"].where(self.status["event"], self.horizon))
        return [
            ("", coded, f"; no event coded as day {self.horizon:g}"),
            ("_events_only", coded[coded["event"]], " among those with the event"),
        ]

    def pair_of_times(self, pair: Pair) -> Iterator[dict]:
        """Rows ``t`` and ``t_events_only`` of a pair, each with its difference."""
        for suffix, frame, words in self._versions():
            statistic, method = f"t{suffix}", f"Student's t-test{words}"
            first, second = (frame.loc[frame["group"] == group, "days"] for group in pair)
            # Time is compared as second group − first group, so that a shorter time in the first group is positive.
            common = {"contrast": turned(pair), "n": len(first) + len(second), **self.cells}
            try:
                test = student_t(second, first, alpha=self.settings.alpha)
            except ModelError as error:
                yield row(self.name, statistic, float("nan"), **common, method=f"not computed: {error}")
                continue
            yield row(self.name, statistic, test.statistic, df1=1, df2=test.df, p=test.p, method=method, **common)
            yield row(self.name, f"{statistic}_difference", test.estimate, ci_low=test.ci_low, ci_high=test.ci_high,
                      method=method, **common)  # fmt: skip

    def overall_times(self, study: Study) -> Iterator[dict]:
        """Rows ``F`` and ``F_events_only`` of all compared groups."""
        for suffix, frame, words in self._versions():
            common = {"contrast": overall(study), "n": len(frame), **self.cells}
            try:
                test = analysis_of_variance([part for _, part in frame.groupby("group", observed=True)["days"]])
            except ModelError as error:
                yield row(self.name, f"F{suffix}", float("nan"), **common, method=f"not computed: {error}")
                continue
            yield row(self.name, f"F{suffix}", test.statistic, df1=test.df1, df2=test.df2, p=test.p,
                      method=test.method + words, **common)  # fmt: skip

    def by_group(self, groups: Sequence[str]) -> Iterator[dict]:
        """Rows ``events`` and ``restricted_mean`` a group."""
        for group in groups:
            members = self.status[self.status["group"] == group]
            yield row(self.name, "events", int(members["event"].sum()), group=group, n=len(members), **self.cells)
            try:
                mean = restricted_mean(members["time"], members["event"], tau=self.horizon, alpha=self.settings.alpha)
            except ModelError as error:
                reason = f"not computed: {error}"
                yield row(self.name, "restricted_mean", float("nan"), group=group, method=reason, **self.cells)
                continue
            yield row(self.name, "restricted_mean", mean.value, ci_low=mean.ci_low, ci_high=mean.ci_high, group=group,
                      n=len(members), method=f"area under Kaplan–Meier to day {self.horizon:g}",
                      **self.cells)  # fmt: skip

    def log_rank(self, groups: Sequence[str], contrast: str) -> dict:
        """The row of the log-rank test of some groups, under the name ``contrast``."""
        part = self.status[self.status["group"].isin(groups)]
        cells = {"contrast": contrast, **self.cells}
        try:
            test = log_rank(part["time"], part["event"], part["group"].astype(str))
        except ModelError as error:
            return row(self.name, "log_rank", float("nan"), method=f"not computed: {error}", **cells)
        return row(
            self.name, "log_rank", test.statistic, df1=test.df, p=test.p, n=len(part), method=test.method, **cells
        )

    def pair_of_curves(self, pair: Pair) -> Iterator[dict]:
        """Rows ``log_rank`` and ``restricted_mean_difference`` of a pair."""
        yield self.log_rank(pair, named(pair))
        part, cells = self.status[self.status["group"].isin(pair)], {"contrast": named(pair), **self.cells}
        times = (part["time"], part["event"], part["group"].astype(str))
        try:
            gap = restricted_mean_difference(*times, *pair, tau=self.horizon, alpha=self.settings.alpha)
        except ModelError as error:
            yield row(self.name, "restricted_mean_difference", float("nan"), method=f"not computed: {error}", **cells)
            return
        yield row(self.name, "restricted_mean_difference", gap.estimate, ci_low=gap.ci_low, ci_high=gap.ci_high,
                  p=gap.p, n=len(part), method=f"to day {self.horizon:g}", **cells)  # fmt: skip
