"""Study folders: read, check, describe; the bundled cohorts."""

from helpers.study.descriptor import Descriptor
from helpers.study.errors import DescriptorError, StudyError, StudyNotFoundError, TableError
from helpers.study.read import Study, load_study

__all__ = ["Descriptor", "DescriptorError", "Study", "StudyError", "StudyNotFoundError", "TableError", "load_study"]
