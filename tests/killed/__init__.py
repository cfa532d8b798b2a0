"""Real processes of Odoo that are killed: data, processes and what must hold after."""
