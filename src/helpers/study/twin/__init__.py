"""Synthetic twins: studies with the structure of a real one and none of its participants."""

from .errors import TwinError
from .fidelity import fidelity
from .make import Twin, make_twin
from .report import privacy
from .write import MODULE, write_twin

__all__ = ["MODULE", "Twin", "TwinError", "fidelity", "make_twin", "privacy", "write_twin"]
