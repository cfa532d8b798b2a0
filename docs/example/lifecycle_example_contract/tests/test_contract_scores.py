from datetime import date

from odoo.tests import tagged

from .common import ContractCase

NAMES = ("contract_end_date", "contract_revenue")


@tagged("post_install", "-at_install")
class TestContractScores(ContractCase):
    """Fields of the profile that the engine finds for all customers at once."""

    def test_last_end_and_charges_of_a_year(self):
        self._contract(
            self.tenant,
            "2024-01-01",
            "2026-06-30",
            # the year begins on the day after this one
            [("2025-06-15", 1000), ("2025-06-16", 100), ("2026-05-01", 50)],
        )
        self._contract(self.tenant, "2026-02-01", "2027-01-31", [("2026-05-01", 7)])
        nobody = self._customer("Nobody")
        self._order(nobody, "2026-05-01", 100)
        self._recompute()
        self.assertEqual(self._facts(self.tenant, *NAMES), (date(2027, 1, 31), 157))
        self.assertEqual(self._facts(nobody, *NAMES), (False, 0))
        # none is not 0: it is in no average
        self.env.cr.execute(
            "SELECT contract_revenue FROM lifecycle_profile WHERE partner_id = %s",
            [nobody.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])

    def test_as_of_a_day_of_the_past(self):
        self._contract(self.tenant, "2025-01-01", "2025-12-31", [("2025-03-01", 70)])
        self._contract(self.tenant, "2026-01-01", "2026-12-31", [("2026-02-01", 80)])
        engine = self.env["lifecycle.engine"].with_company(self.company)
        for day, found in {
            date(2025, 6, 1): (date(2025, 12, 31), 70),
            date(2026, 3, 1): (date(2026, 12, 31), 80),
        }.items():
            _news, facts, _changes, _context = engine._prepare(self.company, day)
            [row] = facts[facts["partner_id"] == self.tenant.id].to_dict("records")
            end = date.fromordinal(
                date(1970, 1, 1).toordinal() + row["contract_end_date"]
            )
            self.assertEqual((end, row["contract_revenue"]), found)

    def test_a_year_later_without_any_news(self):
        """A night that reads only news finds what time alone has changed."""
        self._contract(self.tenant, "2025-01-01", "2030-12-31", [("2025-07-03", 70)])
        self._order(self.tenant, "2026-05-01", 100)
        self._recompute()
        self.assertEqual(self._facts(self.tenant, "contract_revenue"), (70,))
        with self.at("2026-07-02"):
            # a month has begun: everything is read
            self._recompute()
        self.assertEqual(self._facts(self.tenant, "contract_revenue"), (70,))
        with self.at("2026-07-03"):
            run = self.env["lifecycle.run"]._request(
                self.company, "nightly", full=False
            )
            self._process_pending()
        self.assertTrue(run.partial)
        self.assertEqual(self._facts(self.tenant, "contract_revenue"), (0,))

    def test_one_query_for_any_number_of_customers(self):
        engine = self.env["lifecycle.engine"].with_company(self.company)
        counts = []
        for number in (1, 2, 20):  # the first fills caches
            for position in range(number):
                partner = self._customer(f"Tenant {number} {position}")
                self._contract(
                    partner, "2026-01-01", "2026-12-31", [("2026-02-01", 10)]
                )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            engine._prepare(self.company, self.today)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
