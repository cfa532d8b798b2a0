from urllib.parse import urlsplit

from lxml import html

from odoo.tests import HttpCase, tagged

from .gate_common import GateCase

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} & Co"


@tagged("post_install", "-at_install")
class TestUnsubscribe(GateCase, HttpCase):
    # Requests are served by other threads, and know no frozen clock
    freeze_time = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.lifecycle_quiet = False

    def _path(self, partner, company=None):
        url = partner._get_lifecycle_unsubscribe_url(company or self.company)
        return urlsplit(url).path

    def _get(self, path):
        response = self.url_open(path)
        return response, html.fromstring(response.text)

    def _state(self, partner, company=None):
        partner.invalidate_recordset()
        return partner.with_company(company or self.company).lifecycle_consent

    def test_looking_changes_nothing(self):
        partner = self._customer()
        for method in ("GET", "HEAD"):
            response = self.url_open(self._path(partner), method=method)
            self.assertEqual(response.status_code, 200)
            self.assertNotIn("Done.", response.text)
        self.assertEqual(self._state(partner), "unknown")
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")

    def test_unsubscribe_and_back(self):
        partner = self._customer()
        path = self._path(partner)
        _response, page = self._get(path)
        [button] = page.xpath("//button[@name='what']")
        self.assertEqual(button.get("value"), "opted_out")
        self.assertEqual(button.getparent().get("action"), path)
        response = self.url_open(path, data={"what": "opted_out"})
        self.assertIn("Done.", response.text)
        self.assertEqual(self._state(partner), "opted_out")
        consent = self.env["lifecycle.consent"].search(
            [("partner_id", "=", partner.id)]
        )
        self.assertEqual((consent.source, consent.user_id.id), ("page", False))
        # pressing twice says nothing new
        self.url_open(path, data={"what": "opted_out"})
        self.assertEqual(consent.search_count([("partner_id", "=", partner.id)]), 1)
        self.url_open(path, data={"what": "opted_in"})
        self.assertEqual(self._state(partner), "opted_in")

    def test_one_click(self):
        """As mail programs do it: RFC 8058, no cookie, no page before it."""
        partner = self._customer()
        response = self.url_open(
            self._path(partner), data={"List-Unsubscribe": "One-Click"}
        )
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._state(partner), "opted_out")
        consent = self.env["lifecycle.consent"].search(
            [("partner_id", "=", partner.id)]
        )
        self.assertEqual(consent.source, "one_click")

    def test_only_the_signed_link(self):
        partner, other = self._customer(), self._customer()
        company = self._create_company("Other")
        path = self._path(partner)
        head, _slash, token = path.rpartition("/")
        forged = [
            f"{head}/{token[:-1]}{'0' if token[-1] != '0' else '1'}",
            f"{head}/{token[:10]}",
            f"{head}/x",
            f"{head}/{'é' * len(token)}",
            path.replace(f"/{partner.id}/", f"/{other.id}/"),
            path.replace(f"/{self.company.id}/", f"/{company.id}/"),
            path.replace(f"/{partner.id}/", "/999999999/"),
        ]
        for bad in forged:
            with self.subTest(path=bad):
                self.assertEqual(self.url_open(bad).status_code, 404)
                response = self.url_open(bad, data={"what": "opted_out"})
                self.assertEqual(response.status_code, 404)
        for customer in (partner, other):
            self.assertEqual(self._state(customer), "unknown")
            self.assertEqual(self._state(customer, company), "unknown")

    def test_a_contact_that_is_gone(self):
        partner = self._customer()
        path = self._path(partner)
        self._profile(partner).unlink()
        partner.unlink()
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_nonsense_is_no_word(self):
        partner = self._customer()
        for data in ({"what": "unknown"}, {"what": "<b>"}, {"state": "opted_in"}):
            response = self.url_open(self._path(partner), data=data)
            self.assertEqual(response.status_code, 200)
        self.assertEqual(self._state(partner), "unknown")

    def test_several_companies(self):
        """Those that wrote to the contact, and no others."""
        partner = self._customer()
        wrote = self._create_company("Sister that wrote")
        silent = self._create_company("Silent sister")
        wrote.lifecycle_quiet = False
        self.gate._pass(partner, wrote, "mail")
        path = self._path(partner)
        response, page = self._get(path)
        self.assertIn("Sister that wrote", response.text)
        self.assertNotIn("Silent sister", response.text)
        self.assertTrue(page.xpath("//button[@value='all']"))
        self.url_open(path, data={"what": "opted_out"})
        self.assertEqual(self._state(partner, wrote), "unknown")
        self.url_open(path, data={"what": "all"})
        self.assertEqual(self._state(partner), "opted_out")
        self.assertEqual(self._state(partner, wrote), "opted_out")
        self.assertEqual(self._state(partner, silent), "unknown")

    def test_what_was_said_about_profiling_stays(self):
        partner = self._customer()
        self._say(partner, "opted_out", no_profiling=True)
        self.url_open(self._path(partner), data={"what": "opted_in"})
        partner.invalidate_recordset()
        self.assertTrue(partner.lifecycle_no_profiling)

    def test_hostile_names(self):
        self.company.name = f"{HOSTILE} company"
        partner = self._customer(name=HOSTILE)
        response, page = self._get(self._path(partner))
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertFalse(page.xpath("//img[@onerror]"))
        text = page.text_content()
        self.assertIn(f"{HOSTILE} company", text)
        self.assertIn("{{ 7*7 }}", text)

    def test_language_and_direction(self):
        self.env["res.lang"]._activate_lang("fa_IR")
        partner = self._customer(lang="fa_IR")
        response, page = self._get(self._path(partner))
        self.assertEqual(response.status_code, 200)
        self.assertIn("assets_frontend.rtl", response.text)
        self.assertTrue(page.xpath("//div[@lang='fa-IR'][@dir='rtl']//button"))

    # -- in the mail -------------------------------------------------------------

    def _emails(self, mail):
        return mail._prepare_outgoing_list()

    def test_link_in_the_mail(self):
        partner = self._customer()
        self._run(self._action(), partner)
        [email] = self._emails(self._mails_to(partner))
        url = partner._get_lifecycle_unsubscribe_url(self.company)
        self.assertEqual(email["headers"]["List-Unsubscribe"], f"<{url}>")
        self.assertEqual(
            email["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click"
        )
        [link] = html.fromstring(email["body"]).xpath("//a")
        self.assertEqual(link.get("href"), url)
        self.assertIn(url, email["body_alternative"])
        # not in what colleagues read on the contact
        self.assertNotIn(url, self._mails_to(partner).body_html)
        response = self.url_open(
            urlsplit(url).path,
            data=dict([email["headers"]["List-Unsubscribe-Post"].split("=")]),
        )
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._state(partner), "opted_out")

    def test_each_recipient_has_a_link_of_their_own(self):
        first, second = self._customer(), self._customer()
        template = self.templates["res.partner"].copy(
            {"partner_to": f"{first.id},{second.id}", "use_default_to": False}
        )
        self._run(self._action(template_id=template.id), first)
        emails = self._emails(self._mails_to(first))
        self.assertEqual(
            {
                email["partner_id"]: email["headers"]["List-Unsubscribe"]
                for email in emails
            },
            {
                partner: f"<{partner._get_lifecycle_unsubscribe_url(self.company)}>"
                for partner in (first, second)
            },
        )

    def test_hostile_company_in_the_mail(self):
        self.company.name = HOSTILE
        partner = self._customer()
        self._run(self._action(), partner)
        [email] = self._emails(self._mails_to(partner))
        body = html.fromstring(email["body"])
        self.assertFalse(body.xpath("//script | //img"))
        self.assertIn(HOSTILE, body.text_content())

    def test_other_mails_have_no_link(self):
        partner = self._customer()
        self._run(self._action(lifecycle_gate=False), partner)
        [email] = self._emails(self._mails_to(partner))
        self.assertNotIn("List-Unsubscribe", email["headers"])
