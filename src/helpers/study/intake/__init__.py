"""A laboratory's own files, only read, become a study folder by way of a mapping that a person corrects."""

from helpers.study.intake.errors import MappingError, SourceError, UndecidedError
from helpers.study.intake.study import convert_study, start_study

__all__ = ["MappingError", "SourceError", "UndecidedError", "convert_study", "start_study"]
