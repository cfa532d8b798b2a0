from odoo import fields
from odoo.tools import SQL


class KeylessMany2one(fields.Many2one):
    """A many2one without a foreign key in the database."""

    def update_db_foreign_key(self, model, column):
        # of earlier versions
        model.env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s",
                SQL.identifier(model._table),
                SQL.identifier(f"{model._table}_{self.name}_fkey"),
            )
        )
