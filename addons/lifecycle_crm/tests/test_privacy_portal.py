from lxml import html

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyPortal(PrivacyCase, HttpCase):
    """Customers throw the switch themselves: their own, nobody else's."""

    freeze_time = None  # the server has a clock of its own

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner in (cls.contact, cls.other):
            partner.email = partner.email or "buyer@example.com"
            new_test_user(
                cls.env,
                f"privacy_{partner.id}",
                groups="base.group_portal",
                password=f"privacy_{partner.id}",
                name=partner.name,
                email=partner.email,
                partner_id=partner.id,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
        cls._order(cls.contact, "2026-06-10", 300)
        cls._order(cls.other, "2026-06-10", 300)

    def _login(self, partner):
        login = f"privacy_{partner.id}"
        self.authenticate(login, login)

    def _page(self, query=""):
        response = self.url_open(f"/my/privacy{query}")
        self.assertEqual(response.status_code, 200)
        return response, html.fromstring(response.text)

    def _press(self, page, **changes):
        [form] = page.xpath("//section[contains(@class, 'o_privacy_profiling')]//form")
        [token] = form.xpath(".//input[@name='csrf_token']/@value")
        [button] = form.xpath(".//button")
        data = {"csrf_token": token, button.get("name"): button.get("value"), **changes}
        return self.url_open(form.get("action"), data=data)

    def test_switch_off_and_on(self):
        self._recompute()
        self.env["lifecycle.profile"].flush_model()
        others = self._count(self.other)
        self._login(self.contact)
        _response, page = self._page()
        # whom it is about is said
        self.assertIn(
            "Shy", page.xpath("string(//div[contains(@class, 'o_privacy_whose')])")
        )
        answer = self._press(page)
        self.assertIn("Done. What was computed has been deleted", answer.text)
        self.env.invalidate_all()
        self.assertTrue(self.partner.lifecycle_profiling_off)
        self.assertIn("Shy's Buyer", self.partner.lifecycle_profiling_reason)
        self._assert_forgotten()
        self.assertEqual(self._count(self.other), others)
        self._recompute()
        self._assert_forgotten()
        _response, page = self._page()
        answer = self._press(page)
        self.assertIn("Done. From now on", answer.text)
        self.env.invalidate_all()
        self.assertFalse(self.partner.lifecycle_profiling_off)
        self._recompute()
        self.assertTrue(self._profile(self.partner))

    def test_who_did_it_stands_in_the_chatter(self):
        self._login(self.contact)
        _response, page = self._page()
        self._press(page)
        self.env.invalidate_all()
        told = self.partner.message_ids.filtered("tracking_value_ids")[:1]
        self.assertEqual(told.author_id, self.contact)

    def test_nobody_else_can_be_named(self):
        self._recompute()
        self._login(self.contact)
        _response, page = self._page()
        for name in ("partner_id", "customer", "customer_id", "id", "partner"):
            self._press(page, **{name: self.other.id})
            self.env.invalidate_all()
            self.assertFalse(self.other.lifecycle_profiling_off, name)
            self.partner.lifecycle_profiling_off = False
        self.assertTrue(self._profile(self.other))

    def test_without_the_token_of_the_form(self):
        self._login(self.contact)
        with mute_logger("odoo.http"):
            response = self.url_open("/my/privacy/profiling", data={"profiling": "off"})
        self.assertEqual(response.status_code, 400)
        # and looking changes nothing
        self.url_open("/my/privacy/profiling?profiling=off")
        self.url_open("/my/privacy?profiling=off&said=off")
        self.env.invalidate_all()
        self.assertFalse(self.partner.lifecycle_profiling_off)

    def test_unknown_wish_changes_nothing(self):
        self._login(self.contact)
        _response, page = self._page()
        self._press(page, profiling="maybe")
        self.env.invalidate_all()
        self.assertFalse(self.partner.lifecycle_profiling_off)

    def test_visitors_log_in_first(self):
        response = self.url_open("/my/privacy", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_colleagues_have_nothing_to_switch(self):
        user = new_test_user(
            self.env,
            "privacy_colleague",
            groups="base.group_user",
            password="privacy_colleague",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        user.partner_id.parent_id = self.company.partner_id
        self.authenticate("privacy_colleague", "privacy_colleague")
        _response, page = self._page()
        section = "//section[contains(@class, 'o_privacy_profiling')]"
        self.assertTrue(page.xpath(section))
        self.assertFalse(page.xpath(f"{section}//form"))
        self.assertIn("You work for us", page.text_content())

    def test_no_score_is_shown(self):
        self._recompute()
        profile = self._profile(self.partner)
        self.assertTrue(profile.stage_id and profile.segment_id and profile.rfm_code)
        self._login(self.contact)
        response, page = self._page()
        text = " ".join(page.xpath("//div[@id='wrap']")[0].text_content().split())
        for secret in (
            profile.rfm_code,
            profile.segment_id.name,
            f"{profile.revenue_total:g}",
        ):
            self.assertNotIn(secret, text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_the_way_to_it(self):
        self._login(self.contact)
        page = html.fromstring(self.url_open("/my/home").text)
        self.assertTrue(page.xpath("//a[@href='/my/privacy']"))
