"""A points programme of the test company, and short ways to collect and to return."""

from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


class PointsCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # programmes of a demo company would give points, too
        cls.env["loyalty.program"].sudo().search([]).active = False
        cls.club = cls._program("Test Club")
        cls.ledger = cls.env["loyalty.ledger"]
        cls.ann = cls._partner("Ann")

    @classmethod
    def _program(cls, name, program_type="loyalty", company=None, **values):
        """One point per unit of money; a reward of 5 for 50 points."""
        company = company or cls.company
        kind = (
            {
                "applies_on": "both",
                "rule_ids": [
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1}
                    )
                ],
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_order",
                            "discount": 5,
                            "required_points": 50,
                        }
                    )
                ],
            }
            if program_type == "loyalty"
            else {
                "applies_on": "future",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": program_type,
                "trigger": "auto",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                **kind,
                **values,
            }
        )

    def _buy(self, partner, amount, confirm=True, rewards=0, **values):
        """An order that gives points, with rewards claimed on it.

        :param rewards: how many times the reward of the club is claimed
        """
        order = self._order(partner, self.today, amount, state="draft", **values)
        order._update_programs_and_rewards()
        for _i in range(rewards):
            card = self._card(partner)
            order._apply_program_reward(card.program_id.reward_ids, card)
            order._update_programs_and_rewards()
        if confirm:
            order.action_confirm()
        return order

    def _invoiced(self, amount=100, partner=None, **values):
        order = self._buy(partner or self.ann, amount, **values)
        return order, self._invoice_order(order, self.today)

    def _credit(self, invoice, amount=None, post=True):
        return self._refund(invoice, self.today, amount, post=post)

    def _card(self, partner, program=None):
        return self.env["loyalty.card"].search(
            [
                ("partner_id", "=", partner.id),
                ("program_id", "=", (program or self.club).id),
            ]
        )

    def _give(self, partner, points, program=None, day=None):
        """Points given by hand, on a day."""
        card = (program or self.club)._get_member_card(partner)
        with self.at(day or self.today):
            card._because("manual").points += points
        return card

    def _entries(self, card, *kinds):
        return self.ledger.search(
            [("card_id", "=", card.id), ("kind", "in", kinds)], order="id"
        )

    def _pay(self, invoice):
        env = self.env(context={"allowed_company_ids": invoice.company_id.ids})
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", invoice.company_id.id)], limit=1
        )
        if not journal:
            journal = env["account.journal"].create(
                {
                    "name": "Bank",
                    "code": "BNKT",
                    "type": "bank",
                    "company_id": invoice.company_id.id,
                }
            )
            account = env["account.account"].create(
                {
                    "name": "Outstanding",
                    "code": "101500",
                    "account_type": "asset_current",
                    "reconcile": True,
                }
            )
            journal.inbound_payment_method_line_ids.payment_account_id = account
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return register.create({"journal_id": journal.id})._create_payments()

    def _assert_balanced(self, *cards):
        """The ledger explains the points of cards, and the nightly proof says so."""
        cards = self.env["loyalty.card"].union(*cards)
        for card in cards.with_context(active_test=False):
            total = sum(
                self.ledger.search([("card_id", "=", card.id)]).mapped("points")
            )
            self.assertAlmostEqual(total, card.points, 4, card.code)
        differences = self.env["loyalty.ledger.difference"]
        differences._cron_prove()
        self.assertFalse(
            differences.search(
                [("card_id", "in", cards.ids), ("closed_on", "=", False)]
            )
        )
