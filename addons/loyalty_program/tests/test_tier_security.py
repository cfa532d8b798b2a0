import contextlib

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierSecurity(TierCase):
    """Tiers are seen by who sees scores, of the own companies, and changed by few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company("Other")
        cls.users = {
            name: new_test_user(
                cls.env,
                login=f"tier_{name}",
                groups=groups,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for name, groups, company in (
                ("seller", "sales_team.group_sale_salesman", cls.company),
                ("manager", "sales_team.group_sale_manager", cls.company),
                ("stranger", "sales_team.group_sale_manager", cls.other_company),
                ("clerk", "base.group_user", cls.company),
                ("portal", "base.group_portal", cls.company),
                ("public", "base.group_public", cls.company),
            )
        }
        cls._order(cls.buyer, "2026-03-02", 600)

    def setUp(self):
        super().setUp()
        self._start()
        self.member = self._member()
        self.assertEqual(self.member.tier_id, self.gold)

    def _as(self, name, records):
        user = self.users[name]
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_memberships(self):
        for name in ("seller", "manager"):
            member = self._as(name, self.member)
            self.assertEqual(member.tier_id, self.gold)
            self.assertEqual(member.search([("id", "=", member.id)]), member)
            for action in (
                lambda m=member: m.write({"amount": 5}),
                lambda m=member: m.create({"partner_id": self.buyer.id}),
                lambda m=member: m.unlink(),
            ):
                with self.assertRaises(AccessError):
                    action()
        for name in ("clerk", "portal", "public", "stranger"):
            with self.assertRaises(AccessError, msg=name):
                self._as(name, self.member).read(["tier_id"])
        self.assertFalse(self._as("stranger", self.member).search([]))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_tiers_are_changed_by_sales_managers(self):
        with self.assertRaises(AccessError):
            self._as("seller", self.gold).threshold = 1
        self._as("manager", self.gold).threshold = 501
        self.assertEqual(self.gold.threshold, 501)
        for name in ("clerk", "portal", "public", "stranger"):
            with self.assertRaises(AccessError, msg=name):
                self._as(name, self.gold).read(["name"])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_tier_of_a_contact_and_of_documents(self):
        order = self._order(self.buyer, "2026-06-15", 5, state="draft")
        lead = self._lead(self.buyer, "2026-06-15")
        for record in (self.buyer, order, lead):
            seen = self._as("manager", record)
            self.assertEqual(seen.loyalty_tier_id, self.gold)
            self.assertIn("Platinum", seen.loyalty_next_summary)
            found = seen.search([("loyalty_tier_id", "=", self.gold.id)])
            self.assertIn(record, found)
        groups = self._as("manager", self.buyer)._read_group(
            [("id", "=", self.buyer.id)], ["loyalty_tier_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.gold, 1)])
        for name in ("clerk", "portal", "public"):
            contact = self._as(name, self.buyer.browse(self.users[name].partner_id.id))
            for field in ("loyalty_tier_id", "loyalty_next_summary",
                          "loyalty_membership_id", "loyalty_progress"):  # fmt: skip
                with self.assertRaises(AccessError, msg=f"{name} {field}"):
                    contact.read([field])
            domain = [("loyalty_tier_id", "=", self.gold.id)]
            with contextlib.suppress(AccessError):  # as good
                self.assertFalse(contact.search(domain))
            with self.assertRaises(AccessError):
                contact._read_group([], ["loyalty_tier_id"], ["__count"])
            with self.assertRaises(AccessError):
                contact.search([], order="loyalty_tier_id", limit=1)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_pins(self):
        with self.assertRaises(AccessError):
            self._as("seller", self.member)._pin_tier(self._as("seller", self.bronze))
        with self.assertRaises(AccessError):
            self._as("seller", self.env["loyalty.pin.wizard"]).create(
                {"membership_id": self.member.id, "tier_id": self.bronze.id,
                 "reason": "No"}
            )  # fmt: skip
        wizard = self._as("manager", self.env["loyalty.pin.wizard"]).create(
            {"membership_id": self.member.id, "tier_id": self.bronze.id,
             "reason": "Yes"}
        )  # fmt: skip
        wizard.action_pin()
        self.assertEqual(self.member.tier_id, self.bronze)
        self.assertEqual(
            self._transitions(self.buyer, "tier").user_id, self.users["manager"]
        )
        with self.assertRaises(AccessError):
            self._as("stranger", self.env["loyalty.pin.wizard"]).create(
                {"membership_id": self.member.id, "tier_id": self.gold.id,
                 "reason": "No"}
            )  # fmt: skip

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_drafts(self):
        action = self._as("manager", self.club).action_simulate_tiers()
        draft = self.env["loyalty.tier.simulation"].browse(action["res_id"])
        self._as("manager", draft).action_compute()
        self.assertEqual(draft.member_count, 1)
        for name in ("seller", "clerk", "portal", "public"):
            with self.assertRaises(AccessError, msg=name):
                self._as(name, draft).read(["member_count"])
            with self.assertRaises(AccessError, msg=name):
                self._as(name, draft).action_compute()
        with self.assertRaises(AccessError):
            self._as("stranger", draft).read(["member_count"])

    def test_an_ordinary_seller_gets_the_perks_of_the_customer(self):
        self.gold.point_multiplier = 3
        seller = self.users["seller"]
        order = self._order(
            self.buyer, "2026-06-15", 10, state="draft", user_id=seller.id
        )
        seen = self._as("seller", order)
        seen._update_programs_and_rewards()
        points = order.coupon_point_ids.filtered(
            lambda entry: entry.coupon_id.program_id == self.club
        )
        self.assertEqual(points.points, 30)
