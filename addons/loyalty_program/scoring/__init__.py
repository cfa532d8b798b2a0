"""Tiers without Odoo: periods, qualification, standing. Arrays in, arrays out.

Money and points are whole numbers of their smallest unit, days are days since
1970-01-01.
"""
