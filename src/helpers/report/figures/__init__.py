"""Figures, one function a kind: a run and its results rows go in, a :class:`FigureExhibit` comes out."""

import sys

from helpers.report.controlled import guard
from helpers.report.figures.baseline_cytokines import baseline_cytokines
from helpers.report.figures.baseline_forest import baseline_forest
from helpers.report.figures.bounds import attainable_f
from helpers.report.figures.change_heatmap import change_heatmap
from helpers.report.figures.change_scatter import change_scatter
from helpers.report.figures.choices_map import choices_map
from helpers.report.figures.claim_shares import claim_shares
from helpers.report.figures.claims_map import claims_map
from helpers.report.figures.correlations import correlations
from helpers.report.figures.cytokine_changes import cytokine_changes
from helpers.report.figures.cytokine_trajectories import cytokine_trajectories
from helpers.report.figures.diagnostics import diagnostics
from helpers.report.figures.effects import effects
from helpers.report.figures.families import families
from helpers.report.figures.flow import participant_flow
from helpers.report.figures.indirect import indirect
from helpers.report.figures.levels import levels
from helpers.report.figures.main_curves import main_curves
from helpers.report.figures.missing import missing_data
from helpers.report.figures.missing_patterns import missing_patterns
from helpers.report.figures.path_diagram import path_diagram
from helpers.report.figures.power import power
from helpers.report.figures.specification_curve import specification_curve
from helpers.report.figures.survival import survival
from helpers.report.figures.trajectories import trajectories
from helpers.report.figures.volcano import volcano

guard(sys.modules[__name__])

__all__ = [
    "attainable_f",
    "baseline_cytokines",
    "baseline_forest",
    "change_heatmap",
    "change_scatter",
    "choices_map",
    "claim_shares",
    "claims_map",
    "correlations",
    "cytokine_changes",
    "cytokine_trajectories",
    "diagnostics",
    "effects",
    "families",
    "indirect",
    "levels",
    "main_curves",
    "missing_data",
    "missing_patterns",
    "participant_flow",
    "path_diagram",
    "power",
    "specification_curve",
    "survival",
    "trajectories",
    "volcano",
]
