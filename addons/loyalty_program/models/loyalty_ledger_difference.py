"""The nightly proof: the sum of the ledger is what stands on the card."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..scoring.returns import EPSILON


class LoyaltyLedgerDifference(models.Model):
    """A card whose points are not the sum of its ledger.

    Found every night and listed, never repaired in silence: somebody changed points
    past Odoo, or an app writes them in the database.
    """

    _name = "loyalty.ledger.difference"
    _description = "Difference in the Points Ledger"
    _order = "closed_on desc nulls first, found_on desc, id desc"
    _rec_name = "card_id"
    _log_access = False

    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, ondelete="cascade", index=True
    )
    program_id = fields.Many2one(
        related="card_id.program_id", string="Programme", store=True
    )
    partner_id = fields.Many2one(related="card_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    ledger_points = fields.Float(
        string="By History",
        readonly=True,
        digits=(16, 2),
        help="Sum of all entries of the card when it was last looked at.",
    )
    card_points = fields.Float(
        string="On the Card",
        readonly=True,
        digits=(16, 2),
        help="What stood on the card when it was last looked at.",
    )
    difference = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Points on the card that the ledger does not explain.",
    )
    found_on = fields.Datetime(readonly=True)
    closed_on = fields.Datetime(
        readonly=True, help="When the two were found to be the same again."
    )

    _open_uniq = models.UniqueIndex("(card_id) WHERE closed_on IS NULL")

    @api.model
    def _cron_prove(self):
        """Compare all cards with their ledger; list what differs."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """WITH balances AS (
                    SELECT c.id, c.program_id, c.company_id, c.points,
                        COALESCE(l.points, 0) AS ledger
                    FROM loyalty_card c
                    JOIN loyalty_program p ON p.id = c.program_id
                    LEFT JOIN (
                        SELECT card_id, SUM(points) AS points FROM loyalty_ledger
                        WHERE card_id IS NOT NULL GROUP BY card_id
                    ) l ON l.card_id = c.id
                    WHERE p.program_type IN ('loyalty', 'ewallet', 'gift_card')
                       OR p.applies_on = 'both'
                ), differing AS (
                    SELECT * FROM balances
                    WHERE ABS(COALESCE(points, 0) - ledger) >= %(epsilon)s
                ), closed AS (
                    UPDATE loyalty_ledger_difference d SET closed_on = %(now)s
                    WHERE d.closed_on IS NULL
                      AND d.card_id NOT IN (SELECT id FROM differing)
                )
                INSERT INTO loyalty_ledger_difference (
                    card_id, program_id, company_id, ledger_points, card_points,
                    difference, found_on)
                SELECT id, program_id, company_id, ledger, COALESCE(points, 0),
                    COALESCE(points, 0) - ledger, %(now)s
                FROM differing
                ON CONFLICT (card_id) WHERE closed_on IS NULL DO UPDATE SET
                    ledger_points = EXCLUDED.ledger_points,
                    card_points = EXCLUDED.card_points,
                    difference = EXCLUDED.difference""",
                epsilon=EPSILON,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    def action_accept(self):
        """Take the points of the card for right: an adjustment in the ledger, with who
        decided it.
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise UserError(
                self.env._("Only sales administrators decide on differences.")
            )
        ledger = self.env["loyalty.ledger"].sudo()  # checked right above
        for difference in self.filtered(lambda found: not found.closed_on):
            card = difference.card_id.sudo()
            total = sum(ledger.search([("card_id", "=", card.id)]).mapped("points"))
            if change := round(card.points - total, 6):
                note = self.env._("Difference accepted")
                ledger.create(ledger._record(card, change, kind="manual", note=note))
        self.sudo()._cron_prove()  # as above

    def action_open_card(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.card",
            "res_id": self.card_id.id,
            "views": [(False, "form")],
        }
