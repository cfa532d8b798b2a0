"""A win-back opportunity is made with one click, and once."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .save_common import SaveActionsCase


@tagged("post_install", "-at_install")
class TestSaveWinBack(SaveActionsCase):
    def test_win_back(self):
        action = self.mine.action_win_back()
        [lead] = self._leads()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.tag_ids, self.env.ref("churn_scoring.tag_win_back"))
        self.assertTrue(lead.win_back)
        self.assertEqual(lead.expected_revenue, 400)
        self.assertEqual((lead.user_id, lead.company_id), (self.seller, self.company))
        self.assertIn("80 days since the last order", lead.description)
        self.assertNotIn("<b>", lead.description)
        self.assertTrue(lead.is_automated_probability)
        self.assertEqual(
            (self.item.state, self.item.lead_id, self.item.contact_date),
            ("opportunity", lead, self.today),
        )

    def test_never_two_open_ones(self):
        first = self.mine.action_win_back()["res_id"]
        self.assertEqual(self.mine.action_win_back()["res_id"], first)
        kid = self._partner("Kid", parent_id=self.partner.id)
        self.assertEqual(self._as(self.seller, kid).action_win_backs()["res_id"], first)
        self.assertEqual(len(self._leads()), 1)
        # a closed one does not stand in the way
        self._leads().action_set_lost()
        second = self.mine.action_win_back()["res_id"]
        self.assertNotEqual(second, first)
        self.env["crm.lead"].browse(second).action_set_won()
        self.assertNotIn(self.mine.action_win_back()["res_id"], (first, second))

    def test_an_opportunity_of_another_kind_does_not_count(self):
        other = self._lead(self.partner, self.today, type="opportunity")
        self.assertFalse(other.win_back)
        self.assertNotEqual(self.mine.action_win_back()["res_id"], other.id)
        other.tag_ids = self.env.ref("churn_scoring.tag_win_back")
        self.assertTrue(other.win_back)
        other.tag_ids = False
        self.assertFalse(other.win_back)

    def test_one_that_a_colleague_works_on(self):
        self.mine.action_win_back()
        with self.assertRaisesRegex(UserError, "Save Seller is working on"):
            self._as(self.colleague, self.profile).action_win_backs()
        self.assertEqual(
            self._as(self.all_seller, self.profile).action_win_backs()["res_id"],
            self._leads().id,
        )

    def test_owner(self):
        # who sees all documents makes it for the salesperson of the customer
        self._as(self.all_seller, self.profile).action_win_backs()
        self.assertEqual(self._leads().user_id, self.seller)
        # who sees only own ones makes it for himself
        other = self._at_risk("Of a Colleague", user=self.colleague)
        self._as(self.seller, self._profile(other)).action_win_backs()
        self.assertEqual(self._leads(other).user_id, self.seller)

    def test_team_of_the_salesperson(self):
        team = self.env["crm.team"].create(
            {
                "name": "Savers",
                "company_id": self.company.id,
                "use_opportunities": True,
                "member_ids": self.seller.ids,
            }
        )
        self.mine.action_win_back()
        self.assertEqual(self._leads().team_id, team)

    def test_average_order_where_nothing_is_expected(self):
        self.profile.clv_expected = 0
        self.mine.action_win_back()
        self.assertEqual(self._leads().expected_revenue, 200)
