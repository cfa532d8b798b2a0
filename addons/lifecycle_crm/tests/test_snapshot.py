from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY
from .history_common import HistoryCase


@tagged("post_install", "-at_install")
class TestSnapshot(HistoryCase):
    """Who stood where at the end of each month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")

    def _staged(self, day):
        """What a run finds on a day, in the form of the snapshots of that day."""
        with self.at(day):
            context = self.env["lifecycle.engine"]._stage_company(self.company)
        self.assertEqual(context.as_of, day)
        self.env.cr.execute(
            SQL(
                """SELECT partner_id, stage_id, segment_id, rfm_code, order_count,
                    ROUND(revenue_total::numeric, 2) AS revenue_total,
                    first_order_date, last_order_date,
                    COALESCE(lapse_date <= %s, FALSE) AS lapsed
                FROM lifecycle_profile_new ORDER BY partner_id""",
                day,
            )
        )
        return self.env.cr.dictfetchall()

    def test_equals_a_run_of_that_day(self):
        """A month computed now is what a run would have found at its end."""
        self._random_trade(3, customers=25)
        self._recompute()
        self._rebuild(6)
        compared = 0
        for text in ("2025-11-30", "2026-02-28", "2026-05-31"):
            day = date.fromisoformat(text)
            rows = self._rows("lifecycle_snapshot", ids=False)
            kept = [row for row in rows if row["month"] == day]
            for row in kept:
                del row["month"], row["company_id"]
            kept.sort(key=lambda row: row["partner_id"])
            self.assertEqual(kept, self._staged(day))
            compared += len(kept)
        self.assertGreater(compared, 40)

    def test_pin_is_known_from_its_day_on(self):
        self._order(self.partner, "2026-03-10", 100)
        with self.at("2026-05-20"):
            self._recompute()
            self._profile(self.partner)._pin_stage(self._stage("advocate"))
        self._rebuild(3)
        stages = [
            self._snapshot(self.partner, month).stage_id
            for month in ("2026-03-31", "2026-04-30", "2026-05-31")
        ]
        new = self._stage("new")
        self.assertEqual(stages, [new, new, self._stage("advocate")])

    def test_again_is_the_same(self):
        self._random_trade(4, customers=20)
        self._rebuild(4)
        tables = ("lifecycle_snapshot", "lifecycle_kpi")
        before = [self._rows(table) for table in tables]
        moves = self._rows("lifecycle_movement", ids=False)
        self.assertTrue(all(before) and moves)
        versions = self._versions()
        self._rebuild(4)
        self.assertEqual([self._rows(table) for table in tables], before)
        self.assertEqual(self._rows("lifecycle_movement", ids=False), moves)
        # not even written
        self.assertEqual(self._versions(), versions)

    def _versions(self):
        return self.env.execute_query(
            SQL("SELECT id, ctid::text FROM lifecycle_snapshot ORDER BY id")
        )

    def test_rebuild_mends_what_changed(self):
        order = self._order(self.partner, "2026-03-10", 100)
        gone = self._order(self._partner("Gone"), "2026-03-10", 100)
        self._rebuild(4)
        gone._action_cancel()
        gone.unlink()
        order.order_line.price_unit = 70
        late = self._partner("Late")
        self._order(late, "2026-04-10", 30)
        self._rebuild(4)
        rows = self._rows("lifecycle_snapshot")
        self.assertEqual(
            {
                (r["partner_id"], str(r["month"]), float(r["revenue_total"]))
                for r in rows
            },
            {
                (self.partner.id, "2026-03-31", 70),
                (self.partner.id, "2026-04-30", 70),
                (self.partner.id, "2026-05-31", 70),
                (late.id, "2026-04-30", 30),
                (late.id, "2026-05-31", 30),
            },
        )
        revenue = {m: row["revenue"] for m, row in self._kpi_rows().items()}
        self.assertEqual(revenue, {"2026-03-31": 70, "2026-04-30": 30, "2026-05-31": 0})

    # -- what goes away --------------------------------------------------------

    def _orphans(self):
        return self.env.execute_query(
            SQL(
                """SELECT id FROM lifecycle_snapshot s
                WHERE partner_id NOT IN (SELECT id FROM res_partner)
                   OR company_id NOT IN (SELECT id FROM res_company)
                   OR stage_id NOT IN (SELECT id FROM lifecycle_stage)
                   OR segment_id NOT IN (SELECT id FROM lifecycle_segment)"""
            )
        )

    def test_deleted_contact(self):
        self._lead(self.partner, "2026-03-10")
        self._order(self._partner("Stays"), "2026-03-10", 1)
        self._rebuild(3)
        self.assertTrue(self._snapshot(self.partner, "2026-05-31"))
        user = self.env["res.users"].create(
            {
                "name": "Contact Manager",
                "login": "contact_manager",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("base.group_user").id,
                            self.env.ref("base.group_partner_manager").id,
                        ]
                    )
                ],
            }
        )
        # who may not even see the scores
        self.partner.with_user(user).unlink()
        self.assertFalse(self._orphans())
        self.assertEqual(len(self._rows("lifecycle_snapshot")), 3)

    def test_deleted_stage_and_segment(self):
        self._order(self.partner, "2026-03-10", 1)
        stage = self.env["lifecycle.stage"].create(
            {
                "name": "Small",
                "sequence": 900,
                "company_id": self.company.id,
                "domain": "[('revenue_total', '<', 5)]",
            }
        )
        segment = self.env["lifecycle.segment"].create(
            {"name": "All", "sequence": -1, "company_id": self.company.id}
        )
        self._rebuild(3)
        row = self._snapshot(self.partner, "2026-05-31")
        self.assertEqual((row.stage_id, row.segment_id), (stage, segment))
        for rule in (stage, segment):
            with self.assertRaisesRegex(UserError, "Archive it"):
                rule.unlink()
        # one where nobody ever stood
        unused = self.env["lifecycle.stage"].create(
            {"name": "Unused", "company_id": self.company.id}
        )
        unused.unlink()
        self.assertFalse(unused.exists())
        # as when the addon that brought them is uninstalled: past the check, then swept
        self.env.cr.execute("DELETE FROM lifecycle_stage WHERE id = %s", [stage.id])
        self.env.cr.execute("DELETE FROM lifecycle_segment WHERE id = %s", [segment.id])
        self.env.invalidate_all()
        self.env["lifecycle.snapshot"]._gc_orphans()
        self.assertFalse(self._orphans())
        self.assertFalse(row.stage_id or row.segment_id)
        moves = self.env["lifecycle.movement"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertTrue(moves)
        self.assertFalse(moves.from_stage_id | moves.to_stage_id)
        self.assertTrue(all(move.display_name for move in moves))

    def test_deleted_company(self):
        company = self.env["res.company"].create({"name": "Short-lived"})
        self._lead(self.partner, "2026-03-10", company)
        self._rebuild(3, company)
        self.assertTrue(self._rows("lifecycle_snapshot", company))
        self.env["crm.lead"].search([("company_id", "=", company.id)]).unlink()
        self._drop_payment_providers(company)
        company.unlink()
        self.assertFalse(self._orphans())
        self.assertFalse(self._rows("lifecycle_snapshot", company))

    def test_merged_contacts(self):
        """Their months are added up: nothing of the past is revenue of today."""
        other = self._create_company("Other")
        twin = self._partner("Twin")
        self._order(self.partner, "2026-03-10", 100)
        self._order(twin, "2026-02-10", 20)
        self._order(twin, "2026-04-10", 5)
        self._order(twin, "2026-04-10", 7, company=other)
        self._rebuild(4, until=date(2026, 4, 30))
        self._rebuild(4, other, until=date(2026, 4, 30))
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set((self.partner | twin).ids)],
                "dst_partner_id": self.partner.id,
            }
        )
        wizard.action_merge()
        self.assertFalse(twin.exists())
        self.assertFalse(self._orphans())
        for month, expected in {
            "2026-02-28": (1, 20, "2026-02-10", "2026-02-10"),
            "2026-03-31": (2, 120, "2026-02-10", "2026-03-10"),
            "2026-04-30": (3, 125, "2026-02-10", "2026-04-10"),
        }.items():
            row = self._snapshot(self.partner, month)
            self.assertEqual(
                (
                    row.order_count,
                    row.revenue_total,
                    str(row.first_order_date),
                    str(row.last_order_date),
                ),
                expected,
            )
        row = self._snapshot(self.partner, "2026-04-30", other)
        self.assertEqual((row.order_count, row.revenue_total), (1, 7))
        # the month after, by itself
        self.rebuilds._request_due(self.company)
        self._process_open()
        may = self._kpi_rows()["2026-05-31"]
        self.assertEqual(
            (may["revenue"], may["order_count"], may["new_count"]), (0, 0, 0)
        )
        self.assertEqual((may["retained_count"], may["other_count"]), (1, 0))

    def test_old_months_go_and_figures_stay(self):
        self._order(self.partner, "2025-01-10", 1)
        self._rebuild(17)
        self.assertEqual(min(self._months()), "2025-01-31")
        self.company.lifecycle_snapshot_months = 3
        self.snapshots._gc_snapshots()
        self.assertEqual(
            self._months(), ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
        )
        self.assertEqual(min(self._kpi_rows()), "2025-01-31")
        # nor does a rebuild compute what would be thrown away
        self.assertEqual(self._rebuild().month_count, 4)

    def test_old_months_of_an_archived_company_go_too(self):
        """Nobody looks at them, but they are about people."""
        company = self._create_company("Closed")
        self._order(self.partner, "2026-01-10", 5, company=company)
        self._rebuild(4, company)
        self.assertEqual(len(self._months(company)), 5)
        company.lifecycle_snapshot_months = 2
        self.env["res.company"].flush_model()
        company.active = False
        self.snapshots._gc_snapshots()
        self.assertEqual(
            self._months(company), ["2026-03-31", "2026-04-30", "2026-05-31"]
        )

    def test_what_was_deleted_while_it_was_written(self):
        self._order(self.partner, "2026-03-10", 1)
        self._rebuild(3)
        self.env.execute_query(
            SQL(
                """INSERT INTO lifecycle_snapshot (company_id, month, partner_id,
                    stage_id, order_count, lapsed, revenue_total)
                VALUES (%s, %s, 2147483000, NULL, 0, FALSE, 0),
                    (2147483000, %s, %s, NULL, 0, FALSE, 0),
                    (%s, '2020-01-31', %s, 2147483000, 0, FALSE, 0) RETURNING id""",
                self.company.id,
                TODAY,
                TODAY,
                self.partner.id,
                self.company.id,
                self.partner.id,
            )
        )
        self.assertEqual(len(self._orphans()), 3)
        self.snapshots._gc_orphans()
        self.assertFalse(self._orphans())
        self.assertEqual(len(self._rows("lifecycle_snapshot")), 4)
        self.assertFalse(self._snapshot(self.partner, "2020-01-31").stage_id)
