"""The demo company: what is planned (``plan``, no Odoo in it) and how it is loaded."""
