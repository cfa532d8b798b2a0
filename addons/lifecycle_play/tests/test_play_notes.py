"""What plays tell on the chatter of a contact, and to whom."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tools.discuss import Store

from .play_common import StepCase


@tagged("post_install", "-at_install")
class TestPlayNotes(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Other Company")
        cls.mine, cls.theirs = (
            new_test_user(
                cls.env,
                login,
                "sales_team.group_sale_salesman_all_leads",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for login, company in (
                ("notes_mine", cls.company),
                ("notes_theirs", cls.other_company),
            )
        )

    def _call(self):
        return {
            "kind": "activity",
            "template_id": False,
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            "activity_summary": "Win back: call",
        }

    def _as(self, user, records):
        """Records as a user of another company sees them."""
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _read(self, user):
        """Texts on the chatter of the contact that a user sees, as the client asks."""
        messages = self._as(user, self.env["mail.message"])
        thread = self._as(user, self.partner)
        found = messages._message_fetch(None, thread=thread)["messages"]
        return [message.preview for message in found if "Win back" in message.preview]

    def test_told_on_the_chatter(self):
        play = self._by_hand({}, {"delay_value": 1})
        self._enroll(play, self.partner)
        self._run_plays()
        self._order(self.partner, "2026-06-16", 10)
        with self.at("2026-06-16"):
            self._recompute()
            self._run_plays()
        logs = self.partner.message_ids.filtered(
            lambda message: play.name in (message.body or "")
        ).sorted("id")
        texts = [log.preview for log in logs]
        self.assertEqual(
            texts,
            [
                "Play “Win back”: step “Step 1” done.",
                "Play “Win back”: Entered.",
                "Play “Win back”: Stopped: Bought.",
            ],
        )

    def test_of_a_shared_contact_other_companies_see_nothing(self):
        self.assertFalse(self.partner.company_id)
        play = self._by_hand()
        self._enroll(play, self.partner)
        self._run_plays()
        self.assertEqual(len(self._read(self.mine)), 2)
        self.assertFalse(self._read(self.theirs))
        notes = self.partner.message_ids.filtered("lifecycle_company_id")
        self.assertEqual(notes.lifecycle_company_id, self.company)
        messages = self._as(self.theirs, self.env["mail.message"])
        self.assertFalse(messages.search([("id", "in", notes.ids)]))
        self.assertFalse(self._as(self.theirs, notes)._filtered_access("read"))
        # nor the message itself
        [mail] = self._mails(self.partner)
        message = mail.mail_message_id
        self.assertTrue(self._as(self.mine, message)._filtered_access("read"))
        self.assertFalse(self._as(self.theirs, message)._filtered_access("read"))
        # other notes they see as ever
        note = self.partner._message_log(body="Win back a note")
        self.assertEqual(self._read(self.theirs), [note.preview])

    def test_what_a_contact_says_to_one_company(self):
        self.env["lifecycle.consent"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "state": "opted_out",
                "note": "Win back: no, thanks",
            }
        )
        self.assertEqual(len(self._read(self.mine)), 1)
        self.assertFalse(self._read(self.theirs))

    def test_activities(self):
        """Not before they are done, and not after."""
        play = self._by_hand(self._call(), user_id=self.mine.id)
        self._enroll(play, self.partner)
        self._run_plays()
        call = self.partner.activity_ids
        self.assertEqual((call.summary, call.user_id), ("Win back: call", self.mine))
        activities = self.env["mail.activity"]
        about = [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        self.assertEqual(self._as(self.mine, activities).search(about), call)
        self.assertFalse(self._as(self.theirs, activities).search(about))
        self.env.invalidate_all()
        shown = self._as(self.theirs, self.partner)
        self.assertFalse(shown.activity_ids)
        self.assertFalse(shown.activity_state)
        store = Store().add(shown, [], request_list=["activities"], as_thread=True)
        self.assertFalse(store.get_result().get("mail.activity"))
        before = len(self._read(self.mine))
        call.with_user(self.mine).action_feedback("Win back: coming again")
        self.assertEqual(len(self._read(self.mine)), before + 1)
        self.assertFalse(self._read(self.theirs))

    def test_the_salesperson_of_another_company_gets_no_activity(self):
        self.partner.user_id = self.theirs
        play = self._by_hand(self._call(), user_id=self.mine.id)
        self._enroll(play, self.partner)
        self._run_plays()
        self.assertEqual(self.partner.activity_ids.user_id, self.mine)

    def test_names_are_text(self):
        play = self._by_hand({"name": "<b>Step</b>"}, name="<script>Win back</script>")
        self._enroll(play, self.partner)
        self._run_plays()
        bodies = self.partner.message_ids.mapped("body")
        told = [body for body in bodies if "Win back" in body]
        self.assertEqual(len(told), 2)
        for body in told:
            self.assertNotIn("<script", body)
            self.assertNotIn("<b>", body)
