"""From the save list to a customer won back, in a browser, as a salesperson."""

from datetime import date, timedelta

from odoo.tests import HttpCase, tagged

from .save_common import OWN, SaveCase

BEGIN = date(2026, 1, 5)


@tagged("post_install", "-at_install")
class TestChurnTour(SaveCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 90})
        cls.tourist = cls._user("churn_seller", OWN)
        cls.partner = cls._partner("Tour Customer", user_id=cls.tourist.id)
        cls.other = cls._partner("Tour Other", user_id=cls.tourist.id)
        for partner, price in ((cls.partner, 200), (cls.other, 20)):
            # every two weeks until the end of March, then silence
            for week in range(0, 14, 2):
                cls._order(
                    partner,
                    BEGIN + timedelta(weeks=week),
                    price,
                    user_id=cls.tourist.id,
                )

    def _tour(self, name, path):
        self.start_tour(
            f"/odoo/{path}", f"churn_{name}", login="churn_seller", timeout=90
        )

    def test_save_list_to_won_back(self):
        self._recompute(day="2026-04-01")
        self._recompute()
        # two customers: the plain rule
        self.env["churn.model"]._request(self.company, "manual")
        with self._no_commit():
            self.env["churn.model"]._process_pending()
        self._process_pending()
        profile = self._profile(self.partner)
        self.assertEqual(profile.stage_id, self._stage("at_risk"))
        self.assertEqual((profile.churn_method, profile.churn_risk), ("rule", "high"))
        self._tour("save_list", "lifecycle")
        item = self._items(self.tourist).filtered(
            lambda i: i.partner_id == self.partner
        )
        lead = item.lead_id
        self.assertEqual((lead.user_id, item.state), (self.tourist, "opportunity"))
        self._created_on(lead, self.today)

        # the customer lapses, the opportunity goes on
        later = date(2026, 7, 20)
        with self.at(later):
            self._recompute(reason="nightly")
            self.assertEqual(
                self._profile(self.partner).stage_id, self._stage("lapsed")
            )
            order = self._order(
                self.partner,
                later,
                250,
                state="draft",
                user_id=self.tourist.id,
                opportunity_id=lead.id,
            )
            self._tour("win", f"crm/{lead.id}")
            self.assertEqual((order.state, lead.won_status), ("sale", "won"))
            self._refresh()
            self._tour("won_back", "lifecycle-customers")
        self.assertEqual((item.state, item.saved_revenue), ("saved", 250))
        [move] = self._transitions(self.partner).filtered(
            lambda m: m.to_stage_id == self._stage("won_back")
        )
        self.assertEqual((move.cause, move.win_back_lead_id), ("purchase", lead))

    def test_loss_from_the_customer(self):
        self._recompute()
        profile = self._profile(self.other)
        self._tour("loss", f"lifecycle-customers/{profile.id}")
        loss = self.env["churn.loss"].search([("partner_id", "=", self.other.id)])
        self.assertEqual(loss.reason_id, self.env.ref("churn_scoring.reason_quality"))
        self.assertEqual((loss.value_lost, loss.user_id), (140, self.tourist))
