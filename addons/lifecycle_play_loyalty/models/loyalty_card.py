from datetime import timedelta

from odoo import api, fields, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    lifecycle_play_id = fields.Many2one(
        "lifecycle.play",
        string="Given by Play",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="lifecycle_crm.group_lifecycle_user",
        help="The play whose message carries the code.",
    )
    lifecycle_step_id = fields.Many2one(
        "lifecycle.play.step",
        string="Step",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="lifecycle_crm.group_lifecycle_user",
    )

    @api.model
    def _give_to_customers(self, customers, company, program, days, points, **values):
        """A coupon for each of some customers; no message is sent about it.

        :param days: how many days it is valid, from today in the company's time; its
            last day counts
        :return: ``{customer: coupon}``, as superuser
        """
        until = company._get_lifecycle_today() + timedelta(days=days)
        # whoever sends the message; the code goes to the customer, not to them
        cards = self.sudo().with_context(
            loyalty_no_mail=True, action_no_send_mail=True, tracking_disable=True
        )
        cards = cards.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": customer.id,
                    "points": points,
                    "expiration_date": until,
                    **values,
                }
                for customer in customers
            ]
        )
        history = self.env["loyalty.history"].sudo()  # as Odoo does for each coupon
        history.create(
            [
                {
                    "card_id": card.id,
                    "description": self.env._("Coupon with a message"),
                    "issued": points,
                }
                for card in cards
            ]
        )
        return dict(zip(customers, cards, strict=True))
