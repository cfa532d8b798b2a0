from odoo import Command

from odoo.addons.lifecycle_crm.tests.common import TODAY, LifecycleCase

BEFORE = "2026-03-02"


class TierCase(LifecycleCase):
    """A club in a company of its own: Bronze 0, Silver 100, Gold 500, Platinum 2000.

    Rolling twelve months of net spend, no grace, one step down at a time.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # clubs of a demo company are not what a test looks at
        cls.env["loyalty.program"].search([("tier_ids", "!=", False)]).active = False
        cls.club = cls._create_club(cls.company)
        cls.bronze, cls.silver, cls.gold, cls.platinum = cls.club.tier_ids
        cls.buyer = cls._partner("Buyer", is_company=True)
        cls._forget_requests()

    @classmethod
    def _forget_requests(cls):
        cls.env["lifecycle.run"].search([("state", "=", "pending")]).unlink()

    @classmethod
    def _create_club(cls, company, thresholds=(0, 100, 500, 2000), **values):
        names = ("Bronze", "Silver", "Gold", "Platinum")
        return cls.env["loyalty.program"].create(
            {
                "name": "Club",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "tier_grace_days": 0,
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"reward_point_mode": "money", "reward_point_amount": 1}
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"required_points": 200, "discount": 5}),
                ],
                "tier_ids": [
                    Command.create({"name": name, "threshold": threshold})
                    for name, threshold in zip(names, thresholds, strict=False)
                ],
                **values,
            }
        )

    def _start(self):
        """The first run, of which nobody hears, and one that is not the first."""
        self._recompute(reason="install", quiet=True)
        self._dirty()

    def _member(self, partner=None, club=None, company=None):
        return self.env["loyalty.membership"].search(
            [
                ("partner_id", "=", (partner or self.buyer).id),
                ("program_id", "=", (club or self.club).id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _tier(self, partner=None, **options):
        return self._member(partner, **options).tier_id

    def _night(self, day):
        """The nightly run of a day."""
        return self._recompute(day=day, reason="nightly")

    def _buy(self, amount, day=TODAY, partner=None, **values):
        """An order, and the refresh that follows within seconds."""
        with self.at(day):
            order = self._order(partner or self.buyer, day, amount, **values)
            self._refresh()
        return order

    def _moves(self, partner=None, company=None):
        moves = self._transitions(partner or self.buyer, "tier", company)
        return [
            (move.from_tier_id.name, move.to_tier_id.name, move.cause) for move in moves
        ]
