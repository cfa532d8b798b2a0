from urllib.parse import urlsplit

from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestPrivacyPage(GateCase, HttpCase):
    """Customers see and change what they want, and see why they were written to."""

    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"lifecycle_quiet": False, "name": "Shop One"})
        cls.partner = cls._customer(name="Ann")
        cls.other = cls._customer(name="Bob")
        for partner in (cls.partner, cls.other):
            new_test_user(
                cls.env,
                f"page_{partner.id}",
                groups="base.group_portal",
                password=f"page_{partner.id}",
                name=partner.name,
                email=partner.email,
                partner_id=partner.id,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
        cls.second = cls._create_company("Shop Two")

    def _log(self, partner, company=None, **values):
        return self.env["lifecycle.message"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or self.company).id,
                "channel": "mail",
                "date": "2026-01-05 10:00:00",
                "state": "sent",
                "source": "hand",
                **values,
            }
        )

    def _open(self, partner, path="/my/privacy"):
        login = f"page_{partner.id}"
        self.authenticate(login, login)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _consents(self, page):
        """Forms by the name of the company."""
        forms = page.xpath("//section[contains(@class, 'o_privacy_consent')]//form")
        return {form.xpath("string(.//strong)").strip(): form for form in forms}

    def _press(self, form, **changes):
        data = {
            **{i.get("name"): i.get("value") for i in form.xpath(".//input")},
            "state": form.xpath(".//button/@value")[0],
            **changes,
        }
        response = self.url_open(form.get("action"), data=data)
        self.env.invalidate_all()
        return response

    def _state(self, partner, company=None):
        return partner.with_company(company or self.company).lifecycle_consent

    def test_consent_is_shown_and_changed(self):
        page = self._open(self.partner)
        [(name, form)] = self._consents(page).items()
        self.assertEqual(name, "Shop One")
        self.assertIn("You get them, until", form.text_content())
        answer = self._press(form)
        self.assertIn("You will not get such messages", answer.text)
        self.assertEqual(self._state(self.partner), "opted_out")
        consent = self.env["lifecycle.consent"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual(consent.source, "portal")
        self.assertEqual(consent.user_id.partner_id, self.partner)
        form = self._consents(self._open(self.partner))["Shop One"]
        self.assertIn("You said that you do not want them", form.text_content())
        self._press(form)
        self.assertEqual(self._state(self.partner), "opted_in")
        self.assertEqual(self._state(self.other), "unknown")

    def test_where_silence_is_no_consent(self):
        self.company.lifecycle_consent_policy = "opt_in"
        form = self._consents(self._open(self.partner))["Shop One"]
        self.assertIn("unless you say that you want them", form.text_content())
        self._press(form)
        self.assertEqual(self._state(self.partner), "opted_in")

    def test_companies_that_wrote_and_no_others(self):
        third = self._create_company("Shop Three")
        self._log(self.partner, self.second)
        self._log(self.other, third)
        forms = self._consents(self._open(self.partner))
        self.assertEqual(set(forms), {"Shop One", "Shop Two"})
        self._press(forms["Shop One"], company_id=third.id)
        self._press(forms["Shop One"], company_id="x")
        self._press(forms["Shop One"], state="maybe")
        self.assertFalse(
            self.env["lifecycle.consent"].search(
                [("partner_id", "in", (self.partner | self.other).ids)]
            )
        )
        self._press(forms["Shop Two"], partner_id=self.other.id)
        self.assertEqual(self._state(self.partner, self.second), "opted_out")
        self.assertEqual(self._state(self.other, self.second), "unknown")

    def test_what_was_said_of_profiling_stays(self):
        self.env["lifecycle.consent"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "state": "unknown",
                "no_profiling": True,
            }
        )
        self._press(self._consents(self._open(self.partner))["Shop One"])
        self.assertTrue(self.partner.with_company(self.company).lifecycle_no_profiling)

    def test_own_messages_that_were_sent(self):
        message = self.env["mail.message"].create(
            {"subject": "News of May <b>1</b>", "model": False}
        )
        self._log(self.partner, mail_message_id=message.id)
        self._log(self.partner, state="held", reason="opted_out", source="play")
        self._log(self.partner, date="2999-01-01 10:00:00")
        self._log(self.other)
        page = self._open(self.partner)
        [line] = page.xpath("//section[contains(@class, 'o_privacy_messages')]//li")
        text = " ".join(line.text_content().split())
        self.assertIn("News of May <b>1</b>", text)
        self.assertIn("A colleague wrote to you.", text)
        self.assertIn("Shop One", text)
        page = self._open(self.other)
        self.assertEqual(
            len(page.xpath("//section[contains(@class, 'o_privacy_messages')]//li")), 1
        )

    def test_pages(self):
        for _number in range(21):
            self._log(self.partner)
        lines = "//section[contains(@class, 'o_privacy_messages')]//li[strong or div]"
        self.assertEqual(len(self._open(self.partner).xpath(lines)), 20)
        page = self._open(self.partner, "/my/privacy/page/2")
        self.assertEqual(len(page.xpath(lines)), 1)

    def test_without_any_message(self):
        page = self._open(self.partner)
        self.assertIn("No message of this kind was sent", page.text_content())

    def test_the_link_in_every_mail_leads_there(self):
        url = self.partner._get_lifecycle_unsubscribe_url(self.company)
        page = html.fromstring(self.url_open(urlsplit(url).path).text)
        self.assertTrue(page.xpath("//a[@href='/my/privacy']"))
