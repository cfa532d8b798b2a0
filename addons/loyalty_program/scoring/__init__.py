"""Pure kernel of the loyalty programmes: no Odoo and no I/O."""
