from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestMailingTarget(MailingCase):
    def test_a_stage(self):
        mailing = self._to_stage()
        self.assertEqual(mailing.mailing_model_name, "res.partner")
        self.assertEqual(mailing.total, 3)
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)
        self.assertEqual(mailing.state, "done")

    def test_asked_again_when_sent(self):
        mailing = self._to_stage()
        moved = self.gone[0]
        self._put(moved, self.active)
        self._put(self.here[0], self.lapsed)
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone - moved | self.here[0])

    def test_one_message_to_a_customer(self):
        self.env["res.partner"].create(
            {"name": "Clerk", "parent_id": self.gone[0].id, "email": "clerk@gate.test"}
        )
        mailing = self._to_stage()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)

    def test_a_segment(self):
        segment = self.env["lifecycle.segment"].search([], limit=1)
        self._profile(self.here[0]).segment_id = segment
        mailing = self._mailing(
            lifecycle_target="segment", lifecycle_segment_id=segment.id
        )
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.here[0])

    def test_an_audience(self):
        audience = self.env["lifecycle.audience"].create(
            {
                "name": "Gone, in English",
                "company_id": self.company.id,
                "profile_domain": repr([("stage_id", "=", self.lapsed.id)]),
                "partner_domain": "[('lang', '=', 'en_US')]",
            }
        )
        action = audience.action_lifecycle_mailing()
        form = Form(self.env["mailing.mailing"].with_context(**action["context"]))
        form.subject = "News"
        mailing = form.save()
        self.assertEqual(mailing.lifecycle_audience_id, audience)
        self.assertEqual(mailing.total, 3)
        self._put(self.here[0], self.lapsed)
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone | self.here[0])
        self.assertEqual(self.here[0].lifecycle_audience_ids, audience)

    def test_all_customers(self):
        nobody = self.env["res.partner"].create(
            {"name": "No Customer", "email": "no@gate.test"}
        )
        mailing = self._mailing(lifecycle_target="all")
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone | self.here)
        self.assertNotIn(nobody, self._reached(mailing))

    def test_from_the_list(self):
        profiles = self.env["lifecycle.profile"]
        action = profiles.with_context(
            active_domain=[("stage_id", "=", self.active.id)]
        ).action_lifecycle_mailing()
        form = Form(self.env["mailing.mailing"].with_context(**action["context"]))
        form.subject = "News"
        self.assertEqual(form.save().total, 2)

    def test_from_some_of_the_list(self):
        action = self._profile(self.here[0]).action_lifecycle_mailing()
        form = Form(self.env["mailing.mailing"].with_context(**action["context"]))
        form.subject = "News"
        mailing = form.save()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.here[0])

    def test_from_a_stage(self):
        action = self.lapsed.action_lifecycle_mailing()
        form = Form(self.env["mailing.mailing"].with_context(**action["context"]))
        form.subject = "News"
        mailing = form.save()
        self.assertEqual(mailing.lifecycle_stage_id, self.lapsed)
        self.assertEqual(mailing.total, 3)

    def test_the_choice_moves_the_filter(self):
        form = Form(self.env["mailing.mailing"])
        form.subject = "News"
        form.lifecycle_target = "stage"
        self.assertEqual(form.mailing_model_name, "res.partner")
        # nobody is meant until it is chosen which
        self.assertIn("'in', []", form.mailing_domain)
        form.lifecycle_stage_id = self.lapsed
        self.assertIn(str(self.lapsed.id), form.mailing_domain)
        form.mailing_model_id = self.env["ir.model"]._get("mailing.list")
        self.assertFalse(form.lifecycle_target)

    def test_other_companies_do_not_get_it(self):
        other = self._create_company("Other Company")
        partner = self._customer()
        self.env["lifecycle.profile"].create(
            {
                "partner_id": partner.id,
                "company_id": other.id,
                "stage_id": self.lapsed.id,
            }
        )
        mailing = self._to_stage()
        self._send(mailing)
        self.assertEqual(self._reached(mailing), self.gone)

    def test_what_is_wrong_is_said(self):
        with self.assertRaisesRegex(ValidationError, "no_such_field"):
            self._mailing(
                lifecycle_target="filter", lifecycle_filter="[('no_such_field','=',1)]"
            )
        with self.assertRaisesRegex(ValidationError, "recipients"):
            self._to_stage(
                mailing_model_id=self.env["ir.model"]._get_id("mailing.list")
            )
        mailing = self._mailing(lifecycle_target="stage")
        with self.assertRaisesRegex(UserError, "Stage: it is empty"):
            mailing.action_launch()

    def test_installing_sends_nothing(self):
        from ..hooks import post_init_hook

        mailing = self._to_stage()
        before = self.env["mail.mail"].search_count([])
        post_init_hook(self.env)
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
