"""Names that are code somewhere, in what plays send, note and show."""

from urllib.parse import urlsplit

from lxml import html

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, tagged

from odoo.addons.lifecycle_crm.tests.nasty import NASTY, NastyMixin

from .play_common import StepCase


@tagged("post_install", "-at_install")
class TestInjection(NastyMixin, StepCase):
    def _named(self, name):
        """A play of the name, with a mail and a call, done for the customer."""
        self.partner.name = name
        play = self._play(
            (
                {"name": name},
                {
                    "name": name,
                    "kind": "activity",
                    "template_id": False,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    "activity_summary": name,
                },
            ),
            name=name,
            description=name,
            entry_kind="hand",
        )
        self._start(play)
        self._enroll(play, self.partner)
        self._run_plays()
        return play

    def test_mails_and_notes(self):
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                before = self._mails(self.partner)
                play = self._named(name)
                [mail] = self._mails(self.partner) - before
                self.assertIn(" ".join(name.split()), " ".join(mail.subject.split()))
                self.assertNotIn("\n", mail.subject)
                self._check_html(mail.body_html, name, "mail")
                notes = self.partner.message_ids.filtered(
                    lambda message, name=name: "Play" in (message.body or "")
                )
                self.assertTrue(notes)
                for note in notes[:2]:
                    self._check_html(note.body, name, "note")
                calls = self.partner.activity_ids.filtered(
                    lambda activity, name=name: activity.summary == name
                )
                self.assertEqual(len(calls), 1)
                self.assertNotIn("1337", str(calls.note))
                timeline = self.partner.get_lifecycle_timeline()
                self._check_plain(timeline, "timeline")
                data = self.env["lifecycle.dashboard"].get_data()
                self._check_plain(data, "dashboard")
                play.action_end()

    def test_dry_run(self):
        """What would be sent is shown to the manager, and does nothing there either."""
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                self.partner.name = name
                play = self._play(({"name": name},), name=name)
                self._recompute()
                dry_run = self.env["lifecycle.play.dry.run"].browse(
                    play.action_dry_run()["res_id"]
                )
                for message in dry_run.message_ids:
                    self._check_html(message.body, name)
                    self.assertNotIn("1337", message.subject)

    def test_rules_are_never_run(self):
        for text in (
            "[('id', '=', 7*191)]",
            "[('id', '=', env.uid)]",
            "[('id', '=', __import__('os').getpid())]",
        ):
            with self.subTest(text=text):
                with self.assertRaises(ValidationError):
                    self._play(audience_domain=text)
                for field in ("profile_domain", "partner_domain"):
                    with self.assertRaises(ValidationError):
                        self.env["lifecycle.audience"].create(
                            {
                                "name": "Spy",
                                "company_id": self.company.id,
                                field: text,
                            }
                        )

    def test_no_line_of_the_log_is_forged(self):
        """What a failing step says is one line of the log."""
        step = self._raising_step(f"raise UserError({NASTY['lines']!r})")
        play = self._play((step,), entry_kind="hand")
        self._start(play)
        self._enroll(play, self.partner)
        with self.assertLogs("odoo.addons.lifecycle_play", "WARNING") as logs:
            self._run_plays()
        [told] = [r.getMessage() for r in logs.records if "forged" in r.getMessage()]
        self.assertNotIn("\n", told)


@tagged("post_install", "-at_install")
class TestInjectionPages(NastyMixin, StepCase, HttpCase):
    freeze_time = None  # the server has a clock of its own

    def test_pages(self):
        """The pages that a customer or a visitor opens."""
        referral = self.env["lifecycle.referral"]._get_for(self.partner, self.company)
        code = referral[self.partner].code
        for kind, name in NASTY.items():
            if kind == "long":
                continue  # names of companies are short enough to sign with
            with self.subTest(kind=kind):
                self.company.name = f"{kind} {name}"
                self.partner.name = name
                url = self.partner._get_lifecycle_unsubscribe_url(self.company)
                for path in (urlsplit(url).path, f"/lifecycle/refer/{code}"):
                    response = self.url_open(path)
                    self.assertEqual(response.status_code, 200)
                    page = html.fromstring(response.text)
                    self.assertFalse(page.xpath("//img[@onerror]"), path)
                    self.assertNotIn("1337", response.text.partition("<main")[2])
                    self.assertFalse(
                        [
                            s
                            for s in page.xpath("//script")
                            if "alert(1)" in s.text_content()
                        ]
                    )

    def test_what_a_visitor_types(self):
        """A lead of a stranger is text; the page gives it back as text."""
        referral = self.env["lifecycle.referral"]._get_for(self.partner, self.company)
        path = f"/lifecycle/refer/{referral[self.partner].code}"
        for number, (kind, name) in enumerate(NASTY.items()):
            with self.subTest(kind=kind):
                page = html.fromstring(self.url_open(path).text)
                [token] = page.xpath("//input[@name='csrf_token']/@value")
                data = {
                    "csrf_token": token,
                    "name": name,
                    "phone": name,
                    "message": name,
                    "email": "no address",
                }
                response = self.url_open(path, data=data)
                page = html.fromstring(response.text)
                self.assertFalse(page.xpath("//img[@onerror]"))
                data["email"] = f"visitor{number}@shop.test"
                self.url_open(path, data=data)
                lead = self.env["crm.lead"].search([("email_from", "=", data["email"])])
                self.assertEqual(len(lead), 1)
                self._check_html(lead.description, name[:2000])
                self.assertNotIn("1337", lead.name)
