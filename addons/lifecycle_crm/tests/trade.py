"""Short ways to build a company and to trade in it."""

from datetime import datetime, time

from odoo import Command, fields
from odoo.tools import SQL


def noon(day):
    """A day as a moment: noon UTC.  What is a moment already stays as it is."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(fields.Date.to_date(day), time(12))


class TradeMixin:
    """For a test class whose ``company`` and ``product`` are set up."""

    # -- masters -------------------------------------------------------------

    @classmethod
    def _currency(cls, name):
        currency = (
            cls.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", name)])
        )
        currency.active = True
        return currency

    @classmethod
    def _create_company(cls, name, currency="USD", tz="UTC"):
        """A company with just enough accounting to post invoices."""
        company = cls.env["res.company"].create(
            {
                "name": name,
                "currency_id": cls._currency(currency).id,
                "lifecycle_tz": tz,
            }
        )
        env = cls.env(
            context={**cls.env.context, "allowed_company_ids": company.ids},
        )
        accounts = {
            code: env["account.account"].create(
                {
                    "name": account_type,
                    "code": code,
                    "account_type": account_type,
                    "reconcile": code in ("121000", "211000"),
                }
            )
            for code, account_type in {
                "121000": "asset_receivable",
                "400000": "income",
                "211000": "liability_payable",
                "441000": "income_other",
            }.items()
        }
        for kind, code in (("receivable", "121000"), ("payable", "211000")):
            env["ir.default"].set(
                "res.partner",
                f"property_account_{kind}_id",
                accounts[code].id,
                company_id=company.id,
            )
        env["account.journal"].create(
            {
                "name": "Sales",
                "code": "INV",
                "type": "sale",
                "default_account_id": accounts["400000"].id,
            }
        )
        exchange = env["account.journal"].create(
            {"name": "Exchange", "code": "EXCH", "type": "general"}
        )
        company.write(
            {
                "currency_exchange_journal_id": exchange.id,
                "income_currency_exchange_account_id": accounts["441000"].id,
                "expense_currency_exchange_account_id": accounts["441000"].id,
            }
        )
        return company

    @classmethod
    def _partner(cls, name="Customer", **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _rate(cls, currency, day, rate, company=None):
        """From a day on, ``rate`` units of the currency for one of the company's."""
        return cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": day,
                "rate": rate,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _pricelist(cls, currency):
        """An order has the currency of its pricelist."""
        pricelists = cls.env["product.pricelist"]
        domain = [("currency_id", "=", currency.id), ("company_id", "=", False)]
        return pricelists.search(domain, limit=1) or pricelists.create(
            {"name": currency.name, "currency_id": currency.id, "company_id": False}
        )

    # -- trade ---------------------------------------------------------------

    @classmethod
    def _order(
        cls, partner, day, amount, currency=None, state="sale", company=None, **values
    ):
        """A sales order of one line.

        :param day: a date, its text, or a moment (naive UTC)
        """
        company = company or cls.company
        currency = currency or company.currency_id
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "pricelist_id": cls._pricelist(currency).id,
                    "date_order": noon(day),
                    "state": state,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        cls._created_on(order, day)
        # asserted, for every figure of every test rests on it
        assert order.currency_id == currency
        assert order.amount_untaxed == amount
        assert order.date_order == noon(day)
        return order

    @classmethod
    def _lead(cls, partner, day, company=None, **values):
        """A lead of a contact, created on a day."""
        lead = cls.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                **values,
            }
        )
        cls._created_on(lead, day)
        return lead

    @classmethod
    def _created_on(cls, records, day):
        """The date of creation is the database's own: a moved clock is not enough."""
        records.flush_recordset()
        cls.env.execute_query(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s) RETURNING id",
                SQL.identifier(records._table),
                noon(day),
                records.ids,
            )
        )
        records.invalidate_recordset(["create_date"])

    @classmethod
    def _invoice_order(cls, order, day=None):
        """The posted invoice of what is to be invoiced of an order."""
        invoice = order.with_company(order.company_id)._create_invoices()
        invoice.invoice_date = day or order.date_order.date()
        invoice.action_post()
        return invoice

    @classmethod
    def _invoice(
        cls,
        partner,
        day,
        amount,
        currency=None,
        move_type="out_invoice",
        post=True,
        company=None,
        **values,
    ):
        """An invoice, or by ``move_type`` a refund, of one line."""
        company = company or cls.company
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "currency_id": (currency or company.currency_id).id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _refund(cls, invoice, day, amount=None, post=True):
        """A credit note on an invoice, as the reversal wizard makes it.

        :param amount: of the whole credit note, default all of the invoice
        """
        move = invoice.with_company(invoice.company_id)._reverse_moves(
            [{"invoice_date": day, "date": day}]
        )
        if amount is not None:
            move.invoice_line_ids.write({"quantity": 1, "price_unit": amount})
        if post:
            move.action_post()
        return move
