"""One exception class for each mistake a model can meet; each names what offends, so that it can be put right."""

from __future__ import annotations

from collections.abc import Iterable


class ModelError(ValueError):
    """A statistic cannot be computed from what was given.

    `names` holds the offending columns, levels or rows, for callers that want more than the message.

    >>> error = ModelError("The response 'vas' is constant.", ["vas"])
    >>> str(error), error.names
    ("The response 'vas' is constant.", ('vas',))
    """

    def __init__(self, message: str, names: Iterable[object] = ()):
        super().__init__(message)
        self.names = tuple(str(name) for name in names)


class UnknownColumnError(ModelError):
    """A formula or argument names a column the data do not have."""


class UnknownLevelError(ModelError):
    """A reference level is not among the levels of its factor."""


class MissingValuesError(ModelError):
    """A variable other than the response has missing values in the rows to be analysed."""


class DuplicateVisitError(ModelError):
    """A subject has two rows for the same visit."""


class OneLevelError(ModelError):
    """A factor has fewer than two levels among the analysed rows."""


class RankDeficientError(ModelError):
    """Columns of the design cannot be told apart, or a cell of crossed factors is empty."""


class ConstantError(ModelError):
    """A variable that has to vary is constant."""


class TooFewError(ModelError):
    """There are fewer observations than the statistic needs."""


class OptionError(ModelError):
    """An argument is not among the allowed ones."""


class SingularCovarianceError(ModelError):
    """A covariance matrix is, or is becoming, singular: the maximum-likelihood estimate does not exist."""


class UnidentifiedCovarianceError(ModelError):
    """The data say nothing about a covariance that the chosen structure would estimate."""


def one_of(name: str, value: object, allowed: Iterable[object]) -> None:
    """Raise `OptionError` unless `value` is one of `allowed`.

    >>> one_of("method", "reml", ["reml", "ml"])
    >>> one_of("method", "mle", ["reml", "ml"])
    Traceback (most recent call last):
    ...
    helpers.models.errors.OptionError: method is 'mle'; allowed are 'reml', 'ml'.
    """
    allowed = list(allowed)
    if value not in allowed:
        raise OptionError(f"{name} is {value!r}; allowed are {', '.join(map(repr, allowed))}.", [str(value)])
