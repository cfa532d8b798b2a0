from datetime import date

from odoo.tests import tagged

from .common import ContractCase


@tagged("post_install", "-at_install")
class TestContractPlay(ContractCase):
    """The end of a contract starts a play, and a step of it is an action of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._contract(
            cls.tenant, "2026-01-01", "2026-08-31", [("2026-02-01", 100)]
        )
        cls.shipped = cls.env.ref(
            f"lifecycle_example_contract.play_renewal_company_{cls.company.id}"
        )

    def test_each_company_has_it_paused(self):
        main = self.env.ref("lifecycle_example_contract.play_renewal")
        self.assertEqual(main.company_id, self.env.ref("base.main_company"))
        for play in (main, self.shipped):
            self.assertEqual(play.state, "paused")
            self.assertEqual(play.date_field_id.name, "contract_end_date")
            self.assertEqual(play.step_ids.mapped("kind"), ["action", "activity"])

    def test_sixty_days_before_the_end(self):
        self.shipped.control_share = 0
        self._recompute()
        self._start(self.shipped)
        for day in ("2026-07-01", "2026-07-02", "2026-07-03"):
            self._run_plays(day)
        way = self._ways(self.shipped)
        self.assertEqual(way.partner_id, self.tenant)
        self.assertEqual(way.entered_day, date(2026, 7, 2))
        self.assertEqual(self.contract.renewal_date, date(2026, 7, 2))
        activity = self.tenant.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("talk about the next one", activity.summary)

    def test_who_gave_notice_is_not_taken_up(self):
        self.shipped.control_share = 0
        other = self._contract(self.tenant, "2026-01-01", "2026-08-01")
        self.contract.notice_date = "2026-06-01"
        self._recompute()
        self._start(self.shipped)
        self._run_plays("2026-07-02")
        self.assertFalse(self.contract.renewal_date)
        self.assertEqual(other.renewal_date, date(2026, 7, 2))
