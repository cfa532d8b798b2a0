"""Short ways to make contracts, beside those of the suite's own tests."""

from odoo import Command

from odoo.addons.lifecycle_play.tests.play_common import PlayCase


class ContractCase(PlayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tenant = cls._customer("Tenant")

    @classmethod
    def _contract(cls, partner, start, end, charges=(), company=None, **values):
        """A contract.

        :param charges: pairs of day and untaxed amount
        """
        return cls.env["example.contract"].create(
            {
                "name": "Lift",
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "start_date": start,
                "end_date": end,
                "charge_ids": [
                    Command.create({"date": day, "amount": amount})
                    for day, amount in charges
                ],
                **values,
            }
        )
