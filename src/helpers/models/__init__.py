"""Statistics as pure functions over arrays and frames; no files, no plots."""

from .bootstrap import acceleration, bootstrap_indirect, bootstrap_interval, jackknife_indirect
from .box_m import BoxM, box_m
from .correlation import rank_correlations
from .descriptive import (
    ChiSquareTest,
    FisherTest,
    TTest,
    VarianceAnalysis,
    analysis_of_variance,
    chi_square,
    fisher_exact,
    standardised_difference,
    standardised_difference_categorical,
    student_t,
)
from .effect_of_f import effects_of_f
from .effect_size import (
    EffectSize,
    cohens_d,
    cohens_d_from_difference,
    cohens_d_from_t,
    cohens_d_paired,
    hedges_j,
)
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
    UnidentifiedCovarianceError,
    UnknownColumnError,
    UnknownLevelError,
)
from .imputation import Imputations, impute_multiple, quick_predictors
from .manova import adjusted_means, adjusted_pairs, ancova, ancova_residuals, manova
from .mediation import Interval, Mediation, NormalTest, Path, mediate
from .multiplicity import adjust
from .noncentral import noncentral_f, noncentral_t
from .pooling import JointTest, pool, pool_joint, pool_over
from .regression import SlopeFit, slope
from .repeated import AUTO, fit_repeated, fit_repeated_many
from .repeated_fit import RepeatedFit
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
    "AUTO",
    "BoxM",
    "ChiSquareTest",
    "ConstantError",
    "DuplicateVisitError",
    "EffectSize",
    "EmFit",
    "FisherTest",
    "Imputations",
    "Interval",
    "JointTest",
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
    "UnidentifiedCovarianceError",
    "UnknownColumnError",
    "UnknownLevelError",
    "VarianceAnalysis",
    "acceleration",
    "adjust",
    "adjusted_means",
    "adjusted_pairs",
    "analysis_of_variance",
    "ancova",
    "ancova_residuals",
    "bootstrap_indirect",
    "bootstrap_interval",
    "box_m",
    "chi_square",
    "cohens_d",
    "cohens_d_from_difference",
    "cohens_d_from_t",
    "cohens_d_paired",
    "effects_of_f",
    "fisher_exact",
    "fit_repeated",
    "fit_repeated_many",
    "hedges_j",
    "impute_em",
    "impute_multiple",
    "jackknife_indirect",
    "kaplan_meier",
    "log_rank",
    "manova",
    "mediate",
    "noncentral_f",
    "noncentral_t",
    "pool",
    "pool_joint",
    "pool_over",
    "quick_predictors",
    "rank_correlations",
    "restricted_mean",
    "restricted_mean_difference",
    "slope",
    "standardised_difference",
    "standardised_difference_categorical",
    "student_t",
]
