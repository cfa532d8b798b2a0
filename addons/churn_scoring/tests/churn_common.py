"""Companies whose customers buy by the book of the models, and short ways to train."""

from datetime import timedelta

import numpy as np

# never come to an end where the clock is frozen: the engine imports them in its runs
import scipy.optimize
import scipy.special  # noqa: F401

from odoo.addons.lifecycle_crm.tests.common import LifecycleCase


def simulate(count, days, seed=0, signal=True):
    """Days of orders of customers, before today; a list of arrays.

    They buy at a rate of their own and leave for good after some order: the story of
    MBG/NBD.  Without signal all buy at random, at the same rate, and never leave.
    """
    random = np.random.default_rng(seed)
    customers = []
    for _number in range(count):
        rate = random.gamma(0.8, 1 / 25) if signal else 1 / 60
        leaves = random.beta(1.2, 3.5) if signal else 0.0
        day = int(random.integers(0, days - 60))
        bought = [day]
        while random.random() >= leaves:
            day += max(int(random.exponential(1 / max(rate, 1e-4))), 1)
            if day > days:
                break
            bought.append(day)
        customers.append(days - np.array(bought))
    return customers


class ChurnCase(LifecycleCase):
    @classmethod
    def _buy(cls, company=None, count=300, days=540, seed=1, signal=True):
        """Customers with imported purchases; the partners."""
        company = company or cls.company
        random = np.random.default_rng(seed + 1)
        bought = simulate(count, days, seed, signal)
        partners = cls.env["res.partner"].create(
            [{"name": f"Buyer {number}"} for number in range(count)]
        )
        cls._bought(
            company,
            [
                (partner, cls.today - timedelta(days=int(ago)), amount)
                for partner, agos in zip(partners, bought, strict=True)
                for ago, amount in zip(
                    agos, random.gamma(4, 20, len(agos)).round(2), strict=True
                )
            ],
        )
        return partners

    @classmethod
    def _bought(cls, company, lines):
        """Imported purchases: (customer, day, amount), returns negative."""
        imports = cls.env["lifecycle.import"]
        record = imports.search([("company_id", "=", company.id)], limit=1)
        record = record or imports.create(
            {"company_id": company.id, "name": "purchases.csv"}
        )
        return cls.env["lifecycle.history"].create(
            [
                {
                    "company_id": company.id,
                    "import_id": record.id,
                    "partner_id": partner.id,
                    "date": day,
                    "amount": amount,
                    "amount_company": amount,
                    "currency_id": company.currency_id.id,
                }
                for partner, day, amount in lines
            ]
        )

    def _train(self, company=None, reason="manual"):
        """Ask for a training and do it, by the scheduled action; the row."""
        training = self.env["churn.model"]._request(company or self.company, reason)
        with self._no_commit():
            self.env["churn.model"]._process_pending()
        return training

    def _set_up_scores(self, company=None):
        """The first run, the training that follows, and the run after it."""
        company = company or self.company
        self._recompute(company, reason="install", quiet=True)
        with self._no_commit():
            self.env["churn.model"]._cron_train()
        self._process_pending()
        model = self.env["churn.model"]._get_active(company)
        self.assertTrue(model, self.env["churn.model"].search([]).mapped("error"))
        return model

    def _profiles(self, domain=(), company=None):
        return self.env["lifecycle.profile"].search(
            [("company_id", "=", (company or self.company).id), *domain]
        )


class PredictionsCase(ChurnCase):
    """Customers whose predictions of 60 days are kept, and judged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._buy()
        cls.company.write({"churn_horizon_auto": False, "churn_horizon_days": 60})
        cls.judgements = cls.env["churn.judgement"]
        cls.predictions = cls.env["churn.prediction"]

    def _judge(self, day=None):
        with self.at(day or self.today), self._no_commit():
            self.judgements._cron_judge()

    def _kept(self):
        return self.predictions.search([("company_id", "=", self.company.id)])

    def _judged(self, kind="churn"):
        return self.judgements.search(
            [("company_id", "=", self.company.id), ("kind", "=", kind)]
        )
