"""The engine against a plain recomputation, where it is hardest to be right."""

from datetime import date, datetime, time, timedelta

import pytz

from odoo.tests import tagged

from .common import TODAY
from .test_engine import EngineCase

LEAP_DAY = date(2024, 2, 29)


class VarietyCase(EngineCase):
    """Random trade in a company; what it is about is asserted to be in it."""

    def _assert_past_days(self, days):
        engine = self.env["lifecycle.engine"]
        history = engine.with_company(self.company)._read_history(self.company, TODAY)
        for as_of in days:
            engine._stage_company(self.company, as_of)
            self._assert_as_naive("lifecycle_profile_new", as_of)
            # from what was read once for all days
            engine._stage_company(self.company, as_of, history)
            self._assert_as_naive("lifecycle_profile_new", as_of)

    def _assert_all(self, found):
        self.assertEqual([name for name, has in found.items() if not has], [])

    def _find_in_profiles(self, expected):
        """``{what should be there: whether it is}``"""
        rows = expected.values()
        in_window = [row for row in rows if row["rfm_order_count"]]
        return {
            "equal customers": len({row["rfm_revenue"] for row in in_window})
            < len(in_window),
            "one order only": any(row["order_count"] == 1 for row in rows),
            "no order": any(not row["order_count"] for row in rows),
            "returns beyond the sale": any(row["revenue_total"] < 0 for row in rows),
            "several orders on a day": any(
                0 < row["order_days"] < row["order_count"] for row in rows
            ),
            "an order on a leap day": any(
                LEAP_DAY in (row["first_order_date"], row["last_order_date"])
                for row in rows
            ),
            "a comeback": any(row["won_back_date"] for row in rows),
            "an archived customer": any(not customer.active for customer in expected),
            "no order in the window": any(
                row["order_count"] and not row["rfm_order_count"] for row in rows
            ),
            "most stages": len({row["stage_id"] for row in rows}) > 4,
            "most segments": len({row["segment_id"] for row in rows}) > 5,
        }

    def _find_in_documents(self, documents, counted, expected):
        """The same of orders or invoices.

        :param documents: all of the company
        :param counted: those that count, but for their amount and their partner
        """
        own = self.env["res.company"].sudo().search([]).partner_id
        foreign = counted.filtered(lambda d: d.currency_id != d.company_id.currency_id)
        rate = (
            "currency_rate" if "currency_rate" in counted else "invoice_currency_rate"
        )
        return {
            "drafts": "draft" in documents.mapped("state"),
            "cancelled": "cancel" in documents.mapped("state"),
            "of no value": any(not document.amount_untaxed for document in counted),
            "three rates of a currency": len(set(foreign.mapped(rate))) == 3,
            "contacts at the third level": any(
                contact.parent_id.parent_id.parent_id in expected
                for contact in counted.partner_id
            ),
            "own companies": own <= counted.partner_id,
            "colleagues": any(c.parent_id in own for c in counted.partner_id),
            "none of these is a customer": not own & self._union(expected),
        }

    def _union(self, expected):
        return self.env["res.partner"].union(*expected)

    def _find_in_moments(self, orders):
        tz = pytz.timezone(self.tz)
        found = [pytz.utc.localize(o.date_order).astimezone(tz) for o in orders]
        return {
            "last second of a day": any(m.time() == time(23, 59, 59) for m in found),
            "first second of a day": any(m.time() == time.min for m in found),
            "another day than in UTC": any(
                m.date() != m.astimezone(pytz.utc).date() for m in found
            ),
        }

    def _find_clock_changes(self, orders):
        """Orders on days that are longer or shorter than others: by their hours."""
        tz = pytz.timezone(self.tz)

        def begin(day):
            return tz.localize(datetime.combine(day, time.min), is_dst=True)

        days = {
            pytz.utc.localize(order.date_order).astimezone(tz).date()
            for order in orders
        }
        return {
            (begin(day + timedelta(days=1)) - begin(day)) // timedelta(hours=1)
            for day in days
        }


@tagged("post_install", "-at_install")
class TestOrdersWhereClocksChange(VarietyCase):
    """A year with midnights that come twice, and one that never comes."""

    seed = 5
    tz = "America/Havana"

    def test_today(self):
        self._recompute()
        expected = self._assert_as_naive("lifecycle_profile", TODAY)
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        sold = orders.filtered(lambda order: order.state == "sale")
        self._assert_all(
            {
                **self._find_in_profiles(expected),
                **self._find_in_documents(orders, sold, expected),
                **self._find_in_moments(sold),
                "quotations": "sent" in orders.mapped("state"),
                "below zero": any(order.amount_untaxed < 0 for order in sold),
            }
        )
        self.assertEqual(self._find_clock_changes(sold), {23, 24, 25})

    def test_past_days(self):
        self._assert_past_days(
            [
                LEAP_DAY - timedelta(days=1),
                LEAP_DAY,
                # clocks go forward at midnight
                date(2025, 3, 8),
                date(2025, 3, 9),
                # and back at one, to midnight
                date(2025, 11, 1),
                date(2025, 11, 2),
            ]
        )


@tagged("post_install", "-at_install")
class TestInvoicesInYen(VarietyCase):
    """Counting invoices, in a currency without decimals."""

    seed = 4
    tz = "Asia/Tokyo"
    currency = "JPY"
    source = "invoice"
    customers = 30

    def test_today(self):
        run = self._recompute()
        expected = self._assert_as_naive("lifecycle_profile", TODAY)
        self.assertEqual(run.customer_count, len(expected))
        self.assertEqual(self.company.currency_id.decimal_places, 0)
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
            ]
        )
        posted = moves.filtered(lambda move: move.state == "posted")
        self._assert_all(
            {
                **self._find_in_profiles(expected),
                **self._find_in_documents(moves, posted, expected),
                **self._find_in_credits(posted),
                **self._find_in_moments(
                    self.env["sale.order"].search(
                        [("company_id", "=", self.company.id)]
                    )
                ),
            }
        )

    def _find_in_credits(self, posted):
        credits = posted.filtered(lambda move: move.move_type == "out_refund")
        shares = {
            round(credit.amount_untaxed / credit.reversed_entry_id.amount_untaxed, 1)
            for credit in credits.filtered("reversed_entry_id")
        }
        return {
            "a part, all and more credited": {0.3, 1, 1.5} <= shares,
            "credited at another rate": any(
                credit.reversed_entry_id
                and credit.invoice_currency_rate
                != credit.reversed_entry_id.invoice_currency_rate
                for credit in credits
            ),
            "credit notes of no invoice": any(
                not credit.reversed_entry_id for credit in credits
            ),
            "receipts": "out_receipt" in posted.mapped("move_type"),
            "dated ahead": max(posted.mapped("invoice_date")) > TODAY,
        }

    def test_past_days(self):
        self._assert_past_days(
            [date(2023, 6, 1), LEAP_DAY, date(2025, 3, 1), date(2026, 1, 1)]
        )

    def test_customers_refreshed_at_once(self):
        """A few of them read alone are what they are among all."""
        self._recompute()
        customers = list(self.trade.partners.commercial_partner_id)[:6]
        for customer in customers:
            self._invoice(customer, TODAY, 300, currency=self.trade.eur)
        self._refresh()
        names = list(self.env["lifecycle.engine"]._get_fact_columns())
        refreshed = self._read("lifecycle_profile", names)
        self._recompute()
        self.assertEqual(self._read("lifecycle_profile", names), refreshed)
        self._assert_as_naive("lifecycle_profile", TODAY)
