from odoo.tests import tagged

from odoo.addons.lifecycle_mass_mailing.tests.mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestMailingRisk(MailingCase):
    def test_customers_of_a_risk(self):
        self._profile(self.here[0]).churn_risk = "high"
        self._profile(self.here[1]).churn_risk = "low"
        mailing = self._mailing(lifecycle_target="risk", lifecycle_risk="high")
        self.assertTrue(mailing.lifecycle_scored)
        self._profile(self.gone[0]).churn_risk = "high"  # asked again when it is sent
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone[0] | self.here[0])

    def test_risk_by_hand_is_a_score_too(self):
        mailing = self._mailing(
            mailing_model_id=self.env["ir.model"]._get_id("res.partner"),
            mailing_domain="[('churn_risk', '=', 'high')]",
        )
        self.assertTrue(mailing.lifecycle_scored)
