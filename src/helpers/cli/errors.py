"""Errors for the person at the command line: what, where, what was expected, what to do."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked for cannot be done as asked. Nothing was run; exit status 2."""


class RunError(Exception):
    """Something that was started failed. What was complete before is kept; exit status 1."""
