"""The figures of the lifecycle in Odoo's digest mail, and to whom."""

from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import LifecycleCase

KPIS = ("new", "lapsed", "won_back")


@tagged("post_install", "-at_install")
class TestDigest(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"lifecycle_lapse_auto": False, "lifecycle_lapse_days": 100})

        def ago(days):
            return cls.today - timedelta(days=days)

        for name, days in {
            "New": (3,),
            "New Before": (20,),
            "Lapsed": (102, 112),
            "Lapsed Long Ago": (400, 410),
            "Won Back": (2, 300),
        }.items():
            partner = cls._partner(f"Digest {name}")
            for day in days:
                cls._order(partner, ago(day), 10)
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Weekly",
                "periodicity": "weekly",
                "company_id": cls.company.id,
                **{f"kpi_lifecycle_{name}": True for name in KPIS},
            }
        )

    def _user(self, login, group):
        return new_test_user(
            self.env,
            login,
            group,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def _values(self, user):
        now = fields.Datetime.now()
        digest = self.digest.with_user(user).with_company(self.company)
        digest = digest.with_context(
            start_datetime=now - timedelta(days=7), end_datetime=now
        )
        self.env.invalidate_all()
        return {name: digest[f"kpi_lifecycle_{name}_value"] for name in KPIS}

    def test_customers_of_the_period(self):
        self._recompute()
        seller = self._user("digest_seller", "sales_team.group_sale_salesman")
        self.assertEqual(self._values(seller), {"new": 1, "lapsed": 1, "won_back": 1})

    def test_not_for_who_may_not_read_scores(self):
        clerk = self._user("digest_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self._values(clerk)

    def test_mail_has_them(self):
        self._recompute()
        seller = self._user("digest_seller", "sales_team.group_sale_salesman")
        seller.email = "digest@example.com"
        with self.at(datetime(2026, 6, 15, 12)):
            sent = self.digest._compute_kpis(self.company, seller)
        names = {kpi["kpi_name"] for kpi in sent}
        self.assertLessEqual({f"kpi_lifecycle_{name}" for name in KPIS}, names)
        [new] = [kpi for kpi in sent if kpi["kpi_name"] == "kpi_lifecycle_new"]
        self.assertEqual(new["kpi_col2"]["value"], 1)
        self.assertIn("lifecycle", new["kpi_action"])
