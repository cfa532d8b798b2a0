"""Puts a plan of the demo company into Odoo, step by step."""

from .accounting import load_invoices
from .base import DemoData
from .companies import load_companies
from .finish import backdate, refresh_statistics
from .leads import load_leads
from .partners import load_customers
from .products import load_products
from .sales import load_orders

STEPS = [
    load_companies,
    load_products,
    load_customers,
    load_leads,
    load_orders,
    load_invoices,
    backdate,
    refresh_statistics,
]
