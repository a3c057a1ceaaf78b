"""Pages of the book that are written from what ran."""

from helpers.report.pages.agreement import agreement_page
from helpers.report.pages.citing import citing_page
from helpers.report.pages.conventions import conventions_page
from helpers.report.pages.data import data_page
from helpers.report.pages.methods import methods_page
from helpers.report.pages.missing import missing_page
from helpers.report.pages.trust import trust_page
from helpers.report.pages.withheld import withheld_page

__all__ = [
    "agreement_page",
    "citing_page",
    "conventions_page",
    "data_page",
    "methods_page",
    "missing_page",
    "trust_page",
    "withheld_page",
]
