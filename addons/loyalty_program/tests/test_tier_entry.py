from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .perk_common import PerkCase


@tagged("post_install", "-at_install")
class TestTierEntry(PerkCase):
    """What comes with a tier on the day it is reached or left."""

    def test_tag(self):
        tag = self.env["res.partner.category"].create({"name": "Silver member"})
        self.silver.tag_id = tag
        self._buy(50, partner=self.other)
        self.assertEqual(self.other.category_id, tag)
        self._buy(400, partner=self.other)
        self.assertFalse(self.other.category_id)

    def test_welcome_coupon_once(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.silver.welcome_program_id = coupons
        order = self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        cards = coupons.coupon_ids
        self.assertEqual(cards.partner_id, self.other)
        self.assertEqual(cards.welcome_tier_id, self.silver)
        order._action_cancel()
        self._refresh()
        self.assertEqual(self._tier(self.other), self.bronze)
        self._buy(60, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        self.assertEqual(coupons.coupon_ids, cards)

    def test_no_coupon_of_another_company(self):
        other = self._create_company("Elsewhere")
        self.env.user.company_ids |= other
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome Elsewhere",
                "program_type": "coupons",
                "company_id": other.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.silver.welcome_program_id = coupons
        self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
        self.assertFalse(coupons.sudo().coupon_ids)

    def test_nobody_is_welcomed_by_an_installation(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Welcome",
                "program_type": "coupons",
                "company_id": self.company.id,
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        self.bronze.welcome_program_id = coupons
        newcomer = self._partner("Newcomer")
        self._order(newcomer, TODAY, 10)
        self._recompute(reason="import", quiet=True)
        self.assertEqual(self._tier(newcomer), self.bronze)
        self.assertFalse(coupons.coupon_ids)

    def test_activity_for_the_salesperson(self):
        seller = new_test_user(
            self.env,
            login="tier_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.other.user_id = seller
        self.silver.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self._buy(50, partner=self.other)
        activity = self.other.activity_ids
        self.assertEqual(activity.user_id, seller)
        self.assertIn("Silver", activity.summary)
        self.assertEqual(activity.lifecycle_company_id, self.company)

    def test_no_activity_for_the_salesperson_of_another_company(self):
        theirs = self._create_company("Other Company")
        seller = new_test_user(
            self.env,
            login="their_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=theirs.id,
            company_ids=[Command.set(theirs.ids)],
        )
        self.other.user_id = seller
        self.silver.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        self.silver.activity_user_id = self.env.user
        self._buy(50, partner=self.other)
        self.assertEqual(self.other.activity_ids.user_id, self.env.user)
        self.env.invalidate_all()
        shown = self.other.with_user(seller).with_context(
            allowed_company_ids=theirs.ids
        )
        self.assertFalse(shown.activity_ids)

    def test_actions_on_entry_and_exit(self):
        def action(model, name):
            return self.env["ir.actions.server"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id(model),
                    "state": "code",
                    "code": f"records.partner_id.write({{'comment': '{name}'}})"
                    if model == "loyalty.membership"
                    else f"records.write({{'ref': '{name}'}})",
                }
            )

        self.silver.entry_action_id = action("loyalty.membership", "came")
        self.silver.exit_action_id = action("res.partner", "left")
        self._buy(50, partner=self.other)
        self.assertIn("came", self.other.comment)
        self.assertFalse(self.other.ref)
        self._buy(400, partner=self.other)
        self.assertEqual(self.other.ref, "left")

    def test_nobody_has_an_action_run_that_he_may_not_run(self):
        boss = new_test_user(
            self.env,
            "tier_boss",
            "sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        action = self.env["ir.actions.server"].create(
            {
                "name": "For administrators",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "pass",
                "group_ids": [Command.link(self.env.ref("base.group_system").id)],
            }
        )
        with self.assertRaisesRegex(ValidationError, "For administrators"):
            self.silver.with_user(boss).entry_action_id = action
        # without groups it asks for rights on its records, which the engine has
        action.group_ids = False
        with self.assertRaisesRegex(ValidationError, "Offer in Plays"):
            self.silver.with_user(boss).entry_action_id = action
        action.lifecycle_play_step = True
        self.silver.with_user(boss).entry_action_id = action
        welcome = self.env.ref("loyalty_program.action_tier_welcome")
        self.silver.with_user(boss).entry_action_id = welcome
        action = action.copy(
            {"name": "Elsewhere", "model_id": self.env["ir.model"]._get_id("res.users")}
        )
        with self.assertRaisesRegex(ValidationError, "Elsewhere"):
            self.silver.exit_action_id = action

    @mute_logger("odoo.addons.loyalty_program.models.loyalty_engine_perks")
    def test_an_action_that_fails_keeps_nobody_from_the_tier(self):
        self.silver.entry_action_id = self.env["ir.actions.server"].create(
            {
                "name": "Fails",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "1 / 0",
            }
        )
        self._buy(50, partner=self.other)
        self.assertEqual(self._tier(self.other), self.silver)
