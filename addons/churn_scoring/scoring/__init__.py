"""Pure kernel of churn and lifetime value.

No Odoo and no I/O: numpy arrays in and out.  Days are integers, the number of days
since 1970-01-01 in the time zone of the company.  Amounts of purchases are in the
smallest unit of the company's currency, values of customers in the currency.
scikit-learn is imported only by :mod:`.boosting`, and only to train.
"""
