"""Pure kernel of the lifecycle scores.

No Odoo and no I/O: arrays and DataFrames in and out.  Days are integers, the
number of days since 1970-01-01 in the time zone of the company; ``NO_DAY``
stands for "never".  Amounts are floats in the currency of the company.
"""
