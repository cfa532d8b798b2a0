"""Programmes that only need to be switched on."""

from odoo import Command, api, models

_READY_MADE = ("cashback", "points_club", "punch_card")


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @api.model
    def get_program_templates(self):
        templates = super().get_program_templates()
        if self.env.context.get("menu_type") == "gift_ewallet":
            templates["cashback"] = {
                "title": self.env._("Cashback Wallet"),
                "description": self.env._(
                    "3% of every paid invoice comes back as credit"
                ),
                "icon": "ewallet",
            }
            return templates
        templates["points_club"] = {
            "title": self.env._("Points Club"),
            "description": self.env._(
                "1 point per unit of money, good for 12 months; 100 are worth 5; four "
                "tiers"
            ),
            "icon": "loyalty_cards",
        }
        templates["punch_card"] = {
            "title": self.env._("Punch Card"),
            "description": self.env._("A stamp for each piece; the tenth is free"),
            "icon": "fidelity_cards",
        }
        return templates

    @api.model
    def _get_template_values(self):
        values = super()._get_template_values()
        defaults = self._program_type_default_values()
        product = self.env["product.product"].search(
            [
                ("sale_ok", "=", True),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            limit=1,
        )
        values["cashback"] = {
            "name": self.env._("Cashback"),
            "program_type": "ewallet",
            **defaults["ewallet"],
            "cashback_percent": 3,
        }
        values["points_club"] = {
            "name": self.env._("Points Club"),
            "program_type": "loyalty",
            **defaults["loyalty"],
            "portal_point_name": self.env._("Points"),
            "point_life_months": 12,
            # money, not percent: what a point costs is known
            "reward_ids": [
                Command.clear(),
                Command.create(
                    {
                        "discount_mode": "per_order",
                        "discount": 5,
                        "required_points": 100,
                    }
                ),
            ],
        }
        values["punch_card"] = {
            "name": self.env._("Punch Card"),
            "program_type": "loyalty",
            **defaults["loyalty"],
            "portal_point_name": self.env._("Stamps"),
            "rule_ids": [
                Command.clear(),
                Command.create(
                    {
                        "reward_point_mode": "unit",
                        "reward_point_amount": 1,
                        "product_ids": product.ids,
                    }
                ),
            ],
            "reward_ids": [
                Command.clear(),
                Command.create(
                    {
                        "reward_type": "product",
                        "reward_product_id": product.id,
                        "reward_product_qty": 1,
                        "required_points": 9,
                    }
                ),
            ],
        }
        return values

    @api.model
    def create_from_template(self, template_id):
        programs = self
        if template_id in _READY_MADE:
            self.check_access("create")
            # Odoo makes products of its rewards, which who leads the club may not
            programs = self.sudo()
        action = super(LoyaltyProgram, programs).create_from_template(template_id)
        if template_id == "points_club" and action:
            # thresholds that suit the customers there are
            self.browse(action["res_id"]).action_add_usual_tiers()
        return action
