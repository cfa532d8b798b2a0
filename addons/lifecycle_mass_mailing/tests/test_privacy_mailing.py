from odoo.tests import tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestPrivacyMailing(MailingCase):
    """Who is not profiled gets no mailing that was chosen by what was computed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shy = cls.gone[0]

    def _switch(self):
        self.shy._lifecycle_set_profiling(True, "Phone")

    def test_out_of_every_choice(self):
        mailing = self._to_stage()
        self._switch()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone - self.shy)

    def test_nor_by_what_they_are_not(self):
        """“Not active” would take whoever has no stage at all."""
        everybody = self.gone | self.here
        domain = [
            ("id", "in", everybody.ids),
            ("lifecycle_stage_id", "!=", self.active.id),
        ]
        mailing = self._mailing(
            mailing_model_id=self.env["ir.model"]._get_id("res.partner"),
            mailing_domain=repr(domain),
        )
        self._switch()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone - self.shy)

    def test_other_mailings_still_reach_them(self):
        mailing = self._mailing(
            mailing_model_id=self.env["ir.model"]._get_id("res.partner"),
            mailing_domain=repr([("id", "in", self.gone.ids)]),
        )
        self._switch()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)

    def test_how_they_answer_is_not_kept(self):
        engagement = self.env["lifecycle.engagement"]
        mailing = self._to_stage()
        self._send(mailing)
        engagement._refresh(self.company)
        own = [("partner_id", "=", self.shy.id)]
        self.assertTrue(engagement.search(own))
        self._switch()
        self.assertFalse(engagement.search(own))
        engagement._refresh(self.company)
        self.assertFalse(engagement.search(own))
        self.assertTrue(engagement.search([("partner_id", "=", self.gone[1].id)]))
