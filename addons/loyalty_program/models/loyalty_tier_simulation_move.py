from odoo import fields, models


class LoyaltyTierSimulationMove(models.Model):
    _name = "loyalty.tier.simulation.move"
    _description = "Who Would Move"
    _order = "rises, amount desc, id"
    _rec_name = "partner_id"
    _log_access = False

    simulation_id = fields.Many2one(
        "loyalty.tier.simulation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    from_tier_id = fields.Many2one(
        "loyalty.tier", string="Now", readonly=True, ondelete="cascade"
    )
    to_line_id = fields.Many2one(
        "loyalty.tier.simulation.line", string="Then", readonly=True, ondelete="cascade"
    )
    rises = fields.Boolean(string="Moves Up", readonly=True)
    amount = fields.Float(string="Counted", readonly=True, digits=(16, 3))
    protected = fields.Boolean(help="Keeps the tier of now when the draft is applied.")

    def action_protect(self):
        self._set_protected(True)

    def action_unprotect(self):
        self._set_protected(False)

    def _set_protected(self, protected):
        self.check_access("write")
        self.filtered(lambda move: not move.rises).protected = protected
