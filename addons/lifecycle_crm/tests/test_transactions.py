from datetime import date, datetime, timedelta

import pytz

from odoo.tests import tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestTransactions(LifecycleCase):
    """What counts as a purchase, whose it is, on which day and how much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls.eur = cls._currency("EUR")

    def _rows(self, company=None, as_of=None):
        """(customer, day, amount, counts as an order) as the engine reads them."""
        company = company or self.company
        self.env.flush_all()
        query = self.env["lifecycle.transaction"]._get_query(company, as_of)
        return sorted(
            (self.env["res.partner"].browse(partner_id), day, float(amount), is_order)
            for partner_id, day, amount, is_order in self.env.execute_query(query)
        )

    def _assert_rows(self, expected, company=None, as_of=None):
        """Of the one customer ``self.partner``."""
        rows = self._rows(company, as_of)
        self.assertEqual({row[0] for row in rows} - {self.partner}, set())
        self.assertEqual(
            [(str(day), amount, is_order) for _p, day, amount, is_order in rows],
            expected,
        )

    # -- sales orders ----------------------------------------------------------

    def test_states(self):
        for day, state in enumerate(("draft", "sent", "cancel", "sale"), 1):
            self._order(self.partner, f"2026-06-0{day}", 100 * day, state=state)
        self._assert_rows([("2026-06-04", 400, True)])

    def test_confirmed_and_cancelled_by_the_user(self):
        order = self._order(self.partner, "2026-06-01", 100, state="draft")
        order.action_confirm()  # the day of the sale is the day of confirmation
        self._assert_rows([("2026-06-15", 100, True)])
        order.action_lock()
        self._assert_rows([("2026-06-15", 100, True)])
        order.action_unlock()
        order._action_cancel()
        self._assert_rows([])

    def test_no_value_is_no_purchase(self):
        self._order(self.partner, "2026-06-01", 0)
        self._assert_rows([])

    def test_below_zero_is_a_return(self):
        self._order(self.partner, "2026-06-01", -30)
        self._assert_rows([("2026-06-01", -30, False)])

    def test_untaxed(self):
        country = self.env.ref("base.us").id
        group = self.env["account.tax.group"].create(
            {"name": "Tax", "company_id": self.company.id, "country_id": country}
        )
        tax = self.env["account.tax"].create(
            {
                "name": "20 %",
                "amount": 20,
                "company_id": self.company.id,
                "tax_group_id": group.id,
                "country_id": country,
            }
        )
        order = self._order(self.partner, "2026-06-01", 100)
        order.order_line.tax_ids = tax
        self.assertEqual(order.amount_total, 120)
        self._assert_rows([("2026-06-01", 100, True)])

    def test_foreign_currency_at_the_rate_of_the_day(self):
        self._rate(self.eur, "2026-01-01", 0.8)
        self._rate(self.eur, "2026-03-01", 0.5)
        self._order(self.partner, "2026-02-28", 100, self.eur)
        self._order(self.partner, "2026-03-01", 100, self.eur)
        self._assert_rows([("2026-02-28", 125, True), ("2026-03-01", 200, True)])

    def test_foreign_amount_is_rounded_to_the_currency(self):
        self._rate(self.eur, "2026-01-01", 3)
        self._order(self.partner, "2026-02-28", 100, self.eur)
        self._assert_rows([("2026-02-28", 33.33, True)])

    def test_future_does_not_count_yet(self):
        self._order(self.partner, "2026-06-16", 100)
        self._order(self.partner, datetime(2026, 6, 15, 23, 59, 59), 1)
        self._assert_rows([("2026-06-15", 1, True)])
        with self.at("2026-06-16"):
            self._assert_rows([("2026-06-15", 1, True), ("2026-06-16", 100, True)])

    def test_as_of_is_the_last_day(self):
        for day in (9, 10, 11):
            self._order(self.partner, f"2026-06-{day:02}", day)
        self._assert_rows(
            [("2026-06-09", 9, True), ("2026-06-10", 10, True)],
            as_of=date(2026, 6, 10),
        )

    # -- days in the company's time zone ---------------------------------------

    def test_half_past_eleven_at_night(self):
        for tz in ("UTC", "Asia/Tehran", "America/New_York"):
            local = pytz.timezone(tz).localize(datetime(2026, 6, 14, 23, 30))
            moment = local.astimezone(pytz.utc).replace(tzinfo=None)
            with self.subTest(tz=tz):
                company = self._create_company(f"In {tz}", tz=tz)
                self._order(self.partner, moment, 100, company=company)
                self._order(
                    self.partner, moment + timedelta(hours=1), 7, company=company
                )
                expected = [("2026-06-14", 100, True), ("2026-06-15", 7, True)]
                self._assert_rows(expected, company)
                self._assert_rows(expected[:1], company, as_of=date(2026, 6, 14))
                self._assert_rows([], company, as_of=date(2026, 6, 13))

    def test_days_begin_at_midnight_also_when_clocks_change(self):
        for tz, day in (
            ("America/New_York", date(2026, 3, 8)),
            ("America/New_York", date(2026, 11, 1)),
            ("Asia/Tehran", date(2022, 3, 22)),  # midnight itself was left out
            ("Asia/Tehran", date(2022, 9, 21)),
            ("Asia/Tehran", date(2026, 3, 22)),
            ("America/Havana", date(2025, 11, 2)),  # midnight came twice
            ("Atlantic/Azores", date(2025, 10, 26)),
            ("America/Havana", date(2026, 3, 8)),
        ):
            with self.subTest(tz=tz, day=day):
                company = self._create_company(f"{tz} {day}", tz=tz)
                scope = self.env["lifecycle.transaction"]._get_scope(
                    company, day - timedelta(days=1)
                )
                self._order(self.partner, scope.until, 2, company=company)
                self._order(
                    self.partner, scope.until - timedelta(seconds=1), 1, company=company
                )
                rows = self._rows(company, as_of=day)
                self.assertEqual(
                    [row[1:3] for row in rows], [(day - timedelta(days=1), 1), (day, 2)]
                )
                before = self._rows(company, as_of=day - timedelta(days=1))
                self.assertEqual([row[2] for row in before], [1])

    def test_time_zone_of_the_company(self):
        company = self._create_company("Somewhere", tz=False)
        self.assertEqual(company._get_lifecycle_tz(), "UTC")
        company.partner_id.tz = "Asia/Tehran"
        self.assertEqual(company._get_lifecycle_tz(), "Asia/Tehran")
        company.lifecycle_tz = "America/New_York"
        self.assertEqual(company._get_lifecycle_tz(), "America/New_York")
        with self.at(datetime(2026, 6, 15, 3, 59)):
            self.assertEqual(company._get_lifecycle_today(), date(2026, 6, 14))
        with self.at(datetime(2026, 6, 15, 4, 0)):
            self.assertEqual(company._get_lifecycle_today(), date(2026, 6, 15))

    # -- whose it is -------------------------------------------------------------

    def test_contacts_at_any_depth(self):
        self.partner.is_company = True
        contact = self._partner("Contact", parent_id=self.partner.id)
        address = self._partner("Door", parent_id=contact.id, type="delivery")
        self._order(contact, "2026-06-01", 10)
        self._order(address, "2026-06-02", 20)
        self._assert_rows([("2026-06-01", 10, True), ("2026-06-02", 20, True)])
        self._recompute()
        self.assertEqual(self._facts(address, "order_count", "revenue_total"), (2, 30))
        self.assertEqual(address.lifecycle_profile_id.partner_id, self.partner)

    def test_company_inside_a_company_buys_for_itself(self):
        self.partner.is_company = True
        branch = self._partner("Branch", parent_id=self.partner.id, is_company=True)
        self._order(branch, "2026-06-01", 10)
        self.assertEqual([row[0] for row in self._rows()], [branch])

    def test_own_companies_are_no_customers(self):
        other = self._create_company("Sister Company")
        clerk = self._partner("Clerk", parent_id=other.partner_id.id)
        for partner in (self.company.partner_id, other.partner_id, clerk):
            self._order(partner, "2026-06-01", 10)
            self._order(partner, "2026-06-02", 10, state="draft")
            self._lead(partner, "2026-06-01")
        self._assert_rows([])
        self._recompute()
        self.assertFalse(
            self.env["lifecycle.profile"].search([("company_id", "=", self.company.id)])
        )

    def test_archived_customer_keeps_the_profile(self):
        self._order(self.partner, "2026-06-01", 10)
        self._recompute()
        before = self._profile(self.partner)
        self.partner.active = False
        self._recompute()
        self.assertEqual(self._profile(self.partner), before)
        self.assertEqual(before.stage_id, self._stage("new"))
        # read, filter and sum of the contact say the same
        self.assertEqual(self.partner.lifecycle_profile_id, before)
        partners = self.env["res.partner"].with_context(active_test=False)
        domain = [("lifecycle_stage_id", "=", self._stage("new").id)]
        self.assertEqual(partners.search(domain), self.partner)
        [[total]] = partners._read_group(domain, [], ["clv_historic:sum"])
        self.assertEqual(total, 10)

    def test_each_company_has_its_own_numbers(self):
        euro = self._create_company("Euro Company", currency="EUR")
        self._rate(self.usd, "2026-01-01", 2, company=euro)
        self._rate(self.eur, "2026-01-01", 0.5)
        self._order(self.partner, "2026-06-01", 100)
        self._order(self.partner, "2026-06-02", 30, company=euro)
        self._order(self.partner, "2026-06-03", 30, currency=self.usd, company=euro)
        self._recompute(self.company | euro)
        names = ("order_count", "revenue_total", "last_order_date")
        self.assertEqual(self._facts(self.partner, *names), (1, 100, date(2026, 6, 1)))
        self.assertEqual(
            self._facts(self.partner, *names, company=euro), (2, 45, date(2026, 6, 3))
        )
        self.assertEqual(self._profile(self.partner, euro).currency_id, self.eur)
        # and the partner shows those of the current company
        self.assertEqual(self.partner.clv_historic, 100)
        self.assertEqual(self.partner.with_company(euro).clv_historic, 45)

    def test_documents_behind_the_figures(self):
        """The list of purchases sums up to the profile, each row opens its document."""
        order = self._order(self.partner, "2026-06-01", 100)
        credit = self._refund(self._invoice_order(order), "2026-06-03", 30)
        rows = self.env["lifecycle.transaction"].search([])
        self.assertEqual(
            [(row.date, row.amount, row.reference) for row in rows],
            [
                (date(2026, 6, 3), -30, credit.name),
                (date(2026, 6, 1), 100, order.name),
            ],
        )
        self.assertEqual(
            [self.env[row.res_model].browse(row.res_id) for row in rows],
            [credit, order],
        )
