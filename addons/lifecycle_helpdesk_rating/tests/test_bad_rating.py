"""A bad rating of a valuable customer starts a play."""

from odoo.tests import tagged

from odoo.addons.lifecycle_helpdesk.tests.helpdesk_common import HelpdeskCase
from odoo.addons.lifecycle_play.tests.play_common import PlayCase


@tagged("post_install", "-at_install")
class TestBadRating(HelpdeskCase, PlayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._score(cls.customer, rfm_monetary=5)
        cls.small = cls._partner("Small", email="small@example.com")
        cls._score(cls.small, rfm_monetary=2)
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def _make_play(self, **values):
        play = self._play(
            [
                {
                    "kind": "activity",
                    "template_id": False,
                    "activity_type_id": self.call.id,
                    "activity_user_id": self.env.user.id,
                }
            ],
            entry_kind="bad_rating",
            audience_domain="[('rfm_monetary', '>=', 4)]",
            **values,
        )
        self._start(play)
        return play

    def _rate(self, ticket, rate):
        """As the page behind the link of the rating mail does."""
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": ticket.id,
                "partner_id": ticket.partner_id.id,
                "rated_partner_id": self.agent.partner_id.id,
            }
        )
        ticket.rating_apply(rate, rating=rating, feedback="Hm")
        return rating

    def test_call(self):
        play = self._make_play()
        self._rate(self._ticket(stage_id=self.done.id), 1)
        [way] = self._ways(play)
        self.assertEqual((way.partner_id, way.source), (self.customer, "bad_rating"))
        self._run_plays()
        self.assertEqual(self.customer.activity_ids.activity_type_id, self.call)
        # once: the customer is on the way, or was lately
        self._rate(self._ticket(stage_id=self.done.id), 1)
        self.assertEqual(len(self._ways(play)), 1)

    def test_who_starts_nothing(self):
        play = self._make_play()
        self._rate(self._ticket(), 3)
        self._rate(self._ticket(), 5)
        self._rate(self._ticket(self.small), 1)
        self._rate(self._ticket(self.env["res.partner"]), 1)
        self.assertFalse(self._ways(play))
        play.action_pause()
        self._rate(self._ticket(), 1)
        self.assertFalse(self._ways(play))

    def test_rating_is_no_question(self):
        ticket = self._ticket(stage_id=self.done.id)
        self._rate(ticket, 1)
        self.assertFalse(ticket.waiting_since)

    def test_shipped_play(self):
        play = self.env.ref("lifecycle_helpdesk_rating.play_bad_rating")
        self.env.user.company_ids |= play.company_id
        play = play.with_context(allowed_company_ids=play.company_id.ids)
        self.assertEqual(play.state, "paused")
        self.assertFalse(play._find_problems())
