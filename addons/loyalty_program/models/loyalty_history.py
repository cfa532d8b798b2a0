from odoo import api, models
from odoo.tools import SQL

from .loyalty_card_ledger import NEW

# Their points have reasons of their own.
_OURS = ("sale.order", "account.move")


class LoyaltyHistory(models.Model):
    """Another app, such as a point of sale, tells here which order changed points."""

    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if lines.filtered(lambda line: line.order_id and line.order_model not in _OURS):
            lines._name_documents()
        return lines

    def _name_documents(self):
        """Entries of this transaction without a document get the one named here.

        What was committed before stays as it is.
        """
        new = self.env.cr.precommit.data.get(NEW)
        if not new:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_ledger l SET res_model = h.order_model,
                    res_id = h.order_id,
                    kind = CASE WHEN l.points > 0 THEN 'earn' ELSE 'redeem' END
                FROM loyalty_history h
                WHERE h.id = ANY(%s) AND h.order_id > 0 AND h.order_model <> ALL(%s)
                  AND l.id = ANY(%s) AND l.card_id = h.card_id AND l.kind = 'manual'
                  AND ABS(l.points - h.issued + h.used) < 0.005
                  AND l.order_id IS NULL AND l.move_id IS NULL
                  AND l.res_id IS NULL AND l.note IS NULL""",
                self.ids,
                list(_OURS),
                list(new),
            )
        )
        self.env["loyalty.ledger"].invalidate_model(flush=False)
