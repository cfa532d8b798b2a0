from odoo import api, fields, models


class LoyaltyCard(models.Model):
    """A card makes a member, where the programme asks for one."""

    _inherit = "loyalty.card"

    welcome_tier_id = fields.Many2one(
        "loyalty.tier",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The coupon was given for reaching this tier.",
    )
    welcome_company_id = fields.Many2one(
        "res.company",
        string="Given By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Company in which the tier was reached.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        cards = super().create(vals_list)
        cards._mark_members()
        return cards

    def write(self, vals):
        if not vals.keys() & {"partner_id", "active"}:
            return super().write(vals)
        self._mark_members()
        result = super().write(vals)
        self._mark_members()
        return result

    def _mark_members(self):
        cards = self.filtered(lambda card: card.program_id.tier_join == "card")
        if cards.partner_id:
            self.env["lifecycle.dirty"]._mark(cards.partner_id.ids)
