"""Who leaves: shares against a count customer by customer, and who sees them."""

from collections import Counter, defaultdict
from datetime import date
from math import sqrt

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from .history_common import HistoryCase

FIRST, LAST = date(2025, 5, 31), date(2026, 5, 31)
COUNTRIES = ("base.us", "base.nl", "base.fr")


def wilson(lost, total, z=1.96):
    """Interval of a share by Wilson, written differently than in SQL."""
    share = lost / total
    centre = share + z * z / (2 * total)
    half = z * sqrt((share * (1 - share) + z * z / (4 * total)) / total)
    return (centre - half) / (1 + z * z / total), (centre + half) / (1 + z * z / total)


@tagged("post_install", "-at_install")
class TestLossReport(HistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        case._random_trade(11, 60)
        case._recompute()
        case._rebuild(24)
        cls.report = cls.env["lifecycle.loss.report"]
        profiles = cls.env["lifecycle.profile"].search(
            [("company_id", "=", cls.company.id)]
        )
        for number, partner in enumerate(profiles.partner_id.sorted("id")):
            partner.country_id = cls.env.ref(COUNTRIES[number % 3])
        cls.env.flush_all()

    def _snapshots(self, month):
        rows = self.snapshots.search(
            [("company_id", "=", self.company.id), ("month", "=", month)]
        )
        return {row.partner_id: row for row in rows}

    def _count(self):
        """``{country: [customers, lost, revenue lost]}``, customer by customer."""
        base, done = self._snapshots(FIRST), self._snapshots(LAST)
        year = self._snapshots(date(2024, 5, 31))
        found = defaultdict(lambda: [0, 0, 0])
        for partner, row in base.items():
            if row.order_count and not row.lapsed and partner in done:
                lost = done[partner].lapsed
                before = year[partner].revenue_total if partner in year else 0
                count = found[partner.country_id]
                count[0] += 1
                count[1] += lost
                count[2] += (row.revenue_total - before) * lost
        return found

    def _groups(self, groupby, *aggregates, user=None):
        report = self.report.with_user(user) if user else self.report
        return report._read_group(
            [("company_id", "=", self.company.id), ("span", "=", "12")],
            groupby,
            aggregates,
        )

    def test_shares_are_those_of_the_customers(self):
        counted = self._count()
        self.assertGreaterEqual(len(counted), 3)
        self.assertGreater(sum(lost for _n, lost, _money in counted.values()), 2)
        rows = self._groups(
            ["country_id"],
            "customer_count:sum",
            "lost_count:sum",
            "lost_rate:avg",
            "rate_low:avg",
            "rate_high:avg",
            "revenue_lost:sum",
        )
        self.assertEqual(len(rows), len(counted))
        for country, customers, lost, rate, low, high, money in rows:
            self.assertEqual([customers, lost], counted[country][:2])
            self.assertAlmostEqual(float(money), float(counted[country][2]), 2)
            self.assertAlmostEqual(rate, lost / customers)
            for end, expected in zip((low, high), wilson(lost, customers), strict=True):
                self.assertAlmostEqual(end, expected)

    def test_interval_is_wide_where_there_are_few(self):
        [[whole_low, whole_high]] = self._groups([], "rate_low:avg", "rate_high:avg")
        for _country, low, high in self._groups(
            ["country_id"], "rate_low:avg", "rate_high:avg"
        ):
            self.assertGreater(high - low, whole_high - whole_low)
            self.assertTrue(0 <= low <= high <= 1)

    def test_first_product_and_category(self):
        category = self.env["product.category"].create({"name": "First Things"})
        product = self.env["product.product"].create(
            {"name": "First Thing", "categ_id": category.id, "taxes_id": False}
        )
        partner = self._partner("Beginner")
        order = self._order(partner, date(2025, 4, 1), 10)
        order.order_line.copy(
            {"order_id": order.id, "product_id": product.id, "price_unit": 500}
        )
        self._order(partner, date(2025, 5, 1), 9000)
        self._recompute()
        self._rebuild(24)
        row = self.report.search([("partner_id", "=", partner.id), ("span", "=", "12")])
        self.assertEqual(row.first_product_id, product.product_tmpl_id)
        self.assertEqual(row.first_categ_id, category)

    def test_acquisition_source_is_the_first_that_is_named(self):
        fair, mailing = self.env["utm.source"].create(
            [{"name": "Trade Fair"}, {"name": "Later Mailing"}]
        )
        partner = self._partner("Met at the Fair")
        lead = self.env["crm.lead"].create(
            {
                "name": "Met",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "source_id": fair.id,
            }
        )
        self.env.cr.execute(
            SQL("UPDATE crm_lead SET create_date = '2025-03-01' WHERE id = %s", lead.id)
        )
        order = self._order(partner, date(2026, 6, 10), 10)
        order.source_id = mailing
        self._order(partner, date(2025, 4, 1), 10)
        self._recompute()
        self._rebuild(24)
        row = self.report.search([("partner_id", "=", partner.id), ("span", "=", "12")])
        self.assertEqual(row.source_id, fair)

    def test_spans(self):
        rows = self.report.search([("company_id", "=", self.company.id)])
        months = Counter((row.span, row.month) for row in rows)
        self.assertEqual(
            set(months),
            {
                ("3", date(2026, 2, 28)),
                ("6", date(2025, 11, 30)),
                ("12", date(2025, 5, 31)),
            },
        )
        self.assertEqual(len(set(rows.ids)), len(rows))

    def test_who_sees_it(self):
        def user(login, group):
            return new_test_user(
                self.env,
                login,
                group,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )

        leader = user("loss_leader", "sales_team.group_sale_salesman_all_leads")
        self.assertTrue(self._groups([], "customer_count:sum", user=leader)[0][0])
        for login, group in (
            ("loss_own", "sales_team.group_sale_salesman"),
            ("loss_clerk", "base.group_user"),
            ("loss_portal", "base.group_portal"),
        ):
            with self.assertRaises(AccessError):
                self._groups([], "rate_low:avg", user=user(login, group))
        other = self._create_company("Loss Elsewhere")
        leader.company_ids |= other
        elsewhere = self.report.with_user(leader).with_context(
            allowed_company_ids=other.ids
        )
        self.assertFalse(elsewhere.search_count([]))


@tagged("post_install", "-at_install")
class TestReportsTour(HistoryCase, HttpCase):
    def test_manager(self):
        self._random_trade(7, 40)
        self._recompute()
        self._rebuild(24)
        user = new_test_user(
            self.env,
            "report_leader",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.start_tour("/odoo/lifecycle", "lifecycle_reports", login=user.login)
