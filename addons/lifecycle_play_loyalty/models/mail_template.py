"""A template that gives each customer a coupon, with the message that shows its code.

The coupon is made while the message is, in its transaction: where the message is not
sent, whoever holds it back, there is no coupon either.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Models whose records belong to one customer.
_CUSTOMERS = {
    "res.partner": "commercial_partner_id",
    "lifecycle.profile": "partner_id",
    "lifecycle.play.enrollment": "partner_id",
    "crm.lead": "partner_id.commercial_partner_id",
}


class CouponBox:
    """Coupons given with the messages that are being made, by customer.

    It stands in the context under ``lifecycle_coupons``.  Being an object, no client
    can put it there.
    """

    def __init__(self):
        self.cards = {}


class MailTemplate(models.Model):
    _inherit = "mail.template"

    coupon_program_id = fields.Many2one(
        "loyalty.program",
        string="Give a Coupon of",
        domain=[("program_type", "=", "coupons")],
        ondelete="restrict",
        help="Every message that is sent with this template gives its customer a new "
        "coupon of this program. Show its code in the body with "
        "object._get_lifecycle_coupon()['code'].",
    )
    coupon_days = fields.Integer(
        string="Valid For (days)",
        default=30,
        help="How many days the coupon can be used from the day of the message on.",
    )
    coupon_points = fields.Float(
        string="Points on the Coupon",
        default=1,
        help="A reward of a coupon program usually costs 1 point.",
    )

    @api.constrains("coupon_program_id", "coupon_days", "coupon_points", "model_id")
    def _check_coupon(self):
        for template in self.filtered("coupon_program_id"):
            if template.model not in _CUSTOMERS:
                raise ValidationError(
                    self.env._(
                        "Give a Coupon of: a template for “%s” has no customer to give "
                        "it to. Choose a template for contacts.",
                        template.model_id.name,
                    )
                )
            if not 1 <= template.coupon_days <= 3650:
                raise ValidationError(
                    self.env._(
                        "Valid For: choose 1 to 3650 days, not %s.",
                        template.coupon_days,
                    )
                )
            if template.coupon_points <= 0:
                raise ValidationError(
                    self.env._(
                        "Points on the Coupon: choose more than 0, or the coupon is "
                        "worth nothing."
                    )
                )

    def send_mail_batch(self, res_ids, *args, **kwargs):
        if self.coupon_program_id:
            self = self.with_context(lifecycle_coupons=CouponBox())
        return super().send_mail_batch(res_ids, *args, **kwargs)

    def send_mail(self, res_id, *args, **kwargs):
        if self.coupon_program_id:
            self = self.with_context(lifecycle_coupons=CouponBox())
        return super().send_mail(res_id, *args, **kwargs)

    def _generate_template(self, res_ids, *args, **kwargs):
        """Before the messages are made, the coupons that they show."""
        box = self.env.context.get("lifecycle_coupons")
        if isinstance(box, CouponBox) and self.coupon_program_id:
            self._give_coupons(box, res_ids)
        return super()._generate_template(res_ids, *args, **kwargs)

    def _give_coupons(self, box, res_ids):
        """One coupon for each customer of some records."""
        self.ensure_one()
        token = self.env["lifecycle.gate"]._get_token()
        company = self.env.company
        values = {}
        if token:
            company = self.env["res.company"].browse(token.company) or company
            values = {
                "lifecycle_play_id": token.play,
                "lifecycle_step_id": token.step,
            }
        records = self.env[self.model].browse(res_ids)
        customers = records.mapped(_CUSTOMERS[self.model])
        missing = customers.filtered(lambda customer: customer.id not in box.cards)
        cards = self.env["loyalty.card"]._give_to_customers(
            missing,
            company,
            self.coupon_program_id,
            self.coupon_days,
            self.coupon_points,
            **values,
        )
        box.cards.update({customer.id: card for customer, card in cards.items()})
