from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(PrivacyCase):
    """Erasure by Odoo's own means reaches what was computed."""

    def _look_up(self, partner):
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": partner.name, "email": partner.email}
        )
        wizard.action_lookup()
        return wizard.line_ids

    def _line(self, lines, partner):
        line = lines.filtered(
            lambda found: (found.res_model, found.res_id) == ("res.partner", partner.id)
        )
        self.assertEqual(len(line), 1)
        return line

    def test_archived(self):
        """The contact stays, for its orders: what was computed goes for good."""
        self._score()
        others = self._count(self.other)
        self._line(self._look_up(self.partner), self.partner).action_archive_all()
        self.assertFalse(self.partner.active)
        self.assertIn("privacy lookup", self.partner.lifecycle_profiling_reason)
        self._assert_forgotten()
        self.assertEqual(self._count(self.other), others)
        self._refresh()
        self._recompute()
        self._rebuild(months=3)
        self._assert_forgotten()

    def test_archived_contact_of_a_company(self):
        """Erasing a person does not wipe the company that it works for."""
        self._score()
        self.contact.email = "buyer@example.com"
        before = self._count()
        self._line(self._look_up(self.contact), self.contact).action_archive_all()
        self.assertFalse(self.contact.active)
        self.assertFalse(self.partner.lifecycle_profiling_off)
        self.assertEqual(self._count(), before)

    def test_unarchived_is_not_switched_on(self):
        self._score()
        line = self._line(self._look_up(self.partner), self.partner)
        line.action_archive_all()
        line.is_active = True
        line._onchange_is_active()
        self.assertTrue(self.partner.active)
        self.assertTrue(self.partner.lifecycle_profiling_off)

    def test_deleted(self):
        person = self._partner("Visitor", email="visitor@example.com")
        self._lead(person, "2026-06-01")
        self._recompute()
        self._rebuild(months=1)
        self.assertTrue(self._profile(person))
        self._line(self._look_up(person), person).action_unlink()
        self.assertFalse(person.exists())
        self._assert_forgotten(person)

    def test_lists_nothing_that_cannot_be_deleted(self):
        self._score()
        if "lifecycle.consent" in self.env:
            self.env["lifecycle.consent"].create(
                {"partner_id": self.partner.id, "company_id": self.company.id}
            )
        models = set(self._look_up(self.partner).mapped("res_model"))
        privacy = self.env["lifecycle.privacy"]
        self.assertFalse(models & set(privacy._get_append_only_models()))
