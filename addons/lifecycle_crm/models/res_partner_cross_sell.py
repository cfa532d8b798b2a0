from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """What to offer to a customer, with the way into a quotation."""

    _inherit = "res.partner"

    def _get_lifecycle_card(self, profile):
        card = super()._get_lifecycle_card(profile)
        rows = self.env["lifecycle.cross.sell"]._propose(
            profile.partner_id, profile.company_id
        )
        # products of companies, or that a rule hides, are left out
        rows = rows.filtered(lambda row: row.product_id._filtered_access("read"))
        return {
            **card,
            "cross_sell": [
                {
                    "id": row.id,
                    "product": row.product_id.display_name,
                    "category": row.to_categ_id.name,
                    "text": self.env._(
                        "%(bought)s of %(customers)s customers who bought %(from)s "
                        "bought %(to)s later: %(lift)s times as many as of all, half "
                        "of them within %(days)s days.",
                        **{
                            "bought": row.bought_count,
                            "customers": row.customer_count,
                            "from": row.from_categ_id.name,
                            "to": row.to_categ_id.name,
                            "lift": round(row.lift, 1),
                            "days": row.gap_days,
                        },
                    ),
                }
                for row in rows
            ],
            "can_quote": self.env["sale.order"].has_access("create"),
        }

    def action_lifecycle_add_to_quotation(self, cross_sell_id):
        """Put a proposed product into the user's open quotation, or into a new one.

        :param cross_sell_id: id of a ``lifecycle.cross.sell``
        :return: action that opens the quotation
        :raise UserError: where the proposal is gone, or of another company
        """
        self.ensure_one()
        company = self.env.company
        row = self.env["lifecycle.cross.sell"].search(
            [("id", "=", int(cross_sell_id)), ("company_id", "=", company.id)]
        )
        if not row.product_id:
            raise UserError(
                self.env._(
                    "This proposal is gone: it was computed anew meanwhile. Reload the "
                    "page to see what is proposed now."
                )
            )
        orders = self.env["sale.order"]
        order = orders.search(
            [
                ("partner_id", "child_of", self.commercial_partner_id.id),
                ("company_id", "=", company.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "draft"),
            ],
            order="id desc",
            limit=1,
        ) or orders.create({"partner_id": self.id, "company_id": company.id})
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": row.product_id.id}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "views": [(False, "form")],
        }
