from odoo.tests import tagged

from .points_common import PointsCase


@tagged("post_install", "-at_install")
class TestSharedCard(PointsCase):
    """One card per company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._partner("Acme", is_company=True)
        cls.one = cls._partner("One", parent_id=cls.acme.id)
        cls.two = cls._partner("Two", parent_id=cls.acme.id)
        cls.club.card_per_company = True

    def test_contacts_collect_on_one_card(self):
        self._buy(self.one, 100)
        self._buy(self.two, 50)
        self._buy(self.acme, 30)
        cards = self.env["loyalty.card"].search([("program_id", "=", self.club.id)])
        self.assertEqual(len(cards), 1)
        self.assertEqual(cards.partner_id, self.acme)
        self.assertEqual(cards.points, 180)
        self._assert_balanced(cards)

    def test_quotation_worked_on_again_and_again(self):
        order = self._buy(self.one, 100, confirm=False)
        for amount in (110, 120, 130):
            order.order_line.price_unit = amount
            order._update_programs_and_rewards()
            [given] = order.coupon_point_ids
            self.assertEqual(given.points, amount)
            self.assertEqual(given.coupon_id.partner_id, self.acme)
        order.action_confirm()
        cards = self.env["loyalty.card"].search([("program_id", "=", self.club.id)])
        self.assertEqual(cards.mapped("points"), [130])
        self.assertEqual(cards.partner_id, self.acme)

    def test_contact_spends_what_another_one_collected(self):
        self._buy(self.one, 100)
        order = self._order(self.two, self.today, 20, state="draft")
        order._update_programs_and_rewards()
        card = self._card(self.acme)
        self.assertIn(card, order._get_claimable_rewards())
        order._apply_program_reward(self.club.reward_ids, card)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(card.points, 70)
        invoice = self._invoice_order(order, self.today)
        self._refund(invoice, self.today)
        self.assertEqual(card.points, 100)
        order._action_cancel()
        self.assertEqual(card.points, 100)
        self._assert_balanced(card)

    def test_other_programmes_stay_personal(self):
        personal = self._program("Personal")
        self._buy(self.one, 100)
        self.assertEqual(self._card(self.one, personal).points, 100)
        self.assertFalse(self._card(self.acme, personal))
        self.assertFalse(self._card(self.one))

    def test_strangers_do_not_share(self):
        other = self._partner("Other Company", is_company=True)
        self._buy(self.one, 100)
        self._buy(self._partner("Three", parent_id=other.id), 40)
        self.assertEqual(self._card(self.acme).points, 100)
        self.assertEqual(self._card(other).points, 40)

    def test_switching_on_joins_cards(self):
        self.club.card_per_company = False
        order = self._buy(self.one, 100)
        self._buy(self.two, 50)
        draft = self._buy(self.two, 7, confirm=False)
        self._buy(self.ann, 9)
        first, second = self._card(self.one), self._card(self.two)
        self.club.card_per_company = True
        [card] = (first | second).filtered("active")
        self.assertEqual((card.partner_id, card.points), (self.acme, 150))
        self.assertEqual(self._card(self.ann).points, 9)
        self._assert_balanced(first, second)
        self.assertEqual(draft.coupon_point_ids.coupon_id, card)
        draft._update_programs_and_rewards()
        draft.action_confirm()
        self.assertEqual(card.points, 157)
        order._action_cancel()
        self.assertEqual(card.points, 57)
        self._assert_balanced(first, second)

    def test_contact_that_comes_to_a_company_later(self):
        card = self._give(self.ann, 40)
        self._buy(self.one, 100)
        self.ann.parent_id = self.acme
        self.env["loyalty.program"]._cron_join_company_cards()
        self.assertEqual(self._card(self.acme).points, 140)
        self.assertFalse(card.active)
        self._assert_balanced(card, self._card(self.acme))

    def test_merge_into_a_contact_of_a_company(self):
        self._give(self.ann, 40)
        self._buy(self.one, 100)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.ann | self.two).ids, self.two)
        [card] = self.env["loyalty.card"].search([("program_id", "=", self.club.id)])
        self.assertEqual((card.partner_id, card.points), (self.acme, 140))
        self._assert_balanced(card)

    def test_joining_takes_as_many_queries_for_many_as_for_few(self):
        self.club.card_per_company = False

        def join(count):
            for number in range(count):
                owner = self._partner(f"Company {count}.{number}", is_company=True)
                for name in ("a", "b"):
                    contact = self._partner(f"{name}{number}", parent_id=owner.id)
                    self._give(contact, 10)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.club.card_per_company = True
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
            self.club.card_per_company = False
            return queries

        few = join(2)
        self.assertLessEqual(join(20), few + 5)
        cards = self.env["loyalty.card"].search(
            [("partner_id.name", "=like", "Company 20.%")]
        )
        self.assertEqual(cards.mapped("points"), [20] * 20)
        self._assert_balanced(cards)
