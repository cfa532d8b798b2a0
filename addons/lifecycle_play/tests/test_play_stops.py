from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayStops(PlayCase):
    """Who gets no further step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2026-05-01", 100)
        cls.other = cls._customer("Neighbour")
        cls._order(cls.other, "2026-05-01", 100)

    def setUp(self):
        super().setUp()
        self._recompute()

    def _under_way(self, **values):
        """A play with two customers between its two steps."""
        play = self._play(({}, {"delay_value": 1}), entry_kind="hand", **values)
        self._start(play)
        self._enroll(play, self.partner | self.other)
        self._run_plays()
        self.assertEqual(self._ways(play).mapped("state"), ["running"] * 2)
        return play

    def _after(self, play, day="2026-06-16 13:00:00"):
        """State and reason of the one, after the next step was due."""
        self._run_plays(datetime.fromisoformat(day))
        self.assertEqual(self._ways(play, self.other).state, "done")
        self.assertEqual(len(self._mails(self.other)), 2)
        way = self._ways(play, self.partner)
        sent = len(self._mails(self.partner)) - 1
        return way.state, way.stop_reason, sent

    def test_bought(self):
        play = self._under_way()
        with self.at("2026-06-16"):
            self._order(self.partner, "2026-06-16", 10)
            self._recompute()
        self.assertEqual(self._after(play), ("stopped", "purchase", 0))
        way = self._ways(play, self.partner)
        self.assertFalse(way.step_id or way.next_date)
        self.assertEqual(str(way.end_date), "2026-06-16 13:00:00")

    def test_bought_on_the_day_of_entry(self):
        play = self._under_way()
        self._order(self.partner, self.today, 10)
        self._recompute()
        self.assertEqual(self._after(play), ("stopped", "purchase", 0))

    def test_bought_before(self):
        """Of today, but before entering: what let it in is no reason to stop."""
        self._order(self.partner, self.today, 10)
        self._recompute()
        play = self._under_way()
        self.assertEqual(self._after(play), ("done", False, 1))

    def test_an_old_order_that_came_in_late(self):
        play = self._under_way()
        self._order(self.partner, "2026-01-01", 10)
        self._recompute()
        self.assertEqual(self._after(play), ("done", False, 1))

    def test_bought_but_the_play_goes_on(self):
        play = self._under_way(stop_on_purchase=False)
        self._order(self.partner, self.today, 10)
        self._recompute()
        self.assertEqual(self._after(play), ("done", False, 1))

    def test_an_order_that_is_not_computed_yet_holds_the_step(self):
        play = self._under_way()
        with self.at("2026-06-16"):
            self._order(self.partner, "2026-06-16", 10)
        self._run_plays(datetime(2026, 6, 16, 13))
        self.assertEqual(self._ways(play, self.partner).state, "running")
        self.assertEqual(len(self._mails(self.partner)), 1, "not yet known")
        with self.at("2026-06-16"):
            self._refresh()
        self.assertEqual(self._after(play), ("stopped", "purchase", 0))

    def _mail_in(self, author, **values):
        self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": author.id,
                "author_id": author.id,
                "message_type": "email",
                "body": "Thank you",
                **values,
            }
        )

    def test_replied(self):
        play = self._under_way()
        person = self._partner("Person", parent_id=self.partner.id)
        self._mail_in(person)
        self.assertEqual(self._after(play), ("stopped", "reply", 0))

    def test_what_is_no_reply(self):
        play = self._under_way()
        self._mail_in(self.partner, date=datetime(2026, 6, 15, 11))
        self._mail_in(self.partner, message_type="comment")
        company = self._create_company("Other Company")
        self._mail_in(self.partner, record_company_id=company.id)
        self.assertEqual(self._after(play), ("done", False, 1))

    def test_blacklisted(self):
        play = self._under_way()
        self.env["mail.blacklist"]._add(self.partner.email)
        self.assertEqual(self._after(play), ("stopped", "opt_out", 0))

    def test_opted_out_of_the_company(self):
        play = self._under_way()
        self.env["lifecycle.consent"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "state": "opted_out",
            }
        )
        self.assertEqual(self._after(play), ("stopped", "opt_out", 0))

    def test_opted_out_and_in_again(self):
        play = self._under_way()
        for state in ("opted_out", "opted_in"):
            self.env["lifecycle.consent"].create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "state": state,
                }
            )
        self.assertEqual(self._after(play), ("done", False, 1))

    def test_left_the_stage(self):
        self._stage("lapsed")
        play = self._under_way(stop_on_leave=True)
        self._profile(self.partner)._pin_stage(self._stage("advocate"))
        self.assertEqual(self._after(play), ("stopped", "leave", 0))

    def test_left_where_the_rule_brought_it(self):
        play = self._play(
            ({"delay_value": 1},),
            to_stage_id=self._stage("advocate").id,
            stop_on_leave=True,
        )
        self._start(play)
        for partner in self.partner | self.other:
            self._profile(partner)._pin_stage(self._stage("advocate"))
        self._profile(self.partner)._pin_stage(self._stage("loyal"))
        self._run_plays(datetime(2026, 6, 16, 13))
        self.assertEqual(self._ways(play, self.other).state, "done")
        self.assertEqual(self._ways(play, self.partner).stop_reason, "leave")

    def test_archived(self):
        play = self._under_way()
        self.partner.active = False
        self.assertEqual(self._after(play), ("stopped", "gone", 0))

    def test_became_a_contact_of_a_company(self):
        play = self._under_way()
        self.partner.parent_id = self._customer("Company", is_company=True)
        self.assertEqual(self._after(play), ("stopped", "gone", 0))

    def test_held_out_customers_stop_as_the_others_do(self):
        """Else the two could not be compared."""
        play = self._under_way(control_share=0.5, seed="0")
        self._run_plays()
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        self._enroll(play, partners)
        control = self._ways(play).filtered(lambda way: way.arm == "control")
        self.assertTrue(control)
        for partner in control.partner_id:
            self._order(partner, self.today, 10)
        self._recompute()
        self._run_plays()
        self.assertEqual(set(control.mapped("stop_reason")), {"purchase"})

    def test_taken_out_by_hand(self):
        play = self._under_way()
        way = self._ways(play, self.partner)
        way.action_take_out()
        self.assertEqual(self._after(play), ("stopped", "hand", 0))
        with self.assertRaises(UserError):
            way.action_take_out()

    def test_the_play_ends(self):
        play = self._under_way()
        play.action_end()
        self._run_plays("2026-06-17")
        ways = self._ways(play)
        self.assertEqual(set(ways.mapped("stop_reason")), {"play"})
        self.assertEqual(len(self._mails(self.partner)), 1)

    def test_paused_and_started_again(self):
        play = self._under_way()
        play.action_pause()
        self._run_plays("2026-06-17")
        self.assertEqual(len(self._mails(self.partner)), 1)
        with self.at("2026-06-18"):
            wizard = play.action_start()
            text = self.env["lifecycle.play.start"].browse(wizard["res_id"]).warning
            self.assertIn(
                "2 customers who entered before have a step that is due", text
            )
            self._start(play)
            self._run_plays()
        self.assertEqual(len(self._mails(self.partner)), 2)

    def test_merged_contacts(self):
        play = self._under_way()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | self.other).ids, self.other)
        ways = self._ways(play)
        self.assertEqual(ways.partner_id, self.other)
        self.assertEqual(
            sorted((way.state, way.stop_reason or "") for way in ways),
            [("running", ""), ("stopped", "merged")],
        )
        self._recompute()
        self._run_plays("2026-06-17")
        mails = self.env["mail.mail"].search([("subject", "like", "Neighbour")])
        self.assertEqual(len(mails), 2)

    def test_deleted_contact(self):
        play = self._play(entry_kind="hand")
        self._start(play)
        lonely = self._customer("Lonely")
        self._enroll(play, lonely)
        lonely.unlink()
        self._run_plays()
        self.assertFalse(self._ways(play))

    # -- budget ------------------------------------------------------------------------

    def test_budget(self):
        play = self._play(
            entry_kind="hand", cost_per_contact=0.5, budget=1.6, control_share=0
        )
        self._start(play)
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@example.com"}
                for number in range(5)
            ]
        )
        self._enroll(play, partners)
        self._run_plays()
        self.assertEqual(len(self._mails(partners)), 3)
        self.assertEqual(play.state, "paused")
        self.assertIn("budget", play.error.lower())
        self.assertEqual(play.spent, 1.5)
        play.budget = 10
        self._start(play)
        self._run_plays(datetime.now() + timedelta(minutes=5))
        self.assertEqual(len(self._mails(partners)), 5)
