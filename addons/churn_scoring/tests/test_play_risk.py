from odoo.tests import tagged

from odoo.addons.lifecycle_play.tests.play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayRisk(PlayCase):
    """Plays wait for a change of churn risk, too."""

    def test_enters_by_risk(self):
        partner = self._customer("Buyer")
        self._order(partner, "2026-05-01", 100)
        self._recompute()
        play = self._play(transition_kind="risk", to_stage_id=False, to_risk="high")
        other = self._play(transition_kind="risk", to_stage_id=False, to_risk="low")
        self._start(play)
        self._start(other)
        last_id = play._get_last_transition_id()
        self.env["lifecycle.transition"].create(
            {
                "profile_id": self._profile(partner).id,
                "partner_id": partner.id,
                "company_id": self.company.id,
                "kind": "risk",
                "date": self.today,
                "from_risk": "medium",
                "to_risk": "high",
                "cause": "time",
            }
        )
        self.env.flush_all()
        play._enter_by_transitions(self.company, last_id, ["time"])
        self.assertEqual(self._ways(play).partner_id, partner)
        self.assertFalse(self._ways(other))
