"""The screens in a browser: as a salesperson and as a manager, never as admin."""

from datetime import date, datetime

from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestTours(LifecycleCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = "sales_team.group_sale_salesman_all_leads"
        cls.seller = cls._user("seller", sales)
        cls._user("leader", "sales_team.group_sale_manager", "base.group_system")
        cls.rich, cls.middle, cls.small, cls.stranger = (
            cls._partner(f"Tour {name}")
            for name in ("Rich", "Middle", "Small", "Stranger")
        )
        cls.profile = cls._scores(
            cls.rich, 5000, "loyal", "champions", "555", 9, date(2026, 6, 10)
        )
        cls._scores(cls.middle, 300, "loyal", "loyal", "444", 4, date(2026, 5, 1))
        cls._scores(
            cls.small,
            20,
            "at_risk",
            "at_risk",
            "211",
            1,
            date(2026, 1, 1),
            at_risk_date=date(2026, 3, 1),
            lapse_date=date(2027, 1, 1),
        )
        cls.env["lifecycle.transition"].create(
            {
                "profile_id": cls.profile.id,
                "partner_id": cls.rich.id,
                "company_id": cls.company.id,
                "kind": "stage",
                "date": cls.today,
                "from_stage_id": cls.env.ref("lifecycle_crm.stage_active").id,
                "to_stage_id": cls.env.ref("lifecycle_crm.stage_loyal").id,
                "cause": "purchase",
            }
        )
        cls.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "user_id": cls.seller.id,
                    "team_id": False,
                }
                for name, partner in (
                    ("Big Deal", cls.rich),
                    ("Small Deal", cls.small),
                    ("Cold Call", cls.stranger),
                )
            ]
        )

    @classmethod
    def _user(cls, login, *groups):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": f"{login}-password",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set([cls.env.ref(g).id for g in groups])],
                "tz": "UTC",
            }
        )

    @classmethod
    def _scores(cls, partner, revenue, stage, segment, code, orders, last, **values):
        recency, frequency, monetary = map(int, code)
        return cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "revenue_total": revenue,
                "clv_historic": revenue,
                "order_count": orders,
                "last_order_date": last,
                "rfm_code": code,
                "rfm_recency": recency,
                "rfm_frequency": frequency,
                "rfm_monetary": monetary,
                "stage_id": cls.env.ref(f"lifecycle_crm.stage_{stage}").id,
                "segment_id": cls.env.ref(f"lifecycle_crm.segment_{segment}").id,
                **values,
            }
        )

    def _tour(self, name, path, login="seller"):
        self.start_tour(f"/odoo/{path}", f"lifecycle_{name}", login=login, timeout=60)

    def test_contacts(self):
        self._tour("contacts", "contacts")

    def test_contact_form(self):
        self._tour("contact_form", f"contacts/{self.rich.id}")

    def test_customers(self):
        self._tour("customers", "lifecycle-customers")

    def test_pipeline(self):
        self._tour("pipeline", "action-crm.crm_lead_action_pipeline")

    def test_quotation(self):
        order = self._order(self.rich, self.today, 10, state="draft")
        order.user_id = self.seller
        self._tour("quotation", f"orders/{order.id}")

    def test_manager(self):
        run = self._recompute()
        stage = self.env.ref("lifecycle_crm.stage_advocate")
        self._tour("manager", "lifecycle-customers", "leader")
        self.assertIn("days_since_order", stage.domain)
        self.assertIn("7", stage.domain)
        newest = self.env["lifecycle.run"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertGreater(newest.id, run.id)

    def _fail_run(self):
        """The run of yesterday was good, the one of today was not."""
        self.env["lifecycle.run"].search([]).unlink()
        values = {"company_id": self.company.id, "reason": "nightly"}
        self.env["lifecycle.run"].create(
            [
                {**values, "state": "done", "as_of": date(2026, 6, 14)},
                {
                    **values,
                    "state": "failed",
                    "as_of": self.today,
                    "start": datetime(2026, 6, 15, 2),
                    "error": "DiskFull: could not extend file",
                    "done_count": 4,
                    "total_count": 9,
                },
            ]
        )

    def test_health(self):
        self._fail_run()
        self._tour("health", "lifecycle-customers", "leader")
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self.assertEqual((run.company_id, run.reason), (self.company, "manual"))

    def test_health_broken_stage(self):
        self._fail_run()
        failed = self.env["lifecycle.run"].search([("state", "=", "failed")])
        failed.broken_stage_id = self.env.ref("lifecycle_crm.stage_loyal")
        self._tour("health_broken", "lifecycle-health", "leader")

    def test_health_before_the_first_run(self):
        self.env["lifecycle.run"].search([]).unlink()
        self.env["lifecycle.profile"].search([]).unlink()
        self._tour("health_empty", "lifecycle-customers", "leader")

    def test_health_seller(self):
        self._fail_run()
        self._tour("health_seller", "lifecycle-customers")

    def test_pin(self):
        self._tour("pin", f"lifecycle-customers/{self.profile.id}", "leader")
        self.assertFalse(self.profile.pinned_stage_id)
        [move] = self._transitions(self.rich).filtered(lambda m: m.cause == "manual")
        self.assertEqual(move.note, "Recommended us twice")

    def test_scores_of_a_day(self):
        self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        ).write({"first_contact_date": date(2026, 1, 1)})
        self._tour("scores", "lifecycle-customers", "leader")

    def test_settings(self):
        self._tour(
            "settings",
            "action-lifecycle_crm.action_lifecycle_config_settings",
            "leader",
        )
        self.assertEqual(self.company.lifecycle_rfm_frequency_bands, "2, 4, 6, 8")
