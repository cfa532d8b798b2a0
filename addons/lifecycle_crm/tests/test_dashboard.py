"""The dashboard says what the profiles and the monthly tables say, and to whom."""

from collections import Counter
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .history_common import HistoryCase

LAST = date(2026, 5, 31)


class DashboardCase(HistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls()
        case._random_trade(7, 40)
        case._recompute()
        case._rebuild(24)
        cls.manager = cls._user("dash_manager", "sales_team.group_sale_manager")
        cls.seller = cls._user("dash_seller", "sales_team.group_sale_salesman")
        cls.profiles = cls.env["lifecycle.profile"].search(
            [("company_id", "=", cls.company.id)]
        )

    @classmethod
    def _user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            ",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _data(self, user=None, **options):
        dashboard = self.env["lifecycle.dashboard"].with_user(user or self.manager)
        return dashboard.with_company(self.company).get_data(**options)


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCase):
    # -- where customers stand -------------------------------------------------

    def test_stages_are_the_profiles(self):
        data = self._data()
        counts = Counter(profile.stage_id.id for profile in self.profiles)
        shown = {stage["id"]: stage["count"] for stage in data["stages"]}
        self.assertEqual({k: v for k, v in shown.items() if v}, counts)
        self.assertGreater(len(counts), 3)
        for stage in data["stages"]:
            own = self.profiles.filtered(lambda p, s=stage: p.stage_id.id == s["id"])
            self.assertAlmostEqual(stage["value"], sum(own.mapped("clv_historic")), 2)

    def test_change_is_against_the_month_end_before_the_period(self):
        before = self.snapshots.search(
            [("company_id", "=", self.company.id), ("month", "=", date(2025, 11, 30))]
        )
        # whose contact was archived since is not on the screen, neither now nor then
        archived = self.profiles[0]
        self.assertIn(archived.partner_id, before.partner_id)
        archived.partner_id.active = False
        before = before.filtered("partner_id.active")
        data = self._data(months=6)
        then = Counter(row.stage_id.id for row in before)
        self.assertGreater(len(then), 2)
        for stage in data["stages"]:
            self.assertEqual(stage["change"], stage["count"] - then[stage["id"]])
        # and the same, counted customer by customer, for one's own
        self.profiles.partner_id.user_id = self.manager
        mine = self._data(months=6, owner="mine")
        self.assertEqual(
            [stage["change"] for stage in mine["stages"]],
            [stage["change"] for stage in data["stages"]],
        )

    def test_grid_and_totals(self):
        data = self._data()
        scored = self.profiles.filtered("rfm_code")
        grid = {(c["recency"], c["frequency"]): c["count"] for c in data["rfm"]}
        self.assertEqual(
            grid, Counter((p.rfm_recency, p.rfm_frequency) for p in scored)
        )
        self.assertEqual(data["totals"]["contacts"], len(self.profiles))
        self.assertEqual(data["totals"]["scored"], len(scored))
        sums = {row["name"]: row["value"] for row in data["totals"]["sums"]}
        self.assertAlmostEqual(
            sums["clv_historic"], sum(self.profiles.mapped("clv_historic")), 2
        )
        segments = {s["id"]: s["count"] for s in data["segments"]}
        named = Counter(profile.segment_id.id for profile in self.profiles)
        self.assertEqual(segments, {k: v for k, v in named.items() if k})

    def test_owner_and_team(self):
        some = self.profiles[:10]
        some.partner_id.user_id = self.seller
        team = self.env["crm.team"].create(
            {"name": "T", "company_id": self.company.id, "user_id": False}
        )
        team.member_ids = self.seller
        for options in ({"owner": "mine"}, {"team_id": team.id}):
            data = self._data(self.seller, **options)
            self.assertEqual(data["totals"]["contacts"], len(some))
            # what the screen opens is what it counted
            opened = self.profiles.search(
                Domain(data["owned"]) & Domain("company_id", "=", self.company.id)
            )
            self.assertEqual(opened, some)
        self.assertFalse(self._data()["owned"])

    # -- months ------------------------------------------------------------------

    def test_figures_of_the_period_and_before(self):
        figures = {f["name"]: f for f in self._data(months=3)["figures"]}
        kpis = self.kpis.search([("company_id", "=", self.company.id)], order="month")
        now, before = kpis[-3:], kpis[-6:-3]
        self.assertEqual(now[-1].month, LAST)
        for months, key in ((now, "value"), (before, "before")):
            self.assertAlmostEqual(
                figures["churn_rate"][key],
                sum(months.mapped("lapsed_count"))
                / sum(months.mapped("active_start_count")),
            )
            self.assertAlmostEqual(
                figures["revenue"][key], sum(months.mapped("revenue")), 2
            )
            lapsed = sum(
                kpi.customer_count - kpi.new_count - kpi.active_start_count
                for kpi in months
            )
            self.assertAlmostEqual(
                figures["win_back_rate"][key],
                sum(months.mapped("won_back_count")) / lapsed,
            )
        self.assertEqual(figures["active_count"]["value"], kpis[-1].active_count)
        # the rates of the screen are those of the report
        [[rate]] = self.kpis._read_group(
            [("id", "in", now.ids)], [], ["retention_rate:avg"]
        )
        self.assertAlmostEqual(figures["retention_rate"]["value"], rate)

    def test_a_period_is_not_compared_with_less_than_itself(self):
        figures = self._data(months=24)["figures"]
        self.assertEqual({figure["before"] for figure in figures}, {None})

    def test_movements_lead_to_their_customers(self):
        data = self._data(months=3)
        moved = 0
        for kind in ("stage", "segment"):
            for move in data["movements"][kind]:
                if not (move["from"] and move["to"]):
                    continue
                customers = self.snapshots.search_count(
                    [
                        ("company_id", "=", self.company.id),
                        ("month", ">=", data["filters"]["first"]),
                        ("month", "<=", data["filters"]["last"]),
                        (f"{kind}_before_id", "=", move["from"]),
                        (f"{kind}_id", "=", move["to"]),
                    ]
                )
                self.assertEqual(customers, move["count"])
                moved += move["from"] != move["to"]
        self.assertGreater(moved, 3)

    def test_before_of_a_snapshot(self):
        of_company = [("company_id", "=", self.company.id)]
        after = self.snapshots.search([*of_company, ("month", "=", LAST)])
        before = self.snapshots.search([*of_company, ("month", "=", date(2026, 4, 30))])
        stages = {row.partner_id: row.stage_id for row in before}
        for row in after:
            empty = self.env["lifecycle.stage"]
            self.assertEqual(row.stage_before_id, stages.get(row.partner_id, empty))
        new = self.snapshots.search(
            [*of_company, ("month", "=", LAST), ("stage_before_id", "=", False)]
        )
        self.assertEqual(new, after.filtered(lambda row: not row.stage_before_id))

    def test_cohorts_are_counted_customers(self):
        cohorts = self.env["lifecycle.cohort"].search(
            [("company_id", "=", self.company.id), ("month", "=", LAST)]
        )
        rows = self.snapshots.search(
            [
                ("company_id", "=", self.company.id),
                ("month", "=", LAST),
                ("order_count", ">", 0),
            ]
        )
        first = Counter(row.first_order_date.replace(day=1) for row in rows)
        self.assertEqual({c.cohort: c.customer_count for c in cohorts}, first)
        self.assertGreater(len(first), 3)
        for cohort in cohorts:
            own = rows.filtered(
                lambda row, c=cohort: row.first_order_date.replace(day=1) == c.cohort
            )
            active = own.filtered(lambda row: not row.lapsed)
            buyers = own.filtered(lambda row: row.last_order_date >= date(2026, 5, 1))
            self.assertEqual(cohort.active_count, len(active))
            self.assertEqual(cohort.buyer_count, len(buyers))
            self.assertAlmostEqual(cohort.active_rate, len(active) / len(own))
            months = (LAST.year - cohort.cohort.year) * 12
            self.assertEqual(cohort.age, months + LAST.month - cohort.cohort.month)
        shown = {row["cohort"]: row for row in self._data()["cohorts"]}
        young = cohorts.filtered(lambda c: c.cohort > date(2025, 5, 31))
        self.assertEqual(set(shown), {cohort.cohort.isoformat() for cohort in young})
        for cohort in young:
            ages = shown[cohort.cohort.isoformat()]["ages"]
            self.assertAlmostEqual(ages[-1]["active"], cohort.active_rate)
        # a total weighs each cohort by its customers
        [[rate]] = cohorts._read_group(
            [("id", "in", cohorts.ids)], [], ["active_rate:avg"]
        )
        self.assertAlmostEqual(
            rate,
            sum(cohorts.mapped("active_count")) / sum(cohorts.mapped("customer_count")),
        )

    # -- who may see it, and what it costs -------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models")
    def test_rights(self):
        for groups in ("base.group_user", "base.group_portal", "base.group_public"):
            stranger = self._user(f"dash_{groups.rpartition('_')[2]}", groups)
            with self.assertRaises(AccessError):
                self._data(stranger)
        # company-wide months are for who sees all documents
        data = self._data(self.seller)
        self.assertFalse(data["figures"])
        self.assertFalse(data["cohorts"] or data["trend"] or data["movements"])
        self.assertTrue(data["stages"])
        self.assertEqual({stage["change"] for stage in data["stages"]}, {None})

    def test_another_company_sees_its_own(self):
        other = self._create_company("Dashboard Other Company")
        self.manager.company_ids |= other
        dashboard = self.env["lifecycle.dashboard"].with_user(self.manager)
        data = dashboard.with_context(
            allowed_company_ids=[other.id, self.company.id]
        ).get_data()
        self.assertEqual(data["totals"]["contacts"], 0)
        self.assertFalse(data["rfm"] or data["trend"] or data["cohorts"])
        team = self.env["crm.team"].create(
            {"name": "Theirs", "company_id": other.id, "user_id": False}
        )
        self.assertFalse(self._data(team_id=team.id)["filters"]["team_id"])

    def test_odd_filters_are_put_right(self):
        data = self._data(months=7, team_id=999999999, owner="everybody")
        self.assertEqual(data["filters"]["months"], 3)
        self.assertEqual(data["filters"]["team_id"], False)
        self.assertEqual(data["filters"]["owner"], "all")

    def test_queries_do_not_grow_with_the_months(self):
        self._data(months=3)
        counts = []
        for months in (3, 12):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._data(months=months)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLess(counts[0], 45)


@tagged("post_install", "-at_install")
class TestDashboardTour(HistoryCase, HttpCase):
    def test_manager(self):
        self._random_trade(7, 40)
        self._recompute()
        self._rebuild(24)
        user = new_test_user(
            self.env,
            "dash_leader",
            "sales_team.group_sale_manager",
            password="dash_leader_password",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.start_tour("/odoo/lifecycle", "lifecycle_dashboard", login=user.login)
