from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..hooks import uninstall_hook
from .save_common import ALL, SaveActionsCase


@tagged("post_install", "-at_install")
class TestSaveActions(SaveActionsCase):
    # -- calls ---------------------------------------------------------------------

    def test_call(self):
        answer = self.mine.action_schedule_call()
        message = answer["params"]["message"]
        self.assertIn(f"Call to {self.partner.name} planned: Save Seller", message)
        [call] = self._calls()
        self.assertEqual(call.user_id, self.seller)
        self.assertEqual(call.date_deadline, self.today)
        self.assertEqual(
            call.activity_type_id, self.env.ref("churn_scoring.activity_type_save_call")
        )
        self.assertIn("80 days since the last order; usual gap 40 days", call.note)
        self.assertIn("Churn probability: 50", call.note)
        self.assertIn("100.00", call.note)
        self.assertNotIn("80", call.summary)
        self.assertEqual(self.item.activity_id, call)
        self.assertEqual(self.item.state, "todo")
        answer = self.mine.action_schedule_call()
        self.assertIn("planned already: Save Seller", answer["params"]["message"])
        self.assertEqual(self._calls(), call)

    def test_call_done(self):
        self.mine.action_schedule_call()
        call = self._calls().with_user(self.seller)
        message = call._action_done(feedback="Will order")[0]
        self.assertEqual(
            (self.item.state, self.item.contact_date), ("contacted", self.today)
        )
        # everybody who sees the contact reads its chatter
        self.assertIn("Will order", message.body)
        self.assertNotIn("Churn probability", message.body)
        self.assertFalse(call.sudo().note)

    def test_call_cancelled(self):
        self.mine.action_schedule_call()
        self._calls().unlink()
        self.assertEqual(self.item.state, "todo")
        self.mine.action_schedule_call()
        self.assertEqual(self.item.activity_id, self._calls())

    def test_figures_of_a_call_are_not_for_everybody(self):
        self.mine.action_schedule_call()
        call = self._calls()
        plain = new_test_user(
            self.env,
            "save_reader",
            "base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.partner.id)]
        for user, company, seen in (
            (self.seller, self.company, True),
            (self.all_seller, self.company, True),
            (plain, self.company, False),
            (
                self._user("save_abroad", ALL, companies=self._create_company("X")),
                self.env["res.company"].search([("name", "=", "X")]),
                False,
            ),
        ):
            with self.subTest(user=user.login):
                env_call = self._as(user, call, company)
                found = env_call.search(domain)
                self.assertEqual(bool(found), seen)
                partner = self._as(user, self.partner, company)
                self.assertEqual(bool(partner.activity_ids), seen)
                self.env.invalidate_all()
                if not seen:
                    with self.assertRaises(AccessError):
                        env_call.read(["note"])

    def test_nobody_says_that_an_activity_is_a_save_call(self):
        self.mine.action_schedule_call()
        call = self._as(self.seller, self._calls())
        with self.assertRaisesRegex(AccessError, "Save Call of"):
            call.write({"churn_company_id": False})
        values = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self._partner("Quiet").id,
            "summary": "Mine",
        }
        activities = self._as(self.seller, self.env["mail.activity"])
        activities.create(values)
        with self.assertRaisesRegex(AccessError, "Save Call of"):
            activities.create({**values, "churn_company_id": self.company.id})
        with self.assertRaisesRegex(AccessError, "Save Call of"):
            activities.with_context(default_churn_company_id=self.company.id).create(
                values
            )
        self.assertEqual(self.env["mail.activity"].search([("id", "=", call.id)]), call)
        self.assertEqual(call.churn_company_id, self.company)

    def test_uninstalled_no_figures_are_left_in_calls(self):
        """The rule that hides them goes with the addon."""
        self.mine.action_schedule_call()
        call = self._calls()
        self.assertIn("80 days since", call.note)
        other = self.partner.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.seller.id, note="Bring a cake"
        )
        self.env["churn.loss"]._record(
            self._profile(self.partner), self.env.ref("churn_scoring.reason_price")
        )
        uninstall_hook(self.env)
        self.assertFalse(call.note)
        self.assertIn("cake", other.note)
        # nothing holds on to what Odoo takes away next
        self.env.ref("churn_scoring.reason_price").unlink()

    def test_never_bought(self):
        prospect = self._at_risk("Prospect", order_count=0)
        with self.assertRaisesRegex(UserError, "has bought anything yet"):
            self._as(self.seller, prospect).action_win_backs()
        stranger = self._partner("Stranger")
        with self.assertRaisesRegex(UserError, "has bought anything yet"):
            self._as(self.seller, stranger).action_schedule_calls()

    def _run(self, name, user, records):
        action = self.env.ref(f"churn_scoring.server_action_{name}").with_user(user)
        return action.with_context(
            active_model=records._name,
            active_id=records[0].id,
            active_ids=records.ids,
            allowed_company_ids=self.company.ids,
        ).run()

    def test_several_at_once(self):
        partners = self.partner
        for number in range(4):
            partners |= self._at_risk(f"More {number}")
        self.mine.action_win_back()
        prospect = self._at_risk("Prospect", order_count=0)
        action = self._run("partner_win_back", self.seller, partners | prospect)
        leads = self.env["crm.lead"].search([("partner_id", "in", partners.ids)])
        self.assertEqual(len(leads), 5)
        self.assertEqual(action["domain"][0][:2], ("id", "in"))
        self.assertEqual(set(action["domain"][0][2]), set(leads.ids))
        self.assertFalse(self._leads(prospect))
        profiles = partners.with_company(self.company).lifecycle_profile_id
        answer = self._run("profile_call", self.seller, profiles)
        self.assertIn("5 calls planned, 0", answer["params"]["message"])
        answer = self._run("partner_call", self.seller, partners)
        self.assertIn("0 calls planned, 5", answer["params"]["message"])
        action = self._run("profile_loss", self.seller, profiles)
        self.assertEqual(action["context"]["default_profile_ids"], profiles.ids)

    def test_actions_are_for_who_sells(self):
        plain = self._user("save_nobody", "base.group_user")
        for name, records in (
            ("profile_call", self.profile),
            ("profile_win_back", self.profile),
            ("profile_loss", self.profile),
            ("partner_call", self.partner),
            ("partner_win_back", self.partner),
            ("partner_loss", self.partner),
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self._run(name, plain, records)
            with self.subTest(name=name), self.assertRaises(AccessError):
                method = {
                    "call": "action_schedule_calls",
                    "win_back": "action_win_backs",
                    "loss": "action_record_loss",
                }[name.partition("_")[2]]
                getattr(self._as(plain, records), method)()

    def test_why_in_words(self):
        self.assertEqual(
            self.mine.reason, "80 days since the last order; usual gap 40 days"
        )
        self.profile.gap_days = 0
        self.item.invalidate_recordset()
        self.assertEqual(self.item.reason, "80 days since the only order day")

    def test_merge_keeps_what_was_worked_on(self):
        double = self._at_risk("Double", 90)
        self._make()
        other = self._items(self.seller).filtered(lambda i: i.partner_id == double)
        self._as(self.seller, other).action_contacted()
        earlier = other.copy(
            {"week": "2026-06-08", "list_date": "2026-06-08", "state": "skipped"}
        )
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.partner | double).ids, self.partner
        )
        self.assertFalse(self.item.exists())
        self.assertEqual((other | earlier).partner_id, self.partner)
        self.assertEqual(other.state, "contacted")
