"""A play from nothing to its first success, in a browser, as a marketer."""

from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from ..scoring.arms import get_arm
from .play_common import PlayCase
from .smtp_sink import SinkMixin


@tagged("post_install", "-at_install")
class TestPlayTour(SinkMixin, PlayCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lifecycle.play"].search([]).active = False
        cls.marketer = new_test_user(
            cls.env,
            "play_marketer",
            "sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.partner = cls._customer("Tour Lapsed", user_id=cls.marketer.id)
        cls._order(cls.partner, "2026-05-01", 100)
        cls._order(cls.partner, "2026-05-11", 100)

    def _tour(self, name, path):
        self.start_tour(f"/odoo/{path}", name, login="play_marketer", timeout=120)

    def test_from_nothing_to_the_first_success(self):
        self._recompute()
        self._tour("play_make", "lifecycle-customers")
        play = self.env["lifecycle.play"].search(
            [("name", "=", "Win lapsed customers back")]
        )
        self.assertEqual(play.state, "running")
        self.assertEqual(play.user_id, self.marketer)
        self.assertEqual(play.control_share, 0.1)
        # the tour is about somebody who is not held out
        play.seed = next(
            seed
            for seed in map(str, range(100))
            if get_arm(seed, self.partner.id, play.control_share) == "treated"
        )
        lapse = self._profile(self.partner).lapse_date

        # nights pass, and nothing happens until the customer lapses
        self._recompute(day=lapse - timedelta(days=1), reason="nightly")
        self._run_plays(lapse - timedelta(days=1))
        self.assertFalse(self._ways(play))
        with self.at(lapse):
            self._recompute(reason="nightly")
            self._run_plays()
            [way] = self._ways(play)
            self.assertEqual((way.partner_id, way.arm), (self.partner, "treated"))
            [(recipients, message)] = self._send_queue()
        self.assertEqual(recipients, [self.partner.email])
        self.assertEqual(message["subject"], "Tour Lapsed, we miss you")
        self.assertIn("come back", message.get_body(("html",)).get_content())

        # it works: the customer orders, and the call is not needed any more
        with self.at(lapse + timedelta(days=3)):
            order = self._order(
                self.partner, lapse + timedelta(days=3), 250, state="draft"
            )
            order.action_confirm()
            self.env.cr.flush()
            self._refresh()
            self._run_plays()
        self.assertEqual((way.state, way.stop_reason), ("stopped", "purchase"))
        with self.at(lapse + timedelta(days=30)):
            self._run_plays()
        self.assertFalse(self.partner.activity_ids)
        self._tour("play_look", f"lifecycle-plays/{play.id}")

        # when the time that counts is over, the report counts it
        with self.at(lapse + timedelta(days=90)):
            self.env["lifecycle.play.result"]._refresh(self.company)
        result = play.result_id
        self.assertEqual((result.treated_count, result.treated_buyers), (1, 1))
        self.assertEqual((result.treated_orders, result.treated_revenue), (1, 250))
        self.assertEqual((result.message_count, result.verdict), (1, "unsure"))
