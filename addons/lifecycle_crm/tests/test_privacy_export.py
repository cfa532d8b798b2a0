import base64
import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyExport(PrivacyCase, HttpCase):
    """Everything that is kept of a customer is handed out, to who may see it."""

    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user(
            "export_manager", "lifecycle_crm.group_lifecycle_manager"
        )
        cls.seller = cls._user("export_seller", "sales_team.group_sale_salesman")

    @classmethod
    def _user(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,{group}",
            password=login,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def _wizard(self, user, partner):
        wizards = self.env["lifecycle.privacy.export"].with_user(user)
        return wizards.create({"partner_id": partner.id})

    def _export(self, user=None, partner=None):
        wizard = self._wizard(user or self.manager, partner or self.partner)
        wizard.action_export()
        return json.loads(base64.b64decode(wizard.data))

    def _keep(self):
        """Something in each model of this addon."""
        with self.at("2026-06-15"):
            self._score()

    def test_every_model_with_rows_is_in_it(self):
        self._keep()
        kept = self._export()["kept"]
        privacy = self.env["lifecycle.privacy"]
        counts = {name for name, count in self._count().items() if count}
        self.assertLessEqual(
            {"lifecycle.profile", "lifecycle.transition", "lifecycle.snapshot"}, counts
        )
        self.assertLessEqual(counts, set(kept))
        self.assertLessEqual(set(kept), set(privacy._get_personal_models()))
        [profile] = kept["lifecycle.profile"]["rows"]
        self.assertEqual(profile["order_count"], 3)
        self.assertEqual(profile["partner_id"], "Shy")
        self.assertEqual(profile["rfm_code"], self._profile(self.partner).rfm_code)
        # with what it means
        self.assertIn(
            "555 is best", kept["lifecycle.profile"]["fields"]["rfm_code"]["meaning"]
        )

    def test_nobody_else_is_in_it(self):
        self._keep()
        self.assertNotIn("Open", json.dumps(self._export()))

    def test_from_a_contact_of_the_customer(self):
        self._keep()
        data = self._export(partner=self.contact)
        self.assertEqual(data["contact"]["rows"][0]["name"], "Shy's Buyer")
        self.assertEqual(data["customer"], "Shy")
        self.assertTrue(data["kept"]["lifecycle.profile"]["rows"])

    def test_own_companies_only(self):
        there = self._create_company("Other")
        self._order(self.contact, "2026-06-01", 777, company=there)
        with self.at("2026-06-15"):
            self._recompute(self.company | there)
        data = self._export()
        self.assertEqual(data["companies"], [self.company.name])
        [profile] = data["kept"]["lifecycle.profile"]["rows"]
        self.assertEqual(profile["company_id"], self.company.name)
        self.manager.company_ids |= there
        self.assertEqual(len(self._export()["kept"]["lifecycle.profile"]["rows"]), 2)

    def test_managers_only(self):
        with self.assertRaises(AccessError):
            self._wizard(self.seller, self.partner)
        privacy = self.env["lifecycle.privacy"].with_user(self.seller)
        with self.assertRaisesRegex(AccessError, "Only managers"):
            privacy._export(self.partner.with_user(self.seller))

    def test_contact_out_of_reach(self):
        there = self._create_company("Other")
        stranger = self._user(
            "export_stranger", "lifecycle_crm.group_lifecycle_manager", there
        )
        self.partner.company_id = self.company
        self.contact.company_id = self.company
        with self.assertRaises(AccessError):
            self._wizard(stranger, self.partner).action_export()

    def test_download_is_for_who_asked(self):
        self._keep()
        wizard = self._wizard(self.manager, self.partner)
        url = wizard.action_export()["url"]
        self.env.flush_all()
        self.authenticate("export_manager", "export_manager")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("lifecycle.profile", response.json()["kept"])
        self.assertIn("was exported", str(self.partner.message_ids.mapped("body")))
        for login in ("export_seller", None):
            self.authenticate(login, login)
            self.assertNotIn("lifecycle.profile", self.url_open(url).text)

    def test_as_many_queries_for_many_rows(self):
        self._keep()
        privacy = self.env["lifecycle.privacy"]
        privacy._export(self.partner)  # what is read once is read now
        counts = []
        for months in (3, 12):
            with self.at("2026-06-15"):
                self._rebuild(months=months)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            privacy._export(self.partner)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_every_model_about_a_customer_is_known(self):
        """Whoever adds a model with a customer says whether it is computed, or kept."""
        privacy = self.env["lifecycle.privacy"]
        known = set(privacy._get_personal_models())
        unknown = {
            name
            for name, model in self.env.registry.items()
            if name.startswith(("lifecycle.", "churn.", "loyalty."))
            and not model._transient
            and not model._abstract
            and name not in known
            and self.env[name]._table_query is None  # else it keeps nothing
            and any(
                field.store
                and field.type == "many2one"
                and field.comodel_name == "res.partner"
                for field in model._fields.values()
            )
        }
        self.assertFalse(unknown)
