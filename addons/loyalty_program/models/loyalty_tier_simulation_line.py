from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LoyaltyTierSimulationLine(models.Model):
    _name = "loyalty.tier.simulation.line"
    _description = "Tier of a Draft"
    _order = "simulation_id, threshold, id"

    simulation_id = fields.Many2one(
        "loyalty.tier.simulation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="simulation_id.company_id", store=True)
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    tier_id = fields.Many2one(
        "loyalty.tier",
        string="Tier Now",
        readonly=True,
        ondelete="set null",
        help="Empty: a tier that the draft adds.",
    )
    name = fields.Char(required=True)
    threshold = fields.Float(digits=(16, 3), required=True)
    point_multiplier = fields.Float(default=1.0, digits=(6, 3), required=True)
    cashback_percent = fields.Float(string="Cashback (%)", digits=(5, 2))
    other_percent = fields.Float(
        string="Other Perks (%)",
        digits=(5, 2),
        help="What else the tier costs, as a share of what its members buy: prices, "
        "delivery, gifts.",
    )
    before_count = fields.Integer(string="Members Now", readonly=True, copy=False)
    after_count = fields.Integer(string="Members Then", readonly=True, copy=False)
    in_count = fields.Integer(
        string="Come", readonly=True, copy=False, help="Members from other tiers."
    )
    out_count = fields.Integer(
        string="Leave", readonly=True, copy=False, help="Members to other tiers."
    )
    spend_after = fields.Monetary(
        string="They Bought",
        readonly=True,
        copy=False,
        help="What the members then bought in the last twelve months, net.",
    )
    cost_before = fields.Monetary(
        string="Perks Now",
        readonly=True,
        copy=False,
        help="Extra points and cashback of a year, by what today's members bought.",
    )
    cost_after = fields.Monetary(
        string="Perks Then",
        readonly=True,
        copy=False,
        help="Extra points, cashback and other perks of a year, by what the members "
        "then bought.",
    )

    @api.constrains("threshold", "point_multiplier", "cashback_percent")
    def _check_numbers(self):
        for line in self:
            for name, low in (
                ("threshold", 0),
                ("point_multiplier", 0),
                ("cashback_percent", 0),
                ("other_percent", 0),
            ):
                if line[name] < low:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of “%(tier)s”: it is below 0. Enter 0 or more.",
                            field=self._fields[name]._description_string(self.env),
                            tier=line.name,
                        )
                    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {
            "threshold",
            "point_multiplier",
            "cashback_percent",
            "other_percent",
        }:
            self.simulation_id._outdate()
        return result
