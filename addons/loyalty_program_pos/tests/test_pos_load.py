from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PosTierCase


@tagged("post_install", "-at_install")
class TestPosLoad(PosTierCase):
    def _load(self, partners, user=None, fields=None):
        contacts = self.env["res.partner"].with_user(user or self.cashier)
        fields = fields or contacts._load_pos_data_fields(self.shop)
        return contacts.browse(partners.ids).read(fields, load=False)

    def test_a_cashier_sees_the_tier_alone(self):
        self._make_gold()
        [row] = self._load(self.buyer)
        told = row["pos_loyalty_tiers"]
        self.assertFalse(told["stage"])
        [tier] = told["tiers"]
        self.assertEqual(
            (tier["name"], tier["color"], tier["multiplier"], tier["program_id"]),
            ("Gold", 3, 2, self.club.id),
        )
        self.assertEqual((tier["next"], tier["progress"]), ("Platinum", 30))
        # nothing else of the profile, and no tier by another way
        for name in ("loyalty_tier_id", "lifecycle_stage_id", "clv_historic"):
            with self.assertRaises(AccessError):
                self._load(self.buyer, fields=[name])

    def test_who_may_see_the_stage_sees_it(self):
        self._make_gold()
        self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman")
        [row] = self._load(self.buyer)
        self.assertEqual(
            row["pos_loyalty_tiers"]["stage"]["name"],
            self._profile(self.buyer).stage_id.name,
        )

    def test_nobody_else_reads_it(self):
        self._make_gold()
        for group in ("base.group_portal", "base.group_user"):
            user = self.env["res.users"].create(
                {
                    "name": group,
                    "login": group,
                    "company_id": self.company.id,
                    "company_ids": self.company.ids,
                    "group_ids": self.env.ref(group).ids,
                }
            )
            with self.assertRaises(AccessError):
                self._load(self.buyer, user, ["pos_loyalty_tiers"])

    def test_of_the_company_of_the_shop(self):
        other = self._create_company("Other Company")
        self._make_gold()
        contacts = self.buyer.with_company(other)
        self.assertFalse(contacts.pos_loyalty_tiers)
        self.assertTrue(self.buyer.pos_loyalty_tiers)

    def test_contacts_have_the_tier_of_their_company(self):
        person = self._partner("Person", parent_id=self.buyer.id)
        self._make_gold()
        [row] = self._load(person)
        self.assertEqual(row["pos_loyalty_tiers"]["tiers"][0]["name"], "Gold")

    def test_pricelist_of_the_tier(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Gold Prices", "company_id": self.company.id}
        )
        self.gold.pricelist_id = pricelist
        self.env.user.group_ids += self.env.ref("product.group_product_pricelist")
        self.cashier.group_ids += self.env.ref("product.group_product_pricelist")
        self._make_gold()
        [row] = self._load(self.buyer)
        self.assertEqual(row["property_product_pricelist"], pricelist.id)
        self.assertEqual(
            row["pos_loyalty_tiers"]["pricelist"],
            {"id": pricelist.id, "name": "Gold Prices"},
        )

    def test_programmes_and_rewards_for_a_tier(self):
        self.club.reward_ids.min_tier_id = self.gold
        rewards = self.club.reward_ids.with_user(self.cashier)
        [row] = rewards._load_pos_data_read(rewards, self.shop)
        self.assertEqual(row["pos_tier_ids"], [self.gold.id, self.platinum.id])
        self.assertFalse(self.club.pos_tier_ids)

    def test_queries(self):
        """At most three more for all contacts, also for who sees the stage."""
        partners = self.env["res.partner"].create(
            [{"name": f"Member {number}"} for number in range(60)]
        )
        for partner in partners[:20]:
            self._order(partner, "2026-03-02", 600)
        self._start()
        self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman")
        fields = self.env["res.partner"]._load_pos_data_fields(self.shop)
        others = [name for name in fields if name != "pos_loyalty_tiers"]

        def count(names):
            self._load(partners[:1], fields=names)  # what is kept in memory
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._load(partners, fields=names)
            return self.cr.sql_log_count - before

        without = count(others)
        self.assertLessEqual(count(fields), without + 3)
