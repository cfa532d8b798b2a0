from odoo.tests import Form, tagged

from odoo.addons.lifecycle_mass_mailing.tests.mailing_common import MailingCase
from odoo.addons.loyalty_program.tests.tier_common import TierCase


@tagged("post_install", "-at_install")
class TestMailingTier(MailingCase):
    def test_members_of_a_tier(self):
        club = TierCase._create_club.__func__(type(self), self.company)
        gold = club.tier_ids[2]
        self._profile(self.here[0]).tier_id = gold
        action = gold.action_lifecycle_mailing()
        form = Form(self.env["mailing.mailing"].with_context(**action["context"]))
        form.subject = "For Gold"
        mailing = form.save()
        self.assertEqual(mailing.lifecycle_tier_id, gold)
        self.assertTrue(mailing.lifecycle_scored)
        self._profile(self.gone[0]).tier_id = gold  # asked again when it is sent
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone[0] | self.here[0])
