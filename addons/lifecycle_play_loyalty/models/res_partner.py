from datetime import timedelta

from odoo import models

from .mail_template import CouponBox

# Shown where a template is looked at and no message is made.
_SAMPLE_CODE = "044-XXXX-XXXX"


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_lifecycle_coupon(self):
        """The coupon that comes with the message that is being made, for templates.

        :return: dict of ``code`` and ``until``, the last day on which it can be used.
            A sample, where a template is only looked at: nothing is given then
        """
        self.ensure_one()
        box = self.env.context.get("lifecycle_coupons")
        if isinstance(box, CouponBox):
            card = box.cards.get(self.commercial_partner_id.id)
            if card:
                return {"code": card.code, "until": card.expiration_date}
        today = self.env.company._get_lifecycle_today()
        return {"code": _SAMPLE_CODE, "until": today + timedelta(days=30)}
