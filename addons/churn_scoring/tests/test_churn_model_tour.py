"""The model card and the customers in a browser: as a manager, as a salesperson."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from .churn_common import ChurnCase


@tagged("post_install", "-at_install")
class TestChurnModelTour(ChurnCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for login, group in (
            ("churn_leader", "sales_team.group_sale_manager"),
            ("churn_reader", "sales_team.group_sale_salesman"),
        ):
            cls.env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
            )

    def _tour(self, name, login):
        self.start_tour("/odoo/lifecycle-customers", name, login=login, timeout=90)

    def test_model_card(self):
        self._tour("churn_model_empty", "churn_leader")
        self._buy()
        self._set_up_scores()
        self._tour("churn_model_card", "churn_leader")
        waiting = self.env["churn.model"].search(
            [("company_id", "=", self.company.id), ("state", "=", "pending")]
        )
        self.assertEqual(waiting.user_id.login, "churn_leader")
        self._tour("churn_model_seller", "churn_reader")
        self._tour("churn_customers", "churn_reader")
