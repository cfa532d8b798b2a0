"""Random customers with all that makes trouble, the same for the same seed."""

import random
from datetime import date, datetime, time, timedelta

import pytz

from odoo import Command
from odoo.tools import SQL

from .common import TODAY
from .random_invoices import RandomInvoices, scale_price
from .trade import noon

# half past eleven at night and its like: the next day somewhere
_HOURS = (0, 3, 12, 19, 20, 21, 23)
# a leap day and its neighbours; where clocks change in some time zones
_EDGE_DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2024-02-29", "2024-03-01", "2025-03-09", "2025-11-02", "2026-03-08")
)


class RandomTrade:
    """Orders, returns, quotations and leads of some customers.

    Where the company counts invoices, also invoices and credit notes beside them.
    """

    def __init__(self, case, seed, customers=40):
        self.case = case
        self.random = random.Random(seed)
        self.env = case.env
        self.company = case.company
        self.eur = case._currency("EUR")
        for day, rate in (
            ("2023-01-01", 0.8),
            ("2025-01-01", 0.9),
            ("2026-01-01", 0.7),
        ):
            # a hundred yen, say
            unit = 1 if self.company.currency_id.decimal_places else 100
            case._rate(self.eur, day, rate / unit)
        self.partners = self._create_partners(customers)
        self.orders = self._create_orders()
        self._create_returns()
        self._create_leads()
        self._create_edges()
        if self.company.lifecycle_source == "invoice":
            RandomInvoices(self)
        self._analyze()

    def _analyze(self):
        """Statistics of what was created.

        Tables that grew from nothing in one transaction mislead the planner: what
        takes milliseconds can take minutes.
        """
        self.env.flush_all()
        for table in (
            "res_partner",
            "sale_order",
            "sale_order_line",
            "account_move",
            "account_move_line",
            "sale_order_line_invoice_rel",
        ):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _create_partners(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"Random {i}", "is_company": i % 3 == 0} for i in range(count)]
        )
        contacts = self.env["res.partner"].create(
            [
                {"name": f"Contact of {partner.name}", "parent_id": partner.id}
                for partner in partners
                if partner.is_company
            ]
        )
        partners[::7].active = False
        return partners | contacts

    def _moments(self):
        """When one customer ordered."""
        moment = datetime(2023, 2, 28) + timedelta(days=self.random.randrange(1100))
        moments = []
        for _number in range(self.random.choice((0, 1, 1, 1, 2, 3, 4, 6, 12))):
            moments.append(moment.replace(hour=self.random.choice(_HOURS)))
            # the same day again, a rhythm, a long silence
            gap = self.random.choice((0, 1, 20, 20, 30, 30, 45, 200, 500))
            moment += timedelta(days=gap)
        leap_day = datetime(2024, 2, 29, 20, 30)
        return [leap_day, *moments] if self.random.random() < 0.1 else moments

    def _create_orders(self):
        orders = self.env["sale.order"].create(
            [
                self._order_values(partner, moment)
                for partner in self.partners
                for moment in self._moments()
            ]
        )
        self._backdate(orders, [order.date_order for order in orders])
        return orders

    def _order_values(self, partner, moment, **values):
        company = self.company.currency_id
        lists = [self.case._pricelist(c).id for c in (company, company, self.eur)]
        return {
            "partner_id": partner.id,
            "company_id": self.company.id,
            "pricelist_id": self.random.choice(lists),
            "date_order": moment,
            "state": self.random.choice(("sale",) * 12 + ("draft", "sent", "cancel")),
            "order_line": [
                Command.create(
                    {
                        "product_id": self.case.product.id,
                        # few prices: many ties
                        "price_unit": self.random.choice(
                            (100, 100, 100, 49.99, 250, 1200, 0, -20)
                        ),
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
            **values,
        }

    def _create_edges(self):
        """What chance need not bring."""
        new = self.env["res.partner"].create
        moments = list(self._edge_moments())
        partners = new([{"name": f"At {moment}"} for moment in moments])
        pairs = list(zip(partners, moments, strict=True))
        # contacts at the third level below a company
        contact = self.partners[0]
        for level in range(3):
            contact = new({"name": f"Level {level}", "parent_id": contact.id})
        # the database's own companies, and who works there
        own = self.env["res.company"].sudo().search([]).partner_id
        own |= new({"name": "Colleague", "parent_id": self.company.partner_id.id})
        self.contacts = contact | own
        pairs += [(partner, datetime(2025, 5, 5, 5)) for partner in self.contacts]
        orders = self.env["sale.order"].create(
            [
                self._order_values(partner, moment, state="sale")
                for partner, moment in pairs
            ]
        )
        self._backdate(orders, [order.date_order for order in orders])
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Edge lead",
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                }
                for partner, _moment in pairs
            ]
        )
        self._backdate(leads, [moment for _partner, moment in pairs])

    def _edge_moments(self):
        """The last second of a day and the first, half past midnight, an hour later."""
        tz = pytz.timezone(self.company._get_lifecycle_tz())
        for day in _EDGE_DAYS:
            midnight = tz.localize(datetime.combine(day, time.min), is_dst=True)
            midnight = midnight.astimezone(pytz.utc).replace(tzinfo=None)
            for seconds in (-1, 0, 1800, 5400):
                yield midnight + timedelta(seconds=seconds)

    def _create_returns(self):
        sold = self.orders.filtered(
            lambda order: order.state == "sale" and order.amount_untaxed > 0
        )
        sold = sold.browse(self.random.sample(sold.ids, 24))
        sold = sold.filtered(lambda order: order.date_order.date() < TODAY)
        invoices = sold._create_invoices(grouped=True)
        for invoice in invoices:
            order = invoice.line_ids.sale_line_ids.order_id
            invoice.invoice_date = order.date_order.date()
        invoices.action_post()
        days = [
            invoice.invoice_date + timedelta(days=self.random.randrange(60))
            for invoice in invoices
        ]
        credits = invoices._reverse_moves(
            [{"invoice_date": day, "date": day} for day in days]
        )
        for credit in credits:
            # a part, all, or beyond the sale
            scale_price(credit, self.random.choice((0.3, 1, 1, 1.5)))
        credits.action_post()
        # some of them were corrections
        again = self.env["account.move"]
        for order in sold[:6]:
            if order.invoice_status == "to invoice":
                again |= order._create_invoices()
        again.invoice_date = TODAY
        again.action_post()

    def _create_leads(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Random lead",
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "active": self.random.random() < 0.8,
                }
                for partner in self.random.sample(list(self.partners), 15)
            ]
        )
        self._backdate(
            leads,
            [
                noon(TODAY) - timedelta(hours=self.random.randrange(20_000))
                for _l in leads
            ],
        )

    def _backdate(self, records, moments):
        """Created up to some days before a moment, and never after today."""
        records.flush_recordset()
        created = [
            min(moment - timedelta(days=self.random.randrange(5)), noon(TODAY))
            for moment in moments
        ]
        self.env.execute_query(
            SQL(
                """UPDATE %s r SET create_date = c.moment
                FROM UNNEST(%s, %s::timestamp[]) c (id, moment)
                WHERE r.id = c.id RETURNING r.id""",
                SQL.identifier(records._table),
                records.ids,
                created,
            )
        )
        records.invalidate_recordset(["create_date"])
