"""Reading and checking a file of purchases: pure Python, no Odoo, no database.

``reader`` turns the bytes of a CSV or XLSX file into a table of text,
``columns`` finds out which column is which, ``formats`` how dates and numbers are
written, and ``checks`` turns the table into purchases and refused lines.
pandas is imported inside the functions, so that loading the addon stays cheap.
"""

from .checks import CheckedFile, CheckOptions, check, round_half_up
from .columns import OPTIONAL_ROLES, REQUIRED_ROLES, ROLES, guess_roles
from .errors import FileProblem
from .formats import DATE_FORMATS, ENCODINGS
from .options import MATCHING, ImportOptions
from .plan import ImportPlan
from .reader import Table, read_table
from .report import refused_csv

__all__ = [
    "DATE_FORMATS",
    "ENCODINGS",
    "MATCHING",
    "OPTIONAL_ROLES",
    "REQUIRED_ROLES",
    "ROLES",
    "CheckOptions",
    "CheckedFile",
    "FileProblem",
    "ImportOptions",
    "ImportPlan",
    "Table",
    "check",
    "guess_roles",
    "read_table",
    "refused_csv",
    "round_half_up",
]
