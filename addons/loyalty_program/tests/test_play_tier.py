from odoo.tests import tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestPlayTier(TierCase):
    """Plays wait for a change of the loyalty tier, too."""

    def _play(self, **values):
        play = self.env["lifecycle.play"].create(
            {
                "name": "Tier",
                "company_id": self.company.id,
                "transition_kind": "tier",
                "control_share": 0,
                "stop_on_purchase": False,
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Call",
                            "kind": "activity",
                            "delay_value": 90,
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                        },
                    )
                ],
                **values,
            }
        )
        self.assertFalse(play._find_problems())
        play._start()
        return play

    def test_enters_by_the_tier_it_leads_to(self):
        self._buy(150, "2026-03-02")
        self._start()
        self.assertEqual(self._tier(), self.silver)
        gold = self._play(to_tier_id=self.gold.id, stop_on_leave=True)
        other = self._play(to_tier_id=self.platinum.id)
        whatever = self._play()
        order = self._buy(400)
        self.assertEqual(self._tier(), self.gold)
        self.assertEqual(gold.enrollment_ids.partner_id, self.buyer)
        self.assertEqual(whatever.enrollment_ids.partner_id, self.buyer)
        self.assertFalse(other.enrollment_ids)
        self.assertEqual(gold._count_reach(), 1)
        self.assertEqual(other._count_reach(), 0)
        # as long as it stays there
        gold._stop()
        self.assertEqual(gold.enrollment_ids.state, "running")
        order._action_cancel()
        self.env.cr.flush()
        self._refresh()
        self._night("2026-06-16")
        self.assertNotEqual(self._tier(), self.gold)
        self.env.invalidate_all()
        gold._stop()
        self.assertEqual(gold.enrollment_ids.stop_reason, "leave")

    def test_nobody_enters_in_the_first_run_or_by_a_change_of_rules(self):
        play = self._play()
        self._order(self.buyer, "2026-03-02", 150)
        self._start()
        self.assertEqual(self._tier(), self.silver)
        self.assertFalse(play.enrollment_ids)
        self.gold.threshold = 120
        self._recompute(reason="rules")
        self.assertEqual(self._tier(), self.gold)
        self.assertFalse(play.enrollment_ids)
        self._buy(2500)
        self.assertEqual(play.enrollment_ids.partner_id, self.buyer)
