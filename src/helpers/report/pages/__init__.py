"""Pages of the book that are written from what ran: the codebook and the methods."""

from helpers.report.pages.data import data_page
from helpers.report.pages.methods import methods_page

__all__ = ["data_page", "methods_page"]
