from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestStages(LifecycleCase):
    """Where a customer stands: rules, their order, pins, companies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        cls._order(cls.partner, "2026-06-01", 100)
        cls.stages = cls.env["lifecycle.stage"]

    def _stage_of(self, partner=None, company=None):
        return self._profile(partner or self.partner, company).stage_id

    def _last_stage(self, domain, **values):
        """A stage behind all others, so that it takes all whom its rule takes."""
        return self.stages.create(
            {"name": "Last", "sequence": 999, "domain": str(domain), **values}
        )

    def _taken(self, domain, partner=None):
        """Whether a rule takes a customer."""
        stage = self._last_stage(domain)
        self._recompute()
        taken = self._stage_of(partner) == stage
        stage.unlink()
        return taken

    # -- rules -------------------------------------------------------------------

    def test_last_rule_that_holds_wins(self):
        first = self._last_stage([("order_count", ">", 0)], name="A", sequence=901)
        second = self._last_stage([("order_count", "=", 1)], name="B", sequence=902)
        self._last_stage([("order_count", ">", 5)], name="C", sequence=903)
        self._recompute()
        self.assertEqual(self._stage_of(), second)
        first.sequence = 904
        self._recompute()
        self.assertEqual(self._stage_of(), first)

    def test_no_rule_takes_nobody(self):
        self._last_stage([], name="Empty")
        self._last_stage("", name="Nothing")
        self._recompute()
        self.assertEqual(self._stage_of(), self._stage("new"))

    def test_nowhere(self):
        self.stages.search([]).active = False
        self._recompute()
        self.assertFalse(self._stage_of())
        self.assertEqual(self._profile(self.partner).order_count, 1)

    def test_rule_over_the_contact(self):
        self.partner.country_id = self.env.ref("base.ir")
        abroad = self._partner("Abroad", country_id=self.env.ref("base.nl").id)
        self._order(abroad, "2026-06-01", 100)
        stage = self._last_stage([("partner_id.country_id.code", "=", "NL")])
        self._recompute()
        self.assertEqual(self._stage_of(abroad), stage)
        self.assertEqual(self._stage_of(), self._stage("new"))

    def test_rule_over_lists_of_the_contact(self):
        self.partner.category_id = [Command.create({"name": "Press"})]
        for domain, taken in (
            ([("partner_id.category_id.name", "=", "Press")], True),
            ([("partner_id.category_id", "any", [("name", "=", "VIP")])], False),
            ([("partner_id", "any", [("category_id.name", "ilike", "pre")])], True),
            ([("partner_id.category_id", "!=", False)], True),
            (["!", ("partner_id.category_id.name", "=", "Press")], False),
            (["|", ("order_count", ">", 9), ("segment_id.name", "=", "Active")], True),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._taken(domain), taken)

    def test_days(self):
        for domain, taken in (
            ([("days_since_order", "=", 14)], True),
            ([("days_since_order", ">", 14)], False),
            ([("days_since_order", "<=", 14)], True),
            ([("days_lapsed", ">=", 0)], False),
            ([("days_since_comeback", "<", 90)], False),  # never
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._taken(domain), taken)

    def test_relative_dates(self):
        for domain, taken in (
            ([("last_order_date", "=", "today -14d")], True),
            ([("last_order_date", "in", ["today -14d", "today"])], True),
            ([("last_order_date", "not in", ["today -14d"])], False),
            ([("last_order_date", ">", "today -2w")], False),
            ([("last_order_date", ">=", "today =1d")], True),
            ([("last_order_date", "=", "2026-06-01")], True),
            ([("last_order_date", "<", "-1m")], False),
            ([("lapse_date", ">", "today +11m")], True),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(self._taken(domain), taken)

    def test_relative_dates_of_a_past_day(self):
        """A rule asked for a day of the past takes that day for today."""
        self._order(self.partner, "2025-03-01", 100)
        for domain in (
            [("last_order_date", ">=", "today -30d")],
            [("last_order_date", "in", ["today -9d", "today -14d"])],
            [("days_since_order", "<=", 30)],
            ["!", ("last_order_date", "<", "today -30d")],
            [("partner_id.lifecycle_profile_ids.last_order_date", ">", "today -1m")],
        ):
            stage = self._last_stage(domain)
            with self.subTest(domain=domain):
                self._recompute(day="2025-03-10")
                self.assertEqual(self._stage_of(), stage)
                self._recompute(day="2025-05-10")
                self.assertNotEqual(self._stage_of(), stage)
                self.env["lifecycle.engine"]._stage_company(
                    self.company, date(2025, 3, 10)
                )
                self.env.cr.execute("SELECT stage_id FROM lifecycle_profile_new")
                self.assertEqual(self.env.cr.fetchall(), [(stage.id,)])
            stage.unlink()

    def test_moments_in_the_time_zone_of_the_company(self):
        self.company.lifecycle_tz = "Asia/Tehran"
        stage = self._last_stage([("partner_id.create_date", ">=", "today")])
        for moment, taken in (
            (datetime(2026, 6, 14, 20, 29, 59), False),  # +03:30
            (datetime(2026, 6, 14, 20, 30), True),
        ):
            self._created_on(self.partner, moment)
            self._recompute()
            self.assertEqual(self._stage_of() == stage, taken, moment)

    # -- the default rules ---------------------------------------------------------

    def test_typical_customers(self):
        def customer(name, *days, amount=100):
            partner = self._partner(name)
            for day in days:
                self._order(partner, TODAY - timedelta(days=day), amount)
            return partner

        monthly = range(0, 300, 30)  # so 30 days are typical of the company
        quotation = self._partner("Asks")
        self._order(quotation, TODAY, 100, state="sent")
        expected = {
            quotation: "lead",
            customer("Once, lately", 10): "new",
            customer("Once, long ago", 59): "new",
            customer("Once, too long ago", 60): "at_risk",
            customer("Twice, in time", 10, 30): "active",
            customer("Often and much", *monthly, amount=900): "loyal",
            customer("Often, but little", *monthly, amount=1): "active",
            customer("Often and much, late", *(d + 45 for d in monthly)): "at_risk",
            customer("Twice, out of time", 30, 50): "at_risk",
            customer("Gone", 365): "lapsed",
            customer("Came back", 89, 600): "won_back",
            customer("Came back some time ago", 90, 600): "active",
        }
        self._recompute()
        self.assertEqual(
            {partner.name: self._stage_of(partner).name for partner in expected},
            {
                partner.name: self._stage(name).name
                for partner, name in expected.items()
            },
        )

    def test_customers_move_both_ways(self):
        self._recompute(day="2026-09-29")  # twice 60 days after 1 June
        self.assertEqual(self._stage_of(), self._stage("at_risk"))
        self._recompute(day="2026-09-28")
        self.assertEqual(self._stage_of(), self._stage("new"))

    # -- pins ------------------------------------------------------------------------

    def _pin(self, stage="advocate", until=False):
        self._profile(self.partner)._pin_stage(self._stage(stage), until, "Test")

    def test_pin_holds_until_its_last_day(self):
        self._recompute()
        self._pin(until=date(2026, 6, 20))
        self.assertEqual(self._stage_of(), self._stage("advocate"))
        self._recompute(day="2026-06-20")
        self.assertEqual(self._stage_of(), self._stage("advocate"))
        self._recompute(day="2026-06-21")
        self.assertEqual(self._stage_of(), self._stage("new"))
        self.assertEqual(
            [
                (move.from_stage_id, move.cause)
                for move in self._transitions(self.partner)
            ],
            [(self._stage("new"), "manual"), (self._stage("advocate"), "time")],
        )

    def test_pin_without_end_and_unpin(self):
        self._recompute()
        self._pin()
        self._recompute(day=TODAY + relativedelta(years=5))
        self.assertEqual(self._stage_of(), self._stage("advocate"))
        self._profile(self.partner).action_unpin_stage()
        self.assertFalse(self.env["lifecycle.run"].search([("state", "=", "pending")]))
        self._refresh()
        self.assertEqual(self._stage_of(), self._stage("new"))
        self.assertFalse(self._profile(self.partner).pin_reason)

    def test_pin_to_a_day_that_has_passed(self):
        self._recompute()
        with self.assertRaises(UserError):
            self._pin(until=date(2026, 6, 14))
        self._pin(until=TODAY)

    def test_pin_by_the_day_of_the_company(self):
        self.company.lifecycle_tz = "Asia/Tehran"
        self._recompute()
        with self.at(datetime(2026, 6, 15, 21)):  # half past midnight there
            with self.assertRaises(UserError):
                self._pin(until=date(2026, 6, 15))
            self._pin(until=date(2026, 6, 16))
        self.assertEqual(self._transitions(self.partner).date, date(2026, 6, 16))
        self.assertEqual(self._profile(self.partner).stage_date, date(2026, 6, 16))

    def test_pin_survives_other_changes(self):
        self._recompute()
        self._pin()
        self._order(self.partner, TODAY, 100)
        self._recompute()
        self.assertEqual(self._stage_of(), self._stage("advocate"))
        self.assertEqual(self._profile(self.partner).order_count, 2)

    # -- stages that go ----------------------------------------------------------------

    def test_stage_archived_while_customers_are_in_it(self):
        stage = self._last_stage([("order_count", ">", 0)])
        self._recompute()
        self.assertEqual(self._stage_of(), stage)
        stage.active = False
        self._process_pending()
        self.assertEqual(self._stage_of(), self._stage("new"))
        self.assertEqual(self._transitions(self.partner).cause, "rules")

    def test_stage_deleted_while_customers_are_in_it(self):
        stage = self._last_stage([("order_count", ">", 0)])
        self._recompute()
        stage.unlink()
        self._process_pending()
        self.assertEqual(self._stage_of(), self._stage("new"))

    def test_stage_archived_while_customers_are_pinned_to_it(self):
        self._recompute()
        self._pin()
        self._stage("advocate").active = False
        self._process_pending()
        self.assertEqual(self._stage_of(), self._stage("new"))

    def test_stage_deleted_while_customers_are_pinned_to_it(self):
        stage = self._last_stage([])
        self._recompute()
        self._profile(self.partner)._pin_stage(stage)
        stage.unlink()
        self._process_pending()
        self.assertEqual(self._stage_of(), self._stage("new"))

    def test_stage_of_one_company(self):
        other = self._create_company("Other")
        self._order(self.partner, "2026-06-01", 100, company=other)
        stage = self._last_stage([("order_count", ">", 0)], company_id=other.id)
        self._recompute(self.company | other)
        self.assertEqual(self._stage_of(), self._stage("new"))
        self.assertEqual(self._stage_of(company=other), stage)
        stage.company_id = self.company
        self._recompute(self.company | other)
        self.assertEqual(self._stage_of(), stage)
        self.assertEqual(self._stage_of(company=other), self._stage("new"))
