"""From the lapse to the comeback, by the engine's own runs."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .save_common import SaveCase

BEGIN = date(2025, 1, 6)


@tagged("post_install", "-at_install")
class TestWonBack(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Back Again", user_id=cls.seller.id)
        # every two weeks until the end of March: lapsed in June of last year
        for week in range(0, 12, 2):
            cls._order(cls.partner, BEGIN + timedelta(weeks=week), 100)
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 90})

    def setUp(self):
        super().setUp()
        self._recompute(day="2025-03-24")
        self._recompute()
        profile = self._profile(self.partner)
        self.assertEqual(profile.stage_id, self._stage("lapsed"))
        self.profile = profile

    def _win_back(self):
        self._as(self.seller, self.profile).action_win_backs()
        lead = self.env["crm.lead"].search([("partner_id", "=", self.partner.id)])
        self._created_on(lead, self.today)
        return lead

    def _quote(self, lead, amount=250):
        order = self._order(self.partner, self.today, amount, state="draft")
        order.opportunity_id = lead
        return order

    def _comeback(self):
        [move] = self._transitions(self.partner).filtered(
            lambda m: m.to_stage_id == self._stage("won_back")
        )
        return move

    def test_quotation_confirmed(self):
        lead = self._win_back()
        self._quote(lead).action_confirm()
        self._refresh()
        self.assertEqual(self.profile.stage_id, self._stage("won_back"))
        move = self._comeback()
        self.assertEqual((move.cause, move.win_back_lead_id), ("purchase", lead))
        self.assertEqual(move.note, f"Win-back opportunity: {lead.name}")

    def test_nightly(self):
        lead = self._win_back()
        self._quote(lead).action_confirm()
        with self.at(self.today + timedelta(days=1)):
            self._recompute(reason="nightly")
        self.assertEqual(self._comeback().win_back_lead_id, lead)

    def test_heard_by_automations(self):
        lead = self._win_back()
        self._quote(lead).action_confirm()
        transitions = self.registry["lifecycle.transition"]
        heard = []
        create = transitions.create

        def listen(records, values):
            made = create(records, values)
            heard.extend(made.mapped("win_back_lead_id"))
            return made

        with (
            patch.object(transitions, "_has_listeners", lambda self: True),
            patch.object(transitions, "create", listen),
        ):
            self._recompute(reason="nightly")
        self.assertEqual(heard, [lead])
        self.assertEqual(self._comeback().win_back_lead_id, lead)

    def test_won_before_the_order(self):
        lead = self._win_back()
        lead.action_set_won()
        self._order(self.partner, self.today, 80)
        self._refresh()
        self.assertEqual(self._comeback().win_back_lead_id, lead)

    def test_won_after_the_order(self):
        lead = self._win_back()
        self._order(self.partner, self.today, 80)
        self._refresh()
        self.assertFalse(self._comeback().win_back_lead_id)
        with self.at(self.today + timedelta(days=90)):
            lead.action_set_won()
        self.assertEqual(self._comeback().win_back_lead_id, lead)

    def test_won_too_late(self):
        lead = self._win_back()
        self._order(self.partner, self.today, 80)
        self._refresh()
        with self.at(self.today + timedelta(days=91)):
            lead.action_set_won()
        self.assertFalse(self._comeback().win_back_lead_id)

    def test_others_are_no_cause(self):
        # open, of another customer, lost, of another kind, of another company
        self._win_back()
        values = {
            "type": "opportunity",
            "tag_ids": self.env.ref("churn_scoring.tag_win_back").ids,
        }
        other = self._lead(self._partner("Other"), self.today, **values)
        other.action_set_won()
        lost = self._lead(self.partner, self.today, **values)
        lost.action_set_lost()
        plain = self._lead(self.partner, self.today, type="opportunity")
        plain.tag_ids = False  # it is about something else, somebody says
        plain.action_set_won()
        company = self._create_company("Second Company")
        abroad = self._lead(self.partner, self.today, company=company, **values)
        abroad.action_set_won()
        # made when the customer had come back by itself
        late = self._lead(self.partner, self.today + timedelta(days=1), **values)
        late.action_set_won()
        self._order(self.partner, self.today, 80)
        self._refresh()
        self.assertFalse(self._comeback().win_back_lead_id)

    def test_quotation_goes_before_a_won_one(self):
        values = {
            "type": "opportunity",
            "tag_ids": self.env.ref("churn_scoring.tag_win_back").ids,
        }
        lead = self._lead(self.partner, self.today, **values)
        won = self._lead(self.partner, self.today, **values)
        won.action_set_won()
        self._quote(lead).action_confirm()
        self._refresh()
        self.assertEqual(self._comeback().win_back_lead_id, lead)

    def test_other_moves_have_no_such_cause(self):
        lead = self._win_back()
        lead.action_set_won()
        self.env["lifecycle.transition"]._link_win_backs(self.company)
        moves = self._transitions(self.partner)
        self.assertEqual(moves.to_stage_id, self._stage("lapsed"))
        self.assertFalse(moves.win_back_lead_id)

    def test_stage_of_an_own_rule(self):
        self._stage("won_back").active = False
        stage = self.env["lifecycle.stage"].create(
            {
                "name": "Returned",
                "sequence": 75,
                "domain": "[('won_back_date', '!=', False)]",
            }
        )
        lead = self._win_back()
        self._quote(lead).action_confirm()
        self._recompute(reason="nightly")
        self.assertEqual(self.profile.stage_id, stage)
        [move] = self._transitions(self.partner).filtered(
            lambda m: m.to_stage_id == stage
        )
        self.assertEqual(move.win_back_lead_id, lead)

    def test_report(self):
        lead = self._win_back()
        lost = self._lead(
            self.partner,
            self.today,
            type="opportunity",
            tag_ids=self.env.ref("churn_scoring.tag_win_back").ids,
        )
        lost.action_set_lost()
        self._quote(lead, 250).action_confirm()
        self._refresh()
        with self.at(self.today + timedelta(days=30)):
            order = self._order(self.partner, self.today + timedelta(days=30), 150)
            self._order(
                self.partner, self.today + timedelta(days=30), 90, state="draft"
            )
            self.env.flush_all()
            report = self.env["churn.win.back"].search(
                [("company_id", "=", self.company.id)]
            )
            self.assertEqual(report.lead_id, lead | lost)
            row = report.filtered(lambda r: r.lead_id == lead)
            self.assertEqual(
                (row.won_status, row.won_date, row.came_back, row.user_id),
                ("won", self.today, True, self.seller),
            )
            self.assertEqual((row.order_count, row.revenue), (2, 400))
            row = report - row
            self.assertEqual(
                (row.won_status, row.order_count, row.revenue), ("lost", 0, 0)
            )
            [(leads, won, back, revenue)] = self.env["churn.win.back"]._read_group(
                [],
                [],
                ["lead_count:sum", "won_count:sum", "back_count:sum", "revenue:sum"],
            )
            self.assertEqual((leads, won, back, revenue), (2, 1, 1, 400))
        self.assertTrue(order)

    def test_save_list_is_settled_by_the_run(self):
        with self.at(self.today - timedelta(days=1)):
            item = self.env["churn.save"].create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "user_id": self.seller.id,
                    "week": "2026-06-08",
                    "list_date": "2026-06-14",
                    "contact_date": "2026-06-14",
                    "state": "contacted",
                    "last_order_date": self.profile.last_order_date,
                    "revenue_before": self.profile.revenue_total,
                }
            )
        self._order(self.partner, self.today, 80)
        self._refresh()
        self.assertEqual((item.state, item.saved_revenue), ("saved", 80))
