"""The same model fitted to many responses at once, for simulations and resampling.

Everything that the responses share (design, visits seen, hypotheses) is prepared once; everything else is an array with
one more axis, the responses. The answers are those of the functions for one response, which the tests compare.
"""

from .fit import BatchedFit, fit_batched

__all__ = ["BatchedFit", "fit_batched"]
