"""Names that are code somewhere, in sentences about why a customer may leave."""

from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.nasty import NASTY, NastyMixin

from .evidence_common import EvidenceCase
from .save_common import SaveCase


@tagged("post_install", "-at_install")
class TestInjectionSave(NastyMixin, SaveCase):
    def test_calls_and_opportunities(self):
        """What is written on a contact, a call and an opportunity."""
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                partner = self._at_risk(name)
                profile = self._profile(partner)
                stage = profile.stage_id
                stage.name = name
                profile.with_user(self.seller).with_company(
                    self.company
                ).action_schedule_calls()
                [call] = partner.activity_ids
                self.assertNotIn("1337", str(call.note))
                self.assertNotIn(
                    "onerror", str(call.note).replace("&lt;img src=x ", "")
                )
                profile.with_user(self.seller).with_company(
                    self.company
                ).action_win_backs()
                lead = self.env["crm.lead"].search([("partner_id", "=", partner.id)])
                self.assertEqual(len(lead), 1)
                self.assertIn(name, lead.name)
                self.assertNotIn("1337", str(lead.description))
                self._check_plain(partner.get_lifecycle_card(), "card")
                self._check_plain(
                    self.env["lifecycle.dashboard"].get_data(), "dashboard"
                )


@tagged("post_install", "-at_install")
class TestInjectionWhy(NastyMixin, EvidenceCase):
    def test_evidence_in_words(self):
        """A sentence about a product or a category of a nasty name is that name."""
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                customer = self._customer(name)
                silent = self._product(name, self._category(name))
                other = self._product("Other", self._category("Other"))
                for month in (1, 2, 3):
                    day = f"2025-0{month}-01"
                    self._sale(customer, day, (silent, 450), (other, 550))
                self._sale(customer, "2025-09-01", (other, 550))
                [line] = self._found("category", customer)
                self.assertIn(" ".join(name.split()), " ".join(line.sentence.split()))
                self._check_plain(line.sentence, kind)
                self._check_plain(self._profile(customer).churn_why, "why")
