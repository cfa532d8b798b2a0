from datetime import timedelta

from odoo.tests import HttpCase, tagged

from odoo.addons.churn_scoring.tests.save_common import SaveCase

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestSurvey(SaveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("lifecycle_play_survey.survey_why").sudo()
        cls.answers = cls.survey.question_ids.suggested_answer_ids
        cls.lost = cls._at_risk("Lost", lapse_date=cls.today - timedelta(days=60))

    def _answer(self, partner, answer, note=None, company=None):
        """A customer fills in the survey and sends it."""
        sheet = (
            self.env["survey.user_input"]
            .sudo()
            .create(
                {
                    "survey_id": self.survey.id,
                    "partner_id": partner.id,
                    "lifecycle_company_id": (company or self.company).id,
                }
            )
        )
        reason, text = self.survey.question_ids
        sheet._save_lines(reason, answer.id)
        if note:
            sheet._save_lines(text, note)
        sheet._mark_done()
        return sheet

    def _losses(self, partner):
        return self.env["churn.loss"].search([("partner_id", "=", partner.id)])

    def _invite(self, partners):
        self.env["survey.invite"].create(
            {
                "survey_id": self.survey.id,
                "partner_ids": [(6, 0, partners.ids)],
                "subject": "One question",
                "body": "<p>Why?</p>",
            }
        ).action_invite()
        mails = self.env["mail.mail"].search([("subject", "=", "One question")])
        return mails.filtered(lambda mail: mail.state != "cancel").recipient_ids

    def test_an_invitation_of_many_passes_the_gate(self):
        happy = self._partner("Happy", email="happy@buyer.test")
        silent = self._partner("Silent", email="silent@buyer.test")
        self.env["lifecycle.consent"].create(
            {
                "partner_id": silent.id,
                "company_id": self.company.id,
                "state": "opted_out",
            }
        )
        self.survey.access_mode = "public"
        self.assertEqual(self._invite(happy | silent), happy)
        log = self.env["lifecycle.message"].search([("partner_id", "=", silent.id)])
        self.assertEqual((log.reason, log.source), ("opted_out", "hand"))
        # one customer who is asked by somebody gets a letter
        self.assertEqual(self._invite(silent), happy | silent)

    def test_the_answer_is_the_reason_of_the_loss(self):
        contact = self._partner("Clerk", parent_id=self.lost.id)
        self._answer(contact, self.answers[0], note="Twice the price")
        loss = self._losses(self.lost)
        self.assertEqual(loss.reason_id, self.env.ref("churn_scoring.reason_price"))
        self.assertEqual((loss.source, loss.note), ("survey", "Twice the price"))
        self.assertEqual(loss.company_id, self.company)

    def test_a_second_answer_changes_the_reason(self):
        self._answer(self.lost, self.answers[0])
        self._answer(self.lost, self.answers[1])
        loss = self._losses(self.lost)
        self.assertEqual(loss.reason_id, self.env.ref("churn_scoring.reason_quality"))

    def test_who_buys_or_never_bought_was_not_lost(self):
        future = self.today + timedelta(days=5)
        active = self._at_risk("Active", at_risk_date=future, lapse_date=future)
        never = self._at_risk("Never", order_count=0)
        for partner in (active, never, self._partner("Nobody")):
            self._answer(partner, self.answers[0])
            self.assertFalse(self._losses(partner))

    def test_every_answer_has_a_reason(self):
        self.assertGreaterEqual(len(self.answers), 6)
        self.assertTrue(all(answer.churn_reason_id for answer in self.answers))

    def test_other_surveys_record_nothing(self):
        sheet = (
            self.env["survey.user_input"]
            .sudo()
            .create({"survey_id": self.survey.id, "partner_id": self.lost.id})
        )
        sheet._save_lines(self.survey.question_ids[0], self.answers[0].id)
        sheet._mark_done()
        self.assertFalse(self._losses(self.lost))

    def test_the_shipped_play_links_to_the_survey(self):
        step = self.env.ref("lifecycle_play.play_ask_why_step").sudo()
        template = step.template_id.with_company(self.company)
        body = template._render_field("body_html", self.lost.ids)[self.lost.id]
        token = self.lost._get_lifecycle_survey_token(self.company)
        self.assertIn(f"/{self.company.id}/{self.lost.id}/{token}", str(body))
        self.assertFalse(
            self.env["survey.user_input"]
            .sudo()
            .search([("partner_id", "=", self.lost.id)])
        )

    def test_uninstalling_leaves_no_message_that_cannot_be_filled_in(self):
        uninstall_hook(self.env)
        step = self.env.ref("lifecycle_play.play_ask_why_step").sudo()
        self.assertEqual(
            step.template_id, self.env.ref("lifecycle_play.mail_template_ask_why")
        )


@tagged("post_install", "-at_install")
class TestSurveyLink(HttpCase):
    def test_the_signed_link_leads_to_ones_own_sheet(self):
        partner = self.env["res.partner"].create({"name": "Lost"})
        other = self.env["res.partner"].create({"name": "Other"})
        company = self.env.company
        token = partner._get_lifecycle_survey_token(company)
        for _visit in range(2):
            page = self.url_open(f"/lifecycle/why/{company.id}/{partner.id}/{token}")
            self.assertEqual(page.status_code, 200)
            self.assertIn("Why did you stop ordering?", page.text)
        sheets = self.env["survey.user_input"].search([("partner_id", "=", partner.id)])
        self.assertEqual(len(sheets), 1)
        self.assertEqual(sheets.lifecycle_company_id, company)
        for path in (
            f"{company.id}/{other.id}/{token}",
            f"{company.id}/{partner.id}/x{token[1:]}",
            f"{company.id}/999999999/{token}",
            f"{company.id}/{partner.id}/{'é' * len(token)}",
        ):
            page = self.url_open(f"/lifecycle/why/{path}")
            self.assertEqual(page.status_code, 404, path)
