from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, LifecycleCase


@tagged("post_install", "-at_install")
class TestTransitions(LifecycleCase):
    """Who moved, from where to where, why, and who hears of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner("Buyer")
        # somebody who does not move, so that the company has a first run
        cls._order(cls._partner("Neighbour"), "2025-12-01", 50)

    def _moves(self, kind="stage", partner=None):
        """(from, to, cause, day) of the transitions, oldest first."""
        return [
            (
                (move.from_stage_id or move.from_segment_id).name,
                (move.to_stage_id or move.to_segment_id).name,
                move.cause,
                str(move.date),
            )
            for move in self._transitions(partner or self.partner, kind)
        ]

    def test_first_run_has_none(self):
        self._order(self.partner, "2026-01-01", 100)
        run = self._recompute()
        self.assertTrue(run.quiet)
        self.assertEqual(run.transition_count, 0)
        self.assertEqual(self._moves() + self._moves("segment"), [])
        self.assertEqual(self._profile(self.partner).stage_date, TODAY)

    def test_first_customer_after_a_run_without_any(self):
        company = self._create_company("Founded Today")
        self._recompute(company)
        self._order(self.partner, TODAY, 100, company=company)
        self._recompute(company)
        [move] = self._transitions(self.partner, company=company)
        self.assertEqual((move.to_stage_id.name, move.cause), ("New", "purchase"))

    def test_way_of_a_customer(self):
        self._recompute(day="2026-01-01")
        with self.at("2026-01-10"):
            self._lead(self.partner, "2026-01-10")
            self._recompute()
        with self.at("2026-02-01"):
            self._order(self.partner, "2026-01-31", 100)
            self._recompute()
        with self.at("2026-02-10"):
            order = self._order(self.partner, "2026-02-10", 80)
            self._recompute()
        self._recompute(day="2026-02-24")  # 10 days of gap: 15 days are not over
        self._recompute(day="2026-02-25")
        with self.at("2026-03-01"):
            self._refund(self._invoice_order(order), "2026-03-01")
            self._recompute()
        # one order of 31 January: twice 60 days, then the lapse period
        self._recompute(day="2026-05-31")
        self._recompute(day="2027-01-31")
        with self.at("2027-02-20"):
            self._order(self.partner, "2027-02-19", 100)
            self._recompute()
        self.assertEqual(
            self._moves(),
            [
                (False, "Lead", "first", "2026-01-10"),
                ("Lead", "New", "purchase", "2026-02-01"),
                ("New", "Active", "purchase", "2026-02-10"),
                ("Active", "At risk", "time", "2026-02-25"),
                ("At risk", "New", "refund", "2026-03-01"),
                ("New", "At risk", "time", "2026-05-31"),
                ("At risk", "Lapsed", "time", "2027-01-31"),
                ("Lapsed", "Won back", "purchase", "2027-02-20"),
            ],
        )
        profile = self._profile(self.partner)
        self.assertEqual(profile.stage_date, date(2027, 2, 20))
        self.assertEqual(self._transitions(self.partner).profile_id, profile)

    def test_money_that_moved(self):
        self._recompute()
        self._order(self.partner, TODAY, 123)
        self._recompute()
        self.assertEqual(self._transitions(self.partner).revenue_total, 123)

    def test_moved_beside_the_others(self):
        self._order(self.partner, "2026-06-01", 100)
        self._recompute()
        for number in range(9):
            self._order(self._partner(f"Better {number}"), "2026-06-10", 1000)
        self._recompute()
        [move] = self._moves("segment")
        self.assertEqual(move[2], "ranking")
        self.assertEqual(self._moves(), [])

    def test_change_of_rules(self):
        self._order(self.partner, "2026-06-01", 100)
        self._recompute()
        self._stage("active").domain = "[('order_count', '>=', 1)]"
        run = self.env["lifecycle.run"].search([("state", "=", "pending")])
        self._process_pending()
        self.assertTrue(all(run.mapped("quiet")))
        self.assertEqual(self._moves(), [("New", "Active", "rules", str(TODAY))])

    def test_imported_history(self):
        self._recompute()
        self._order(self.partner, TODAY, 123)
        self._recompute(reason="import", quiet=True)
        self.assertEqual(self._moves()[0][2], "import")

    def test_pin_by_hand(self):
        self._order(self.partner, "2026-06-01", 100)
        self._recompute()
        wizard = self.env["lifecycle.pin.wizard"].create(
            {
                "profile_id": self._profile(self.partner).id,
                "stage_id": self._stage("advocate").id,
                "reason": "Sends us friends",
            }
        )
        wizard.action_pin()
        self._recompute()
        self.assertEqual(self._moves(), [("New", "Advocate", "manual", str(TODAY))])
        move = self._transitions(self.partner)
        self.assertEqual((move.note, move.user_id), ("Sends us friends", self.env.user))

    def test_append_only(self):
        self._recompute()
        self._order(self.partner, TODAY, 100)
        self._recompute()
        move = self._transitions(self.partner)
        with self.assertRaises(UserError):
            move.cause = "manual"
        with self.assertRaises(UserError):
            move.sudo().write({"note": "It was not like that"})

    # -- who hears of it -------------------------------------------------------------

    def _listen(self):
        """Somebody listens: the transitions that went through create()."""
        heard = []
        model = self.registry["lifecycle.transition"]
        create = model.create

        def listening_create(records, vals_list):
            moves = create(records, vals_list)
            heard.extend(moves)
            return moves

        for name, function in (
            ("create", listening_create),
            ("_has_listeners", lambda records: True),
        ):
            patcher = patch.object(model, name, function)
            patcher.start()
            self.addCleanup(patcher.stop)
        return heard

    def test_listener_hears_real_changes(self):
        heard = self._listen()
        self._recompute()
        self.assertEqual(heard, [])
        self._order(self.partner, TODAY, 100)
        run = self._recompute()
        self.assertEqual(
            {(move.partner_id, move.kind, move.cause) for move in heard},
            {(self.partner, "stage", "purchase"), (self.partner, "segment", "purchase")}
            | {
                (move.partner_id, "segment", "ranking")
                for move in heard
                if move.partner_id != self.partner
            },
        )
        self.assertEqual(run.transition_count, len(heard))
        self.assertEqual({move.run_id for move in heard}, {run})

    def test_quiet_run_is_recorded_and_not_heard(self):
        heard = self._listen()
        self._recompute()
        self._order(self.partner, TODAY, 100)
        run = self._recompute(quiet=True)
        self.assertEqual(heard, [])
        self.assertGreater(run.transition_count, 0)
        self.assertEqual(len(self._moves()), 1)

    def test_change_of_rules_does_not_drown_a_purchase(self):
        """The rules move some quietly; who bought meanwhile is heard."""
        other = self._partner("Other buyer")
        self._order(other, TODAY, 50)
        heard = self._listen()
        self._recompute()
        self._order(self.partner, TODAY, 100)
        self.env["lifecycle.stage"].create(
            {
                "name": "Everybody",
                "company_id": self.company.id,
                "sequence": 99,
                "domain": "[('order_count', '=', 1)]",
            }
        )
        self._recompute(reason="rules", quiet=True)
        self.assertIn(self.partner, [move.partner_id for move in heard])
        self.assertEqual({move.cause for move in heard}, {"purchase"})
        self.assertEqual(self._transitions(other)[:1].cause, "rules")

    def test_import_is_never_heard_whatever_else_was_asked(self):
        """Not beside a change of rules, in either order, nor by an earlier run."""
        heard = self._listen()
        self._recompute()
        runs = self.env["lifecycle.run"]
        for reasons in (
            ("rules", "import"),
            ("import", "rules"),
            ("nightly", "import"),
        ):
            with self.subTest(reasons=reasons):
                self._order(self.partner, TODAY, 100)
                for reason in reasons:
                    run = runs._request(self.company, reason, reason != "nightly")
                self.assertEqual((run.reason, run.quiet), ("import", True))
                self._process_pending()
                self.assertEqual(run.state, "done")
        self._order(self.partner, TODAY, 100)
        begun = runs._request(self.company, "nightly")
        begun._claim()  # begun, but the import was committed before it looked
        runs._request(self.company, "import", quiet=True)
        with self._no_commit():
            begun._execute()
        self.assertEqual((begun.state, begun.reason), ("done", "import"))
        self.assertGreater(begun.changed_count, 0)
        self.assertEqual(heard, [])

    def test_both_ways_record_the_same(self):
        def read():
            moves = self._transitions(self.partner) + self._transitions(
                self.partner, "segment"
            )
            return [
                {
                    name: value
                    for name, value in values.items()
                    if name not in ("id", "run_id", "profile_id")
                }
                for values in moves.read()
            ]

        self._recompute()
        self._order(self.partner, TODAY, 100)
        savepoint = self.env.cr.savepoint()
        self._recompute()
        by_sql = read()
        savepoint.rollback()
        self.env.invalidate_all()
        self._listen()
        self._recompute()
        self.assertTrue(by_sql)
        self.assertEqual(read(), by_sql)
        savepoint.close()
