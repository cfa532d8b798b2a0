from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .perk_common import PerkCase


@tagged("post_install", "-at_install")
class TestMemberMail(PerkCase):
    """Odoo's own mails to members pass the gate; only a manager sends to many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Your card",
                "subject": "Your card",
                "model_id": cls.env["ir.model"]._get_id("loyalty.card"),
                "use_default_to": True,
                "auto_delete": False,
            }
        )
        cls.buyer.email = "buyer@example.com"
        cls.club.communication_plan_ids = [
            Command.clear(),
            Command.create({"trigger": "create", "mail_template_id": cls.template.id}),
            Command.create(
                {
                    "trigger": "points_reach",
                    "points": 100,
                    "mail_template_id": cls.template.id,
                }
            ),
        ]

    def _mails(self):
        return self.env["mail.mail"].search_count([("model", "=", "loyalty.card")])

    def _create_card(self, program=None):
        return self.env["loyalty.card"].create(
            {
                "program_id": (program or self.club).id,
                "partner_id": self.buyer.id,
                "points": 0,
            }
        )

    def test_new_card(self):
        before = self._mails()
        card = self._create_card()
        self.assertEqual(self._mails(), before + 1)
        [logged] = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(logged.state, "sent")
        self.assertTrue(card)

    def test_blacklisted_member_is_not_written_to(self):
        self.env["mail.blacklist"]._add("buyer@example.com")
        before = self._mails()
        card = self._create_card()
        card.points = 150
        self.assertEqual(self._mails(), before)
        held = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.buyer.id)]
        )
        self.assertEqual(set(held.mapped("reason")), {"blacklisted"})

    def test_weekly_limit_counts_them(self):
        self.company.lifecycle_message_cap = 1
        card = self._create_card()
        before = self._mails()
        card.points = 150
        self.assertEqual(self._mails(), before)

    def test_a_gift_card_that_was_bought_always_arrives(self):
        self.env["mail.blacklist"]._add("buyer@example.com")
        gifts = self.env["loyalty.program"].create(
            {
                "name": "Gift Cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "company_id": self.company.id,
                "communication_plan_ids": [
                    Command.create(
                        {"trigger": "create", "mail_template_id": self.template.id}
                    )
                ],
            }
        )
        before = self._mails()
        self._create_card(gifts)
        self.assertEqual(self._mails(), before + 1)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_only_a_manager_sends_by_hand(self):
        users = {
            name: new_test_user(
                self.env,
                login=f"mailer_{name}",
                groups=groups,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for name, groups in (
                ("seller", "sales_team.group_sale_salesman_all_leads"),
                ("clerk", "base.group_user"),
                ("portal", "base.group_portal"),
                ("manager", "sales_team.group_sale_manager"),
            )
        }
        mails = self.env["mail.mail"]
        sent = [("model", "=", "loyalty.membership")]
        before = mails.search_count(sent)
        for name in ("seller", "clerk", "portal"):
            member = self._member().with_user(users[name])
            buyer = self.buyer.with_user(users[name])
            card = self._card_of_buyer().with_user(users[name])
            for send in (
                member.action_invite,
                lambda buyer=buyer: buyer.action_send_tier_mail("invitation"),
                card.action_send_points_reminder,
            ):
                with self.assertRaises(AccessError, msg=name):
                    send()
        self.assertEqual(mails.search_count(sent), before)
        member = self._member().with_user(users["manager"])
        member.with_context(allowed_company_ids=self.company.ids).action_invite()
        self.assertEqual(mails.search_count(sent), before + 1)

    def _card_of_buyer(self):
        return self.club._get_member_card(self.buyer)

    def test_unknown_kind_of_mail(self):
        with self.assertRaisesRegex(UserError, "Kind of mail.*surprise"):
            self.buyer.action_send_tier_mail("surprise")
