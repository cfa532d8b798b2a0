from odoo import Command, fields

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase
from odoo.addons.lifecycle_crm.tests.trade import noon


class PosCase(LifecycleCase):
    """A shop in the company of the test, and short ways to sell in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.product.available_in_pos = True
        cls.shop = cls._create_shop(cls.company)
        cls.buyer = cls._partner("Buyer")

    @classmethod
    def _create_shop(cls, company, currency=None):
        """A point of sale with a session that is open."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        cls.env.user.company_ids |= company
        # a shop asks for both, whatever they are
        company.chart_template = "generic_coa"
        company.account_fiscal_country_id = cls.env.ref("base.us")
        suffix = currency.name if currency else "SHOP"
        sales = env["account.journal"].create(
            {
                "name": f"Shop {suffix}",
                "code": suffix,
                "type": "sale",
                "currency_id": currency.id if currency else False,
                "default_account_id": env["account.account"]
                .search([("code", "=", "400000")], limit=1)
                .id,
            }
        )
        bank = env["account.journal"].create(
            {
                "name": f"Card {suffix}",
                "code": f"C{suffix}",
                "type": "bank",
                "currency_id": currency.id if currency else False,
            }
        )
        company.account_default_pos_receivable_account_id = env[
            "account.account"
        ].search([("code", "=", "121000")], limit=1)
        method = env["pos.payment.method"].create(
            {
                "name": f"Card {suffix}",
                "journal_id": bank.id,
                "outstanding_account_id": env["account.account"]
                .create(
                    {
                        "name": f"Outstanding {suffix}",
                        "code": f"1019{suffix}",
                        "account_type": "asset_current",
                        "reconcile": True,
                    }
                )
                .id,
            }
        )
        values = {
            "name": f"Shop {suffix}",
            "company_id": company.id,
            "journal_id": sales.id,
            "invoice_journal_id": sales.id,
            "payment_method_ids": [Command.set(method.ids)],
        }
        if currency:
            pricelist = cls._pricelist(currency)
            values["use_pricelist"] = True
            values["available_pricelist_ids"] = [Command.set(pricelist.ids)]
            values["pricelist_id"] = pricelist.id
        shop = env["pos.config"].create(values)
        shop.open_ui()
        return shop

    @classmethod
    def _sell(cls, partner, day, amount, shop=None, tax=0, pay=True, lines=()):
        """An order of one line, or of some given as dicts of values.

        :param amount: untaxed
        """
        shop = shop or cls.shop
        lines = lines or [{"price_unit": amount}]
        order = (
            cls.env["pos.order"]
            .with_company(shop.company_id)
            .create(
                {
                    "session_id": shop.current_session_id.id,
                    "company_id": shop.company_id.id,
                    "partner_id": partner.id if partner else False,
                    "pricelist_id": shop.pricelist_id.id,
                    "date_order": noon(day),
                    "amount_tax": tax,
                    "amount_total": amount + tax,
                    "amount_paid": 0,
                    "amount_return": 0,
                    "lines": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "qty": 1,
                                "price_unit": amount,
                                "price_subtotal": line.get("qty", 1)
                                * line.get("price_unit", amount),
                                "price_subtotal_incl": line.get("qty", 1)
                                * line.get("price_unit", amount),
                                **line,
                            }
                        )
                        for line in lines
                    ],
                }
            )
        )
        if pay:
            cls._pay(order)
        return order

    @classmethod
    def _pay(cls, order):
        method = order.config_id.payment_method_ids[:1]
        order.add_payment(
            {
                "pos_order_id": order.id,
                "amount": order.amount_total,
                "payment_method_id": method.id,
                "payment_date": fields.Datetime.now(),
            }
        )
        order.action_pos_order_paid()

    @classmethod
    def _take_back(cls, order, day, quantity=None):
        """The return of an order, in its shop; of one line in part, by quantity."""
        refund = cls.env["pos.order"].browse(order.refund()["res_id"])
        refund.date_order = noon(day)
        if quantity is not None:
            refund.lines.qty = -quantity
            refund.lines._onchange_amount_line_all()
            refund._compute_prices()
        cls._pay(refund)
        return refund

    def _rows(self, partner=None, day=None):
        """What counts for a customer: days, amounts, and whether it is an order."""
        query = self.env["lifecycle.transaction"]._get_query(
            self.company, day, [(partner or self.buyer).commercial_partner_id.id]
        )
        self.env.flush_all()
        rows = self.env.execute_query(query)
        return sorted((str(row[1]), float(row[2]), row[3]) for row in rows)
