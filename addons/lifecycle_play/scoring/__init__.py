"""The maths of plays: pure Python, no Odoo."""
