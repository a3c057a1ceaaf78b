"""Witness cohorts: data in which the printed figures stand together, found by search, one cohort a reading."""

from .published import Witnesses, load_witnesses
from .readings import Reading, load_readings

__all__ = ["Reading", "Witnesses", "load_readings", "load_witnesses"]
