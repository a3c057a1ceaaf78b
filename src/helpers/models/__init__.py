"""Statistics as pure functions over arrays and frames; no files, no plots."""

from .descriptive import (
    ChiSquareTest,
    FisherTest,
    TTest,
    chi_square,
    fisher_exact,
    standardised_difference,
    standardised_difference_categorical,
    student_t,
)
from .effect_size import EffectSize, cohens_d
from .em import EmFit, LittleTest, impute_em
from .errors import (
    ConstantError,
    DuplicateVisitError,
    MissingValuesError,
    ModelError,
    OneLevelError,
    OptionError,
    RankDeficientError,
    SingularCovarianceError,
    TooFewError,
    UnknownColumnError,
    UnknownLevelError,
)
from .manova import adjusted_means, adjusted_pairs, ancova, ancova_residuals, manova
from .mediation import Interval, Mediation, NormalTest, Path, bootstrap_indirect, mediate
from .multiplicity import adjust
from .regression import SlopeFit, slope
from .repeated import RepeatedFit, fit_repeated
from .survival import (
    LogRank,
    RestrictedMean,
    RestrictedMeanDifference,
    kaplan_meier,
    log_rank,
    restricted_mean,
    restricted_mean_difference,
)

__all__ = [
    "ChiSquareTest",
    "ConstantError",
    "DuplicateVisitError",
    "EffectSize",
    "EmFit",
    "FisherTest",
    "Interval",
    "LittleTest",
    "LogRank",
    "Mediation",
    "MissingValuesError",
    "ModelError",
    "NormalTest",
    "OneLevelError",
    "OptionError",
    "Path",
    "RankDeficientError",
    "RepeatedFit",
    "RestrictedMean",
    "RestrictedMeanDifference",
    "SingularCovarianceError",
    "SlopeFit",
    "TTest",
    "TooFewError",
    "UnknownColumnError",
    "UnknownLevelError",
    "adjust",
    "adjusted_means",
    "adjusted_pairs",
    "ancova",
    "ancova_residuals",
    "bootstrap_indirect",
    "chi_square",
    "cohens_d",
    "fisher_exact",
    "fit_repeated",
    "impute_em",
    "kaplan_meier",
    "log_rank",
    "manova",
    "mediate",
    "restricted_mean",
    "restricted_mean_difference",
    "slope",
    "standardised_difference",
    "standardised_difference_categorical",
    "student_t",
]
