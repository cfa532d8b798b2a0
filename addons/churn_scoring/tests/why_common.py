"""A company whose customers are scored, for tests of why."""

import random
from datetime import timedelta
from unittest.mock import patch

# never come to an end where the clock is frozen: the engine imports them in its runs
import scipy.optimize
import scipy.special  # noqa: F401

from .evidence_common import EvidenceCase


class WhyCase(EvidenceCase):
    """A company whose customers are scored by a model of their own past."""

    customers = 120

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lifecycle.profile"].search(
            [("company_id", "=", cls.company.id)]
        ).unlink()
        cls.buyers = cls._scored_company(cls.company, cls.customers)
        cls.training = cls.env["churn.model"]._get_active(cls.company)
        assert cls.training.rung != "0", cls.training.reasons

    @classmethod
    def _scored_company(cls, company, count, days=900):
        """Customers of a random past, trained on and scored."""
        generator = random.Random(7)
        buyers = cls.env["res.partner"].create(
            [{"name": f"Buyer {n}"} for n in range(count)]
        )
        rows = []
        for n, partner in enumerate(buyers):
            gap = generator.choice((15, 30, 60, 120))
            day = cls.today - timedelta(generator.randrange(100, days))
            ends = cls.today - timedelta(generator.choice((0, 0, 0, 200, 400)))
            while day <= ends:
                rows.append((partner, day, 50 + n))
                day += timedelta(max(1, round(generator.expovariate(1 / gap))))
        cls._history(company, rows)
        with patch.object(
            cls.registry["ir.cron"], "_commit_progress", lambda *a, **k: float("inf")
        ):
            cls._run(company)
            cls.env["churn.model"].search([("state", "=", "pending")]).unlink()
            cls.env["churn.model"]._request(company, "manual")
            cls.env["churn.model"]._process_pending()
            cls._run(company)
        return buyers

    @classmethod
    def _run(cls, company):
        run = cls.env["lifecycle.run"]._request(company, "manual", True)
        cls.env["lifecycle.run"]._process_pending()
        assert run.state == "done", run.error

    def _profiles(self):
        return self.env["lifecycle.profile"].search(
            [("company_id", "=", self.company.id)]
        )
