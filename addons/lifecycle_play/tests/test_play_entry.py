from datetime import timedelta

from odoo.tests import tagged

from ..scoring.arms import get_arm
from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayEntry(PlayCase):
    """Who enters a play, when, and who never does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        # two orders, so that the gap is 30 days: at risk after 45, lapsed later
        cls._order(cls.partner, "2025-01-01", 100)
        cls._order(cls.partner, "2025-01-31", 100)

    def _lapse_day(self):
        return self._profile(self.partner).lapse_date

    def _before(self):
        """A first run on a day on which the customer has not lapsed."""
        self._recompute(day="2025-02-10")
        self.assertEqual(self._profile(self.partner).stage_id, self._stage("active"))

    def test_enters_when_time_brings_it_there(self):
        play = self._play()
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
        day = self._lapse_day()
        run = self._recompute(day=day, reason="nightly")
        self.assertFalse(run.quiet)
        [way] = self._ways(play)
        self.assertEqual(way.partner_id, self.partner)
        self.assertEqual(way.profile_id, self._profile(self.partner))
        self.assertEqual(way.company_id, self.company)
        self.assertEqual(
            (way.state, way.arm, way.source), ("running", "treated", "transition")
        )
        self.assertEqual(way.entered_day, day)
        self.assertEqual(way.transition_id, self._transitions(self.partner)[-1])
        self.assertEqual(way.transition_id.to_stage_id, self._stage("lapsed"))
        self.assertEqual(way.step_id, play.step_ids)
        self.assertEqual(way.entry_order_count, 2)
        # the next nights find nothing new
        self._recompute(day=day + timedelta(days=1), reason="nightly")
        self.assertEqual(self._ways(play), way)

    def test_calls_the_scheduled_action(self):
        play = self._play()
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
        cron = self.env.ref("lifecycle_play.cron_run")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def test_nobody_enters_in_the_first_run(self):
        play = self._play(to_stage_id=False)
        self._start(play)
        run = self._recompute(day=self.today)
        self.assertTrue(run.quiet)
        self.assertEqual(self._profile(self.partner).stage_id, self._stage("lapsed"))
        self.assertFalse(self._ways(play))

    def test_nobody_enters_by_an_import(self):
        play = self._play(to_stage_id=self._stage("active").id)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            other = self._customer("Imported")
            self._order(other, "2025-02-01", 10)
            self._order(other, "2025-02-05", 10)
            self._recompute(reason="import", quiet=True)
        self.assertEqual(self._transitions(other).mapped("cause"), ["import"])
        self.assertFalse(self._ways(play))

    def test_nobody_enters_by_a_change_of_rules(self):
        play = self._play(to_stage_id=self._stage("loyal").id)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            self._stage("loyal").domain = "[('order_count', '>=', 2)]"
            self._process_pending()
        self.assertEqual(self._transitions(self.partner)[-1].cause, "rules")
        self.assertFalse(self._ways(play))

    def test_nobody_enters_by_a_rebuild_of_the_history(self):
        play = self._play(to_stage_id=False)
        self._before()
        with self.at("2025-12-20"):
            self._start(play)
            rebuild = self.env["lifecycle.snapshot"]._rebuild(self.company, 24, None)
            self.assertEqual(rebuild.state, "done", rebuild.error)
        months = self.env["lifecycle.snapshot"].search_count(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertGreater(months, 3)
        self.assertFalse(self._ways(play))

    def test_who_bought_enters_beside_a_change_of_rules(self):
        """The rules move some quietly; who bought meanwhile enters."""
        play = self._play(to_stage_id=self._stage("new").id)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            other = self._customer("First Buyer")
            self._order(other, "2025-02-11", 10)
            self._recompute(reason="rules", quiet=True)
        self.assertEqual(self._ways(play).partner_id, other)

    def test_a_paused_play_lets_nobody_in(self):
        play = self._play()
        self._before()
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertFalse(self._ways(play))
        with self.at(self.today):
            self._start(play)
            self._recompute(reason="nightly")
        self.assertFalse(self._ways(play), "who came before the start stays out")

    def test_pinned_by_hand(self):
        play = self._play(to_stage_id=self._stage("advocate").id)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            self._profile(self.partner)._pin_stage(self._stage("advocate"))
        self.assertEqual(self._ways(play).partner_id, self.partner)

    def test_where_it_comes_from(self):
        elsewhere = self._play(from_stage_id=self._stage("loyal").id)
        here = self._play(from_stage_id=self._stage("at_risk").id)
        self._before()
        with self.at("2025-02-11"):
            self._start(elsewhere)
            self._start(here)
        self._recompute(day="2025-03-20", reason="nightly")
        self.assertEqual(self._profile(self.partner).stage_id, self._stage("at_risk"))
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertFalse(self._ways(elsewhere))
        self.assertTrue(self._ways(here))

    def test_by_segment(self):
        play = self._play(transition_kind="segment", to_stage_id=False)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            for number in range(9):
                self._order(self._partner(f"Better {number}"), "2025-02-11", 1000)
            self._recompute(reason="nightly")
        self.assertIn(self.partner, self._ways(play).partner_id)
        self.assertEqual(
            set(self._ways(play).transition_id.mapped("kind")), {"segment"}
        )

    # -- who is meant ----------------------------------------------------------------

    def test_audience(self):
        rich = self._play(audience_domain="[('revenue_total', '>', 500)]")
        some = self._play(audience_domain="[('revenue_total', '<', 500)]")
        contact = self._play(audience_domain="[('partner_id.email', 'ilike', 'buyer')]")
        named = self._play(
            audience_ids=[
                (
                    0,
                    0,
                    {
                        "name": "Poor",
                        "company_id": self.company.id,
                        "profile_domain": "[('revenue_total', '<', 50)]",
                    },
                )
            ]
        )
        self._before()
        with self.at("2025-02-11"):
            for play in (rich, some, contact, named):
                self._start(play)
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertFalse(self._ways(rich))
        self.assertTrue(self._ways(some))
        self.assertTrue(self._ways(contact))
        self.assertFalse(self._ways(named))

    def test_archived_contact(self):
        play = self._play()
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
        self.partner.active = False
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertFalse(self._ways(play))

    def test_other_company(self):
        other = self._create_company("Other Company")
        play = self._play(company_id=other.id)
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
        self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertFalse(self._ways(play))

    def test_a_contact_that_another_company_keeps_to_itself(self):
        partner = self._customer(
            "Theirs", company_id=self._create_company("Other Company").id
        )
        mine = self._customer("Mine", company_id=self.company.id)
        play = self._play(entry_kind="hand")
        self._start(play)
        play._enter_by_hand(partner | mine)
        self.assertEqual(self._ways(play).partner_id, mine)

    def test_an_audience_that_broke_pauses_the_play_not_the_run(self):
        play, healthy = self._play(), self._play()
        self._before()
        with self.at("2025-02-11"):
            self._start(play)
            self._start(healthy)
        # as after the removal of an addon
        play._cr.execute(
            "UPDATE lifecycle_play SET audience_domain = %s WHERE id = %s",
            ["[('no_such_field', '=', 1)]", play.id],
        )
        play.invalidate_recordset()
        run = self._recompute(day=self._lapse_day(), reason="nightly")
        self.assertEqual(run.state, "done")
        self.assertEqual(play.state, "paused")
        self.assertIn("no_such_field", play.error)
        self.assertEqual(play.activity_ids.user_id, play.user_id)
        self.assertTrue(self._ways(healthy))

    # -- arms ------------------------------------------------------------------------

    def test_arms_are_those_of_the_kernel(self):
        play = self._play(entry_kind="hand", control_share=0.3)
        self._start(play)
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(300)]
        )
        self._enroll(play, partners)
        ways = self._ways(play)
        self.assertEqual(len(ways), 300)
        for way in ways:
            self.assertEqual(way.arm, get_arm(play.seed, way.partner_id.id, 0.3))
        share = len(ways.filtered(lambda way: way.arm == "control")) / 300
        self.assertAlmostEqual(share, 0.3, delta=0.1)

    def test_two_plays_hold_out_different_customers(self):
        plays = self._play(entry_kind="hand", control_share=0.5)
        plays |= self._play(entry_kind="hand", control_share=0.5)
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(60)]
        )
        held = []
        for play in plays:
            self._start(play)
            self._enroll(play, partners)
            ways = self._ways(play).filtered(lambda way: way.arm == "control")
            held.append(set(ways.partner_id.ids))
        self.assertNotEqual(*held)

    # -- again -----------------------------------------------------------------------

    def test_once_ever(self):
        play = self._play(entry_kind="hand")
        self._start(play)
        self._enroll(play, self.partner)
        self._enroll(play, self.partner)
        self._run_plays()
        self.assertEqual(self._ways(play).state, "done")
        self._enroll(play, self.partner)
        self.assertEqual(len(self._ways(play)), 1)

    def test_again_after_the_cooldown(self):
        play = self._play(entry_kind="hand", reentry=True, cooldown_days=30)
        self._start(play)
        self._enroll(play, self.partner)
        self._enroll(play, self.partner)
        self._run_plays()
        for day, count in (("2026-07-14", 1), ("2026-07-16", 2)):
            with self.subTest(day=day), self.at(day):
                self._enroll(play, self.partner)
                self.assertEqual(len(self._ways(play)), count)

    def test_contacts_enter_as_their_customer(self):
        company = self._customer("Big Company", is_company=True)
        people = self.env["res.partner"].create(
            [{"name": f"Person {n}", "parent_id": company.id} for n in range(2)]
        )
        play = self._play(entry_kind="hand")
        self._start(play)
        self._enroll(play, people)
        self.assertEqual(self._ways(play).partner_id, company)
