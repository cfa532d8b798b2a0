import os
import random
from datetime import date, timedelta

from odoo.tests import tagged

from . import naive_tiers
from .tier_common import TierCase

# SEEDS=5 make test-fast T=…/test_tier_random.py plays each kind of period five times
SEEDS = int(os.environ.get("SEEDS") or 1)
KINDS = ("rolling", "calendar", "lifetime", "anniversary")
THRESHOLDS = [0, 100, 500, 2000]


@tagged("post_install", "-at_install")
class TestTierRandom(TierCase):
    """Any sequence of orders, returns and cancellations, against plain Python."""

    freeze_time = None

    def test_tiers_are_those_of_a_naive_recomputation(self):
        for seed, kind in enumerate(KINDS * SEEDS):
            with self.subTest(kind=kind, seed=seed):
                self._play(random.Random(seed), kind)

    def _play(self, rng, kind):
        club = self._create_club(
            self.company,
            name=f"{kind} {rng.random()}",
            tier_period=kind,
            tier_months=rng.choice([2, 6]),
            tier_grace_days=rng.choice([0, 9]),
            tier_downgrade=rng.choice(["one_step", "straight"]),
        )
        self.club.active = False
        self.club = club
        day = date(2026, 1, 1)
        buyers = [self._partner(f"{kind} {number}") for number in range(3)]
        trades = {buyer: [] for buyer in buyers}
        naive = {
            buyer: naive_tiers.Member(
                [int(100 * value) for value in THRESHOLDS],
                kind,
                club.tier_months,
                club.tier_grace_days,
                club.tier_downgrade == "one_step",
                day,
            )
            for buyer in buyers
        }
        with self.at(day):
            self._start()
        for _step in range(22):
            day += timedelta(days=rng.choice([1, 5, 20, 45]))
            with self.at(day):
                self._recompute(reason="nightly")
                self._look(naive, trades, buyers, day)
                buyer = rng.choice(buyers)
                self._act(rng, buyer, trades[buyer], day)
                self._refresh()
                self._look(naive, trades, [buyer], day)
                for buyer in buyers:
                    self._compare(club, buyer, naive[buyer], trades[buyer])

    def _act(self, rng, buyer, own, day):
        """Buy, give back or cancel; ``own`` is what counts, kept beside Odoo."""
        open_orders = [t for t in own if t["order"] and not t["invoice"]]
        action = rng.choice(["buy", "buy", "invoice", "refund", "cancel"])
        if action == "buy":
            amount = rng.choice([99.99, 100, 250.5, 500, 40, 1900])
            order = self._order(buyer, day, amount)
            own.append(
                {"day": day, "amount": round(amount * 100), "order": order,
                 "invoice": None, "left": amount}
            )  # fmt: skip
        elif action == "cancel" and open_orders:
            trade = rng.choice(open_orders)
            trade["order"]._action_cancel()
            own.remove(trade)
        elif action in ("invoice", "refund"):
            trades = [t for t in own if t["order"] and t["left"] > 0]
            if not trades:
                return
            trade = rng.choice(trades)
            if not trade["invoice"]:
                trade["invoice"] = self._invoice_order(trade["order"], day)
            if action == "refund":
                amount = rng.choice([trade["left"], round(trade["left"] / 3, 2)])
                self._refund(trade["invoice"], day, amount)
                trade["left"] = round(trade["left"] - amount, 2)
                own.append(
                    {"day": day, "amount": -round(amount * 100), "order": None,
                     "invoice": None, "left": 0}
                )  # fmt: skip

    def _look(self, naive, trades, buyers, day):
        for buyer in buyers:
            own = [(trade["day"], trade["amount"]) for trade in trades[buyer]]
            member = naive[buyer]
            kept = [t["day"] for t in trades[buyer] if t["order"] and t["left"] > 0]
            # years of membership begin with the first order that still stands
            member.joined = min(kept, default=None)
            if not kept:
                # who bought nothing after all is no member
                member.level, member.since, member.until = -1, None, None
                member.start, member.needed, member.prior = None, 0, None
                continue
            member.look(day, own)

    def _compare(self, club, buyer, member, own):
        found = self._member(buyer, club)
        tiers = club.tier_ids
        expected = tiers[member.level] if member.level >= 0 else tiers.browse()
        self.assertEqual(found.tier_id, expected, own)
        self.assertEqual(found.valid_until or None, member.until, own)
        if member.level > 0:
            self.assertEqual(found.since, member.since, own)
