from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .result_common import ResultCase


@tagged("post_install", "-at_install")
class TestPlayResults(ResultCase):
    def setUp(self):
        super().setUp()
        self.day = self.today - timedelta(days=40)

    def _trade(self, treated, treated_buyers, held_out, held_out_buyers, amount=100):
        """Customers of both arms, of whom some buy."""
        for arm, count, buyers in (
            ("treated", treated, treated_buyers),
            ("control", held_out, held_out_buyers),
        ):
            partners = self._partners(count, arm)
            ways = self._enroll(partners, arm, self.day)
            self._execute(ways, self.day)
            self._bought(partners[:buyers], self.day + timedelta(days=3), amount)

    def test_the_figures_of_a_play(self):
        self.play.cost_per_contact = 1
        self._trade(90, 45, 10, 2)
        self._refresh_results()
        result = self._result()
        self.assertEqual((result.treated_count, result.control_count), (90, 10))
        self.assertEqual((result.treated_buyers, result.control_buyers), (45, 2))
        self.assertEqual(result.entered_count, 100)
        self.assertAlmostEqual(result.treated_rate, 0.5)
        self.assertAlmostEqual(result.control_rate, 0.2)
        self.assertAlmostEqual(result.rate_uplift, 0.3)
        self.assertTrue(result.rate_low < 0.3 < result.rate_high)
        self.assertEqual(result.treated_revenue, 4500)
        # as many held out would have given 90 × 0.2 orders of 100
        self.assertAlmostEqual(result.incremental_orders, 27)
        self.assertAlmostEqual(result.incremental_revenue, 2700)
        self.assertEqual(result.cost, 90)
        self.assertAlmostEqual(result.net, 2610)
        self.assertTrue(result.net_low < 2610 < result.net_high)

    def test_a_step_has_its_own_row(self):
        self._trade(20, 10, 10, 2)
        self._refresh_results()
        result = self._result(step=self.step)
        self.assertEqual((result.treated_count, result.control_count), (20, 10))
        self.assertEqual(result.display_name, "Test play: Mail")
        self.assertEqual(len(self.results.search([("play_id", "=", self.play.id)])), 2)

    def test_a_customer_who_entered_twice_is_one(self):
        partner = self._partner()
        self._enroll(partner, "treated", self.day - timedelta(days=50))
        self._enroll(partner, "treated", self.day)
        self._enroll(self._partner(), "control", self.day)
        self._order(partner, self.day + timedelta(days=1), 10)
        self._refresh_results()
        result = self._result()
        self.assertEqual((result.entered_count, result.treated_count), (3, 1))
        self.assertEqual(result.treated_buyers, 1)

    # -- the verdict -----------------------------------------------------------------

    def test_earned(self):
        self._trade(300, 200, 100, 20)
        self._refresh_results()
        self.assertEqual(self.play.verdict, "earned")
        self.assertIn("Earned $", self.play.verdict_text)
        self.assertEqual(self._result().weeks, 0)

    def test_lost_asks_the_owner_once_to_pause(self):
        owner = new_test_user(
            self.env,
            "play_owner",
            "lifecycle_crm.group_lifecycle_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.play.user_id = owner
        # running, with whoever is in it already
        self.play.flush_recordset()
        self.env.cr.execute(
            "UPDATE lifecycle_play SET state = 'running' WHERE id = %s", [self.play.id]
        )
        self.play.invalidate_recordset()
        self.play.cost_per_contact = 50
        self._trade(300, 60, 100, 20)
        for _night in range(2):
            self._refresh_results()
            self.assertEqual(self.play.verdict, "lost")
            self.assertEqual(len(self.play.activity_ids), 1)
        activity = self.play.activity_ids
        self.assertEqual(activity.user_id, owner)
        self.assertEqual(activity.summary, "This play loses money. Pause it?")
        self.assertIn("Lost", activity.note)
        self.assertEqual(self.play.state, "running", "it only proposes")

    def test_a_paused_play_does_not_propose_to_pause(self):
        self.play.cost_per_contact = 50
        self._trade(300, 60, 100, 20)
        self._refresh_results()
        self.assertEqual(self.play.verdict, "lost")
        self.assertFalse(self.play.activity_ids)

    def test_cannot_tell_yet_says_how_many_weeks(self):
        self._trade(180, 60, 60, 14)
        self._refresh_results()
        result = self._result()
        self.assertEqual(result.verdict, "unsure")
        self.assertGreater(result.weeks, 0)
        self.assertIn(f"about {result.weeks} more weeks", self.play.verdict_text)

    def test_words_for_what_cannot_be_told(self):
        self.assertEqual(self.play.verdict_text, "Nobody has entered yet.")
        self._enroll(self._partners(3), "treated", self.today)
        self._refresh_results()
        self.assertIn("07/15/2026", self.play.verdict_text)
        self._enroll(self._partners(3), "treated", self.day)
        self._refresh_results()
        self.assertIn("by chance none of these", self.play.verdict_text)
        share, self.play.control_share = self.play.control_share, 0
        self.assertIn("nobody was held out", self.play.verdict_text)
        self.play.control_share = share
        self._enroll(self._partners(3), "control", self.day)
        self._refresh_results()
        self.assertIn("none of these customers has bought", self.play.verdict_text)
        self.assertEqual(self.play.verdict, "unsure")

    def test_the_scheduled_action_refreshes_every_company(self):
        other = self._create_company("Other Company")
        play = self._create_play("Theirs", company=other)
        self._enroll(self._partner(), "treated", self.day)
        self._enroll(self._partner(), "treated", self.day, play)
        with self._no_commit():
            self.results._cron_refresh()
        everything = self.results.sudo()
        self.assertTrue(everything.search([("play_id", "=", self.play.id)]))
        self.assertTrue(everything.search([("play_id", "=", play.id)]))

    def test_time_that_counts_has_limits(self):
        for days in (0, -5, 366):
            with self.assertRaisesRegex(ValidationError, "Time That Counts"):
                self.play.outcome_days = days

    def test_margin_counts_where_it_is_known(self):
        if "margin" not in self.env["sale.order.line"]._fields:
            self.assertFalse(self.outcomes._has_margin(self.company))
            self._trade(5, 2, 5, 2)
            self._refresh_results()
            self.assertFalse(self._result().has_margin)
            self.assertFalse(any(self.outcomes.search([]).mapped("margin")))
            return
        self.product.standard_price = 40
        partner = self._partner()
        self._enroll(partner, "treated", self.day)
        self._enroll(self._partner(), "control", self.day)
        self._order(partner, self.day + timedelta(days=1), 100)
        self._refresh_results()
        self.assertEqual(self._result().incremental_margin, 60)
        self.assertEqual(self._result().net, 60)

    # -- who sees it -----------------------------------------------------------------

    def test_other_companies_and_outsiders_see_nothing(self):
        self._trade(5, 2, 5, 2)
        self._refresh_results()
        other = self._create_company("Other Company")
        stranger = new_test_user(
            self.env,
            "play_stranger",
            "lifecycle_crm.group_lifecycle_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        portal = new_test_user(self.env, "play_portal", "base.group_portal")
        plain = new_test_user(self.env, "play_plain", "base.group_user")
        for model in (self.results, self.outcomes):
            records = model.search([("play_id", "=", self.play.id)])
            self.assertTrue(records)
            theirs = model.with_user(stranger).with_context(
                allowed_company_ids=other.ids
            )
            self.assertFalse(theirs.search([("play_id", "=", self.play.id)]))
            self.assertFalse(
                theirs._read_group([("play_id", "=", self.play.id)], ["arm"])
                if model == self.outcomes
                else theirs._read_group([("play_id", "=", self.play.id)], ["verdict"])
            )
            with self.assertRaises(AccessError):
                records[0].with_user(stranger).with_context(
                    allowed_company_ids=other.ids
                ).read(["revenue" if model == self.outcomes else "net"])
            for user in (portal, plain):
                with self.assertRaises(AccessError):
                    model.with_user(user).search([])

    def test_nobody_writes_results_by_hand(self):
        self._trade(5, 2, 5, 2)
        self._refresh_results()
        manager = new_test_user(
            self.env,
            "play_manager",
            "lifecycle_crm.group_lifecycle_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self._result().with_user(manager).write({"verdict": "earned"})
        # but the refresh is theirs
        self.play.with_user(manager).action_refresh_result()
