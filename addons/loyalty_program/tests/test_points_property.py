import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .naive_points import NaivePoints
from .points_common import PointsCase

# EXAMPLES=300 make test-fast T=…/test_points_property.py tries more
EXAMPLES = int(os.environ.get("EXAMPLES") or 40)
PICK = st.integers(0, 99)
STEPS = st.one_of(
    st.tuples(
        st.just("buy"),
        st.integers(1, 30000).map(lambda number: number / 100),
        st.booleans(),
    ),
    st.tuples(st.just("credit"), PICK, st.integers(1, 120)),
    st.tuples(st.just("uncredit"), PICK, PICK),
    st.tuples(st.just("cancel"), PICK, st.none()),
    st.tuples(st.just("spend"), st.integers(1, 100), st.none()),
)


@tagged("post_install", "-at_install")
class TestPointsProperty(PointsCase):
    """Any sequence of orders, refunds and cancellations: the ledger balances, nothing
    falls below zero, no more is taken than was given, and the points are those of the
    naive model.
    """

    count = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=2, max_size=10))
    def test_any_sequence(self, steps):
        type(self).count += 1
        self.partner = self._partner(f"Customer {self.count}")
        self.naive, self.orders, self.notes = NaivePoints(), [], []
        for kind, first, second in steps:
            getattr(self, f"_do_{kind}")(first, second)
            self._compare()
        self.env.flush_all()
        if card := self._card(self.partner):
            self._assert_balanced(card)

    # -- steps, in Odoo and in the naive model -------------------------------------

    def _do_buy(self, amount, reward):
        card = self._card(self.partner)
        spend = reward and card.points >= 50 and amount > 5
        order = self._buy(self.partner, amount, rewards=int(spend))
        given = order.coupon_point_ids.points
        spent = sum(order.order_line.mapped("points_cost"))
        self.assertEqual(spent, 50 if spend else 0)
        invoice = self._invoice_order(order, self.today)
        self.orders.append((order, invoice))
        self.naive.buy(amount, given, spent)

    def _pick(self, number, options):
        return options[number % len(options)] if options else None

    def _do_credit(self, number, percent):
        """A share of the whole invoice, its rewards included; up to 120 percent."""
        picked = self._pick(number, list(enumerate(self.orders)))
        if picked:
            index, (_order, invoice) = picked
            note = self._refund(invoice, self.today, post=False)
            for line in note.invoice_line_ids:
                line.quantity = percent / 100
            base = [
                line
                for line in note.invoice_line_ids
                if not line.sale_line_ids.reward_id
            ]
            note.action_post()
            credited = sum(line.price_subtotal for line in base)
            rewards = sum(
                -line.price_subtotal
                for line in note.invoice_line_ids
                if line.sale_line_ids.reward_id
            )
            self._credit_naive(index, note, credited, rewards)

    def _credit_naive(self, index, note, credited, rewards):
        if not self.naive.orders[index].cancelled:
            self.notes.append((index, note))
            self.naive.credit(index, note.id, round(credited, 2), round(rewards, 2))

    def _do_uncredit(self, number, _unused):
        picked = self._pick(number, self.notes)
        if picked:
            self.notes.remove(picked)
            index, note = picked
            note.button_draft()
            if not self.naive.orders[index].cancelled:
                self.naive.uncredit(index, note.id)

    def _do_cancel(self, number, _unused):
        picked = self._pick(number, list(enumerate(self.orders)))
        if picked:
            index, (order, _invoice) = picked
            if order.state != "cancel":
                order._action_cancel()
                self.naive.cancel(index)

    def _do_spend(self, percent, _unused):
        """Points go elsewhere."""
        card = self._card(self.partner)
        points = round(card.points * percent / 100, 2)
        if points > 0:
            card._because("manual").points -= points
            self.naive.add(-points)

    # -- what must hold ------------------------------------------------------------

    def _compare(self):
        card = self._card(self.partner)
        self.assertGreaterEqual(card.points, -1e-6)
        self.assertAlmostEqual(card.points, float(self.naive.balance), 4)
        for entry in self._entries(card, "earn"):
            undone = self.ledger.search([("source_id", "=", entry.id)])
            taken = -sum(undone.mapped("points"))
            missed = sum(undone.mapped("shortfall"))
            self.assertGreaterEqual(taken, -1e-6)
            self.assertLessEqual(taken + missed, entry.points + 1e-6)
