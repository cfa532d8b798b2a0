from odoo import models

from odoo.addons.lifecycle_play.models.lifecycle_gate import GateToken


class LoyaltyGenerateWizard(models.TransientModel):
    _inherit = "loyalty.generate.wizard"

    def generate_coupons(self):
        """Coupons for many customers: whoever is held gets theirs without a mail."""
        partners = self.env["res.partner"].union(
            *(wizard._get_partners() for wizard in self)
        )
        if len(partners) < 2 or self.env["lifecycle.gate"]._get_token():
            return super().generate_coupons()
        token = GateToken(source="hand", model="loyalty.card")
        wizard = self.with_context(lifecycle_gate=token)
        return super(LoyaltyGenerateWizard, wizard).generate_coupons()
