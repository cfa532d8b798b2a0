from odoo.tests import tagged

from odoo.addons.lifecycle_crm.tests.common import TODAY

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestTierBorders(TierCase):
    """Borders at which tiers of other systems went wrong."""

    def test_threshold_zero_exactly_equal_and_one_cent_below(self):
        self._start()
        amounts = {0.01: self.bronze, 99.99: self.bronze, 100: self.silver}
        for amount, tier in amounts.items():
            partner = self._partner(f"Buys {amount}")
            self._buy(amount, partner=partner)
            self.assertEqual(self._tier(partner), tier, amount)

    def test_no_tier_below_the_lowest_threshold(self):
        self.bronze.threshold = 10
        self._start()
        self._buy(9.99)
        self.assertTrue(self._member())
        self.assertFalse(self._tier())
        self.assertEqual(self._member().next_tier_id, self.bronze)
        self.assertEqual(self._member().missing, 0.01)
        self._buy(0.01)
        self.assertEqual(self._tier(), self.bronze)
        self.assertEqual(self._moves(), [(False, "Bronze", "purchase")])

    def test_first_order_makes_a_member_and_a_quotation_does_not(self):
        self._start()
        order = self._buy(120, state="draft")
        self.assertFalse(self._member())
        with self.at(TODAY):
            order.action_confirm()
            self._refresh()
        member = self._member()
        self.assertEqual(member.tier_id, self.silver)
        self.assertEqual(member.amount, 120)
        self.assertEqual(member.next_tier_id, self.gold)
        self.assertEqual(member.missing, 380)
        self.assertAlmostEqual(member.progress, 24)
        self.assertEqual(str(member.since), "2026-06-15")
        self.assertEqual(str(member.valid_until), "2027-06-15")
        [move] = self._transitions(self.buyer, "tier")
        self.assertEqual(move.cause, "purchase")
        self.assertIn("120.00 $ counted, 100.00 needed", move.note)
        profile = self._profile(self.buyer)
        self.assertEqual(profile.tier_id, self.silver)
        self.assertEqual(
            self.buyer.with_company(self.company).loyalty_tier_id, self.silver
        )

    def test_first_invoice(self):
        self.club.tier_event = "invoiced"
        self._start()
        order = self._buy(100)
        self.assertEqual(self._tier(), self.bronze)
        self._invoice_order(order, TODAY)
        self._refresh()
        self.assertEqual(self._tier(), self.silver)

    def test_first_payment(self):
        self.club.tier_event = "paid"
        self._start()
        invoice = self._invoice(self.buyer, "2026-06-01", 100)
        self._refresh()
        self.assertFalse(self._tier())
        self._pay(invoice, 40)
        self._refresh()
        self.assertFalse(self._tier())
        self._pay(invoice, 60)
        self._refresh()
        self.assertEqual(self._tier(), self.silver)
        self._refund(invoice, TODAY, 30)
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 70))

    def _pay(self, invoice, amount):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        ) or self.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK",
                "type": "bank",
                "company_id": self.company.id,
            }
        )
        line = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": TODAY,
                "line_ids": [
                    (0, 0, {"account_id": line.account_id.id, "credit": amount,
                            "partner_id": invoice.partner_id.id}),
                    (0, 0, {"account_id": journal.default_account_id.id,
                            "debit": amount}),
                ],
            }
        )  # fmt: skip
        move.action_post()
        (line | move.line_ids[:1]).reconcile()

    def test_partial_and_full_return(self):
        self._start()
        order = self._buy(520)
        invoice = self._invoice_order(order, TODAY)
        self._refund(invoice, TODAY, 20)
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.gold, 500))
        self._refund(invoice, TODAY, 0.01)
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.silver, 499.99))
        self._refund(invoice, TODAY, 499.99)
        self._refresh()
        self.assertFalse(self._member())
        self.assertEqual(
            self._moves(),
            [
                (False, "Gold", "purchase"),
                ("Gold", "Silver", "refund"),
                ("Silver", False, "refund"),
            ],
        )
        self.assertFalse(self._profile(self.buyer).tier_id)

    def test_cancelled_order(self):
        self._start()
        self._buy(50)
        order = self._buy(100)
        self.assertEqual(self._tier(), self.silver)
        order._action_cancel()
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 50))
        self.assertEqual(self._moves()[-1], ("Silver", "Bronze", "refund"))

    def test_order_moved_to_another_customer(self):
        self._start()
        heir = self._partner("Heir")
        order = self._buy(600)
        order.partner_id = heir
        self._refresh()
        self.assertFalse(self._member())
        self.assertEqual(self._tier(heir), self.gold)

    def test_merge_of_two_members(self):
        self._start()
        other = self._partner("Twin")
        self._buy(60)
        self._buy(50, partner=other)
        self.assertEqual(self._tier(other), self.bronze)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.buyer | other).ids, self.buyer
        )
        self._refresh()
        self.assertEqual((self._tier(), self._member().amount), (self.silver, 110))
        members = self.env["loyalty.membership"].search_count(
            [("program_id", "=", self.club.id)]
        )
        self.assertEqual(members, 1)

    def test_merge_keeps_the_higher_promise(self):
        twin = self._partner("Twin")
        self._order(twin, "2025-07-01", 500)
        self._start()
        with self.at("2026-07-02"):
            self._recompute(reason="nightly")
        self._buy(10, "2026-07-02")
        self.assertEqual(self._tier(twin), self.silver)
        kept = self._member(twin).valid_until
        with self.at("2026-07-02"):
            self.env["base.partner.merge.automatic.wizard"]._merge(
                (self.buyer | twin).ids, self.buyer
            )
            self._refresh()
        self.assertEqual(self._tier(), self.silver)
        self.assertEqual(self._member().valid_until, kept)

    def test_currency_other_than_the_programmes(self):
        eur = self._currency("EUR")
        self._rate(eur, "2026-01-01", 0.5)
        self._rate(eur, "2026-06-01", 0.8)
        self.club.currency_id = eur
        self._start()
        # 60 EUR at the rate of that day, then 40
        self._buy(120, "2026-05-31")
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 60))
        self._buy(49.98)
        self.assertEqual((self._tier(), self._member().amount), (self.bronze, 99.98))
        self._buy(0.03)
        self.assertEqual((self._tier(), self._member().amount), (self.silver, 100))
        # an order in a foreign currency is worth what it is in the company's
        self._buy(100, currency=eur)
        self.assertAlmostEqual(self._member().amount, 200)

    def test_two_companies(self):
        other = self._create_company("Other")
        self.env.user.company_ids |= other
        shared = self._create_club(self.company, (0, 200), company_id=False)
        self._start()
        self._recompute(other, reason="install", quiet=True)
        self._buy(150)
        with self.at(TODAY):
            self._order(self.buyer, TODAY, 250, company=other)
            self._refresh()
        tiers = shared.tier_ids
        self.assertEqual(self._tier(club=shared), tiers[0])
        self.assertEqual(self._tier(club=shared, company=other), tiers[1])
        self.assertEqual(self._tier(), self.silver)
        self.assertFalse(self._member(company=other))
        here = self.buyer.with_company(self.company).loyalty_tier_id
        there = self.buyer.with_company(other).loyalty_tier_id
        self.assertEqual((here, there), (self.silver, tiers[1]))

    def test_period_end_on_29_february(self):
        self.club.tier_months = 6
        self._order(self.buyer, "2023-08-29", 100)
        with self.at("2023-08-29"):
            self._start()
        self.assertEqual(str(self._member().valid_until), "2024-02-29")
        self._night("2024-02-29")
        self.assertEqual(self._tier(), self.silver)
        self._night("2024-03-01")
        self.assertEqual(self._tier(), self.bronze)
        self.assertEqual(self._moves(), [("Silver", "Bronze", "time")])

    def test_downgrade_only_after_grace_and_one_step(self):
        self.club.tier_grace_days = 10
        self._order(self.buyer, "2025-06-01", 500)
        with self.at("2025-06-01"):
            self._start()
        self._night("2026-06-11")
        self.assertEqual(self._tier(), self.gold)
        self.assertEqual(self._member().keep_missing, 500)
        self._night("2026-06-12")
        self.assertEqual(self._tier(), self.silver)
        self.assertEqual(str(self._member().valid_until), "2027-06-01")
        self._night("2027-06-12")
        self.assertEqual(self._tier(), self.bronze)

    def test_downgrade_straight(self):
        self.club.tier_downgrade = "straight"
        self._order(self.buyer, "2025-06-01", 500)
        with self.at("2025-06-01"):
            self._start()
        self._night("2026-06-02")
        self.assertEqual(self._tier(), self.bronze)

    def test_earned_again_is_renewed(self):
        self._order(self.buyer, "2025-06-01", 500)
        with self.at("2025-06-01"):
            self._start()
        self._buy(500, "2025-12-01")
        self._night("2026-06-02")
        member = self._member()
        self.assertEqual(member.tier_id, self.gold)
        self.assertEqual(str(member.valid_until), "2027-06-01")
        self.assertEqual(self._moves(), [])

    def test_purchases_before_install_count(self):
        self._order(self.buyer, "2025-07-01", 90)
        self._order(self.buyer, "2025-12-24", 10)
        self._start()
        member = self._member()
        self.assertEqual(member.tier_id, self.silver)
        self.assertEqual(str(member.since), "2025-12-24")
        self.assertEqual(str(member.valid_until), "2026-12-24")
        self.assertEqual(self._moves(), [])

    def test_imported_history_counts(self):
        history = self.env["lifecycle.import"].create(
            {"name": "Old shop", "company_id": self.company.id}
        )
        self.env["lifecycle.history"].create(
            {
                "import_id": history.id,
                "partner_id": self.buyer.id,
                "company_id": self.company.id,
                "date": "2026-01-05",
                "amount": 100,
                "amount_company": 100,
                "currency_id": self.usd.id,
            }
        )
        self._start()
        self.assertEqual(self._tier(), self.silver)
