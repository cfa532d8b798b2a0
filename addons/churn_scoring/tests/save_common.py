"""A company with salespersons and customers at risk."""

from datetime import date, timedelta

from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase

OWN = "sales_team.group_sale_salesman"
ALL = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


class SaveCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.saves = cls.env["churn.save"]
        cls.seller = cls._user("save_seller", OWN)
        cls.colleague = cls._user("save_colleague", OWN)
        cls.manager = cls._user("save_manager", MANAGER)
        cls.seller.churn_capacity = cls.colleague.churn_capacity = 3
        # whoever else works here must not get a list of the test
        cls.env.user.churn_capacity = 0

    @classmethod
    def _user(cls, login, *groups, companies=None):
        companies = companies or cls.company
        return cls.env["res.users"].create(
            {
                "name": login.replace("_", " ").title(),
                "login": login,
                "password": f"{login}-password",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [Command.set([cls.env.ref(g).id for g in groups])],
                "tz": "UTC",
            }
        )

    @classmethod
    def _at_risk(cls, name, risk=100.0, user=None, company=None, **values):
        """A customer with a profile as the engine would write it."""
        partner = values.pop("partner", None) or cls._partner(
            name, user_id=(cls.seller if user is None else user).id
        )
        cls.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "order_count": 5,
                "revenue_total": 1000,
                "clv_historic": 1000,
                "average_order_value": 200,
                "clv_expected": 400,
                "churn_probability": 0.5,
                "churn_risk": "high",
                "churn_confidence": "proven",
                "churn_method": "avg2",
                "revenue_at_risk": risk,
                "last_order_date": cls.today - timedelta(days=80),
                "gap_days": 40,
                "at_risk_date": cls.today - timedelta(days=20),
                "lapse_date": cls.today + timedelta(days=60),
                "stage_id": cls.env.ref("lifecycle_crm.stage_at_risk").id,
                **values,
            }
        )
        return partner

    def _make(self, company=None):
        return self.saves._make_lists(company or self.company)

    def _items(self, user=None, company=None, **values):
        domain = [("company_id", "=", (company or self.company).id)]
        if user is not None:
            domain.append(("user_id", "=", user.id))
        domain += [(name, "=", value) for name, value in values.items()]
        return self.saves.search(domain, order="week, rank, id")

    def _listed(self, user=None, **values):
        """Names on the list of a salesperson, best first."""
        return self._items(self.seller if user is None else user, **values).mapped(
            "partner_id.name"
        )

    def _as(self, user, record, company=None):
        return record.with_user(user).with_context(
            allowed_company_ids=(company or self.company).ids
        )

    def _buy(self, partner, day=None, amount=50):
        """The customer buys, as the engine would find it."""
        profile = self._profile(partner)
        profile.write(
            {
                "last_order_date": day or self.today,
                "order_count": profile.order_count + 1,
                "revenue_total": profile.revenue_total + amount,
                "lapse_date": (day or self.today) + timedelta(days=140),
                "at_risk_date": (day or self.today) + timedelta(days=60),
                "churn_risk": "low",
            }
        )


MONDAY = date(2026, 6, 15)


class SaveActionsCase(SaveCase):
    """A customer on the list of the seller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._at_risk("Customer <b>", 100)
        cls.profile = cls.env["lifecycle.profile"].search(
            [("partner_id", "=", cls.partner.id)]
        )
        cls.saves._make_lists(cls.company)
        cls.item = cls.saves.search([("partner_id", "=", cls.partner.id)])
        cls.mine = cls.item.with_user(cls.seller)
        cls.all_seller = cls._user("save_all", ALL)

    def _leads(self, partner=None):
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("partner_id", "=", (partner or self.partner).id)])
        )

    def _calls(self, partner=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", (partner or self.partner).id),
            ]
        )
