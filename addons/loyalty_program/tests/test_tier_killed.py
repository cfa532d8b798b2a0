import contextlib
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.loyalty_program.models.loyalty_engine import Occasion

from .tier_common import TierCase


class Killed(Exception):
    pass


@tagged("post_install", "-at_install")
class TestTierKilled(TierCase):
    """Each batch is whole: what is committed with it shows everywhere."""

    def test_a_night_that_is_killed_after_a_batch(self):
        self._order(self.buyer, "2025-07-01", 600)
        self._start()
        self.assertEqual(self._tier(), self.gold)
        steps = []

        def work(function, done, total):
            result = function()
            steps.append((done, total))
            if total:
                raise Killed
            return result

        day = self._member().valid_until + timedelta(days=1)
        occasion = Occasion(reason="nightly", partial=True)
        # not assertRaises, which takes back what was written
        with contextlib.suppress(Killed):
            self.env["loyalty.engine"]._evaluate(self.company, day, occasion, work=work)
        self.assertTrue(steps[-1][1])
        self.env.invalidate_all()
        member = self._member()
        self.assertEqual(member.tier_id, self.silver)
        self.assertEqual(self._profile(self.buyer).tier_id, self.silver)
        self.assertEqual(self._moves()[-1], ("Gold", "Silver", "time"))
