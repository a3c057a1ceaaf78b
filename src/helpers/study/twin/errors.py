"""What is said when a study cannot be given a twin."""

from __future__ import annotations

from helpers.study.errors import StudyError


class TwinError(StudyError):
    """No twin can be made of this study, or not where it was asked for; nothing was written."""
