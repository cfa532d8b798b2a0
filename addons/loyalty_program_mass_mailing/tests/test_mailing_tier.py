from odoo.tests import Form, tagged

from odoo.addons.lifecycle_mass_mailing.tests.mailing_queries_common import (
    MailingQueriesCase,
)
from odoo.addons.loyalty_program.tests.tier_common import TierCase


@tagged("post_install", "-at_install")
class TestMailingTier(MailingQueriesCase):
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

    def test_queries_of_the_form(self):
        club = TierCase._create_club.__func__(type(self), self.company)
        mailing = self._mailing(
            user=self.marketer,
            lifecycle_target="tier",
            lifecycle_tier_id=club.tier_ids[2].id,
            lifecycle_control_share=0.5,
        )
        self._compare(mailing)
        self._compare_new()
