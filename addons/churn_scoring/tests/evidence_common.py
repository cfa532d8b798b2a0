"""Short ways to trade so that there is evidence, and to ask for it."""

from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase
from odoo.addons.lifecycle_crm.tests.trade import noon


class EvidenceCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evidence = cls.env["churn.evidence"]
        cls.customer = cls._customer("Customer")

    @classmethod
    def _customer(cls, name, company=None, **values):
        """A contact that the engine knows as a customer."""
        partner = cls._partner(name, **values)
        cls._known(partner, company)
        return partner

    @classmethod
    def _known(cls, partner, company=None, **values):
        return cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                **values,
            }
        )

    @classmethod
    def _product(cls, name, category=None, **values):
        if category:
            values["categ_id"] = category.id
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": False,
                **values,
            }
        )

    @classmethod
    def _category(cls, name):
        return cls.env["product.category"].create({"name": name})

    @classmethod
    def _sale(cls, partner, day, *lines, company=None, **values):
        """A confirmed order.

        :param lines: (product, unit price) or (product, unit price, other values)
        """
        company = company or cls.company
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "pricelist_id": cls._pricelist(company.currency_id).id,
                    "date_order": noon(day),
                    "state": "sale",
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                **(more[0] if more else {}),
                            }
                        )
                        for product, price, *more in lines
                    ],
                    **values,
                }
            )
        )
        assert order.date_order == noon(day)
        return order

    @classmethod
    def _history(cls, company, bought):
        """Imported purchases: a list of (partner, day, amount)."""
        imported = cls.env["lifecycle.import"].create(
            {"name": "past.csv", "company_id": company.id}
        )
        cls.env["lifecycle.history"].create(
            [
                {
                    "import_id": imported.id,
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "date": day,
                    "amount": amount,
                    "amount_company": amount,
                    "currency_id": company.currency_id.id,
                }
                for partner, day, amount in bought
            ]
        )

    def _found(self, kind, partner=None, company=None, as_of=None):
        """What is stored of one kind, after a refresh; newest first."""
        company = company or self.company
        self.evidence._refresh(company, kinds=[kind], as_of=as_of)
        domain = [("company_id", "=", company.id), ("kind", "=", kind)]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        return self.evidence.search(domain)

    def _pay(self, invoice, day, amount=None):
        """A payment of an invoice, reconciled with it on a day."""
        company = invoice.company_id
        journals = self.env["account.journal"].with_company(company)
        journal = journals.search(
            [("company_id", "=", company.id), ("code", "=", "EXCH")]
        )
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        amount = amount or receivable.balance
        other = company.expense_currency_exchange_account_id
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "date": day,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": receivable.account_id.id,
                                "partner_id": invoice.partner_id.id,
                                "credit": amount,
                            }
                        ),
                        Command.create({"account_id": other.id, "debit": amount}),
                    ],
                }
            )
        )
        move.action_post()
        line = move.line_ids.filtered(
            lambda line: line.account_id == receivable.account_id
        )
        (line | receivable).reconcile()
        return move
