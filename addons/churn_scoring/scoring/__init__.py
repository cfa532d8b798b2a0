"""Pure kernel of churn and lifetime value.

No Odoo and no I/O: arrays in and out. Days are integers, the number of days since
1970-01-01 in the time zone of the company. Amounts are floats in the currency of the
company unless said otherwise.
"""
