from odoo import models

from ..models.loyalty_card_ledger import KEY, Reason


class LoyaltyCardUpdateBalance(models.TransientModel):
    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        self.ensure_one()
        reason = Reason("manual", values={"note": self.description})
        wizard = self.with_context(**{KEY: reason})
        return super(LoyaltyCardUpdateBalance, wizard).action_update_card_point()


class LoyaltyGenerateWizard(models.TransientModel):
    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        reason = Reason("manual", values={"note": self[:1].description})
        wizards = self.with_context(**{KEY: reason})
        return super(LoyaltyGenerateWizard, wizards).generate_coupons()
