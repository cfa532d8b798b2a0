"""Scores of a day: the same as a run of that day, in a file, and nothing changes."""

import io
from datetime import date, timedelta

import pandas as pd

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TODAY, LifecycleCase
from .random_trade import RandomTrade

PAST = date(2025, 9, 10)
FIRST_COLUMNS = ["reference", "customer", "company", "currency", "partner_id"]


class ScoreCase(LifecycleCase):
    def _export(self, companies=None, as_of=TODAY, user=None, bom=False):
        """The bytes of the CSV, and how many customers it says it wrote."""
        out = io.BytesIO()
        scores = self.env["lifecycle.score"]
        if user:
            scores = scores.with_user(user)
        companies = companies or self.company
        scores = scores.with_context(allowed_company_ids=companies.ids)
        count = scores._write_csv(companies, as_of, out, bom=bom)
        return out.getvalue(), count

    def _read(self, *args, **kwargs):
        """The CSV as a DataFrame of texts, by customer and company."""
        data, count = self._export(*args, **kwargs)
        frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
        self.assertEqual(len(frame), count)
        return frame.set_index([frame.partner_id.astype(int), "company"], drop=False)

    def _stored(self, company=None):
        """The profiles of a company as the CSV should have them."""
        company = company or self.company
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        rows = {}
        for profile in profiles.search([("company_id", "=", company.id)]):
            row = {}
            for name in self._get_own(profile._fields):
                field = profile._fields[name]
                if field.store and field.column_type:
                    row[name] = self._as_text(field, profile)
            for name in ("id", "partner_id", "company_id"):
                del row[name]
            rows[profile.partner_id.id, company.name] = row
        return rows

    def _as_text(self, field, profile):
        [[raw]] = self.env.execute_query(
            SQL(
                "SELECT %s FROM lifecycle_profile WHERE id = %s",
                SQL.identifier(field.name),
                profile.id,
            )
        )
        if raw is None:
            return ""
        if field.type == "many2one":
            return profile[field.name].display_name
        if field.type in ("float", "monetary"):
            return float(raw)
        return str(raw)

    def _assert_same(self, frame, expected):
        self.assertEqual(set(frame.index), set(expected))
        for key, row in expected.items():
            for name, value in row.items():
                found = frame.loc[key, name]
                if isinstance(value, float):
                    found = float(found)
                self.assertEqual(found, value, f"{name} of {key}")

    def _state(self):
        """Every row of every table, as a digest, and every sequence."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                """SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
                AND relnamespace = 'public'::regnamespace ORDER BY relname"""
            )
        )
        self.assertGreater(len(tables), 100)
        state = {}
        for [table] in tables:
            [state[table]] = self.env.execute_query(
                SQL(
                    "SELECT COUNT(*), SUM(hashtextextended(t::text, 0)::numeric) "
                    "FROM %s t",
                    SQL.identifier(table),
                )
            )
        state["sequences"] = dict(
            self.env.execute_query(
                SQL("SELECT sequencename, last_value FROM pg_sequences")
            )
        )
        state["temporary"] = self.env.execute_query(
            SQL(
                """SELECT relname FROM pg_class WHERE relkind = 'r'
                AND relnamespace = pg_my_temp_schema()"""
            )
        )
        return state


@tagged("post_install", "-at_install")
class TestScore(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trade = RandomTrade(cls, 3)

    def test_today_is_what_the_run_stored(self):
        self._recompute()
        expected = self._stored()
        self.assertGreater(len(expected), 30)
        frame = self._read()
        self.assertEqual(list(frame.columns[:5]), FIRST_COLUMNS)
        names = set(self._get_own(frame.columns[5:]))
        self.assertEqual(names, set(next(iter(expected.values()))))
        self._assert_same(frame, expected)
        self.assertGreater(frame["stage_id"].nunique(), 3)

    def test_past_day_is_what_its_run_stored(self):
        """Also of what no scorer computes, and after what has happened since."""
        for days in (60, 30, 0):
            self._recompute(day=PAST - timedelta(days=days))
        expected = self._stored()
        before = self._read(as_of=PAST - timedelta(days=30))
        [pinned, *_rest] = self.env["lifecycle.profile"].search(
            [
                ("company_id", "=", self.company.id),
                ("stage_date", "<", PAST - timedelta(days=1)),
            ],
        )
        for days in (100, 200):
            self._recompute(day=PAST + timedelta(days=days))
        self._recompute()
        self.assertNotEqual(self._stored(), expected)
        pinned._pin_stage(self._stage("advocate"), reason="Since today")
        self._assert_same(self._read(as_of=PAST), expected)
        again = self._read(as_of=PAST - timedelta(days=30))
        pd.testing.assert_frame_equal(again, before)
        today = self._read().loc[(pinned.partner_id.id, self.company.name)]
        self.assertEqual(today["stage_id"], "Advocate")
        self.assertEqual(today["pin_reason"], "Since today")
        self.assertEqual(today["pinned_date"], TODAY.isoformat())

    def test_day_before_the_first_run(self):
        self._recompute()
        frame = self._read(as_of=PAST)
        self.assertEqual(set(frame["stage_date"]), {PAST.isoformat()})

    def test_nothing_changes(self):
        self._recompute()
        before = self._state()
        for day in (TODAY, PAST, date(2021, 1, 1)):
            self._export(as_of=day)
            self.assertEqual(self._state(), before)

    def test_nothing_changes_where_nothing_was_computed_yet(self):
        before = self._state()
        _data, count = self._export()
        self.assertGreater(count, 30)
        self.assertEqual(self._state(), before)

    def test_what_the_caller_did_stays(self):
        partner = self._partner("Old")
        self._order(partner, TODAY, 10)
        partner.name = "New"  # waits in the cache
        frame = self._read()
        self.assertEqual(frame.loc[(partner.id, self.company.name), "customer"], "New")
        self.env.invalidate_all()
        self.assertEqual(partner.name, "New")

    def test_marks_of_the_caller_stay(self):
        """What is taken back afterwards are not the marks of an order before."""
        self._recompute()
        self._dirty()
        partner = self._partner("Buyer")
        self._order(partner, TODAY, 10)
        self._export()
        self.assertIn((partner.id, self.company.id), self._dirty())

    def test_future_is_refused(self):
        with self.assertRaisesRegex(UserError, "As Of: .*future"):
            self._export(as_of=TODAY + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "As Of: .*too early"):
            self._export(as_of=date(1, 1, 1))
        # where it is tomorrow already, it is no future
        self.company.lifecycle_tz = "Pacific/Kiritimati"
        self._export(as_of=TODAY + timedelta(days=1))


@tagged("post_install", "-at_install")
class TestScoreFile(ScoreCase):
    """What is in the file, for whom."""

    def test_names_come_back_as_they_are(self):
        names = [
            'The "Quoted", Ltd.',
            "Two\nLines; and, commas",
            "مشتری نمونه",
            "\u202eright to left\u202c",
            "示例客户",
            "Ends in a backslash \\",
            "\\.",
            "NULL",
        ]
        partners = [self._partner(name, ref=f"R{name}") for name in names]
        for partner in partners:
            self._order(partner, TODAY, 10)
        frame = self._read()
        self.assertEqual(list(frame["customer"]), names)
        self.assertEqual(list(frame["reference"]), [f"R{name}" for name in names])
        with_mark, _count = self._export(bom=True)
        self.assertEqual(with_mark, b"\xef\xbb\xbf" + self._export()[0])

    def test_formulas_are_made_harmless(self):
        stage = self._stage("new")
        stage.name = "=1+1"
        for name in (
            "=cmd|' /C calc'!A0",
            "+49 30 1",
            "-1+1",
            "@SUM(A1)",
            "\tx",
            "＝1",
        ):
            self._order(self._partner(name, ref=name), TODAY, 10)
        self._order(self._partner("-12.5", ref="-7"), TODAY, 10)
        refunded = self._partner("Refunded", ref="=7")
        self._refund(self._invoice_order(self._order(refunded, TODAY, 10)), TODAY)
        self._invoice(refunded, TODAY, 5, move_type="out_refund")
        self.company.lifecycle_source = "invoice"
        frame = self._read().set_index("customer", drop=False)
        self.assertEqual(frame.loc["Refunded", "reference"], "'=7")
        self.assertEqual(float(frame.loc["Refunded", "revenue_total"]), -5)
        self.company.lifecycle_source = "sale_order"
        frame = self._read()
        self.assertEqual(
            [name for name in frame["customer"] if name[0] in "=+-@\t＝"], ["-12.5"]
        )
        self.assertIn("'@SUM(A1)", set(frame["customer"]))
        self.assertIn("-7", set(frame["reference"]))
        self.assertEqual(set(frame["stage_id"]) - {"Lead"}, {"'=1+1"})

    def test_archived_and_nameless(self):
        gone = self._partner("Gone")
        self._order(gone, TODAY, 10)
        gone.active = False
        frame = self._read()
        self.assertEqual(list(frame["customer"]), ["Gone"])
        self.assertEqual(list(frame["reference"]), [""])
        self.assertEqual(list(frame["gap_days"]), [""])
        self.assertEqual(list(frame["currency"]), ["USD"])

    def test_names_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._stage("new").with_context(lang="fr_FR").name = "Nouveau"
        self._order(self._partner(), TODAY, 10)
        user = self._user("lifecycle_crm.group_lifecycle_manager")
        french = self.env["lifecycle.score"].with_user(user).with_context(lang="fr_FR")
        out = io.BytesIO()
        french._write_csv(self.company, TODAY, out)
        self.assertIn("Nouveau", out.getvalue().decode())
        self.assertNotIn("Nouveau", self._export()[0].decode())

    def test_two_companies(self):
        other = self._create_company("Other, Ltd.", currency="EUR")
        self.env.user.company_ids |= other
        partner = self._partner("Both")
        self._order(partner, TODAY, 10)
        self._order(partner, TODAY, 20, company=other)
        self._order(partner, TODAY, 30, company=other)
        frame = self._read(companies=self.company | other)
        self.assertEqual(
            list(
                zip(
                    frame["company"],
                    frame["currency"],
                    frame["order_count"],
                    strict=True,
                )
            ),
            [(self.company.name, "USD", "1"), ("Other, Ltd.", "EUR", "2")],
        )
        self.assertEqual(list(self._read(companies=other)["revenue_total"]), ["50.00"])

    def test_no_customers(self):
        data, count = self._export(as_of=date(1950, 1, 1))
        self.assertEqual(count, 0)
        self.assertTrue(data.startswith(b"reference,customer,company,"))
        self.assertEqual(data.count(b"\n"), 1)

    def test_rights(self):
        partner = self._partner("Secret")
        self._order(partner, TODAY, 10)
        for group in (
            "base.group_user",
            "base.group_system",
            "sales_team.group_sale_salesman_all_leads",
        ):
            with self.assertRaises(AccessError):
                self._export(user=self._user(group))
        manager = self._user("lifecycle_crm.group_lifecycle_manager")
        self.assertEqual(self._export(user=manager)[1], 1)
        other = self._create_company("Not Theirs")
        with self.assertRaises(AccessError):
            scores = self.env["lifecycle.score"].with_user(manager)
            scores._write_csv(other, TODAY, io.BytesIO())

    def test_rules_of_the_list_hold(self):
        """Who may not see a customer in the list does not get it as a file."""
        for name in ("Seen", "Unseen"):
            self._order(self._partner(name), TODAY, 10)
        self.env["ir.rule"].create(
            {
                "name": "Only some",
                "model_id": self.env["ir.model"]._get_id("lifecycle.profile"),
                "domain_force": "[('partner_id.name', '=', 'Seen')]",
            }
        )
        manager = self._user("lifecycle_crm.group_lifecycle_manager")
        out = io.BytesIO()
        self.env["lifecycle.score"].with_user(manager)._write_csv(
            self.company, TODAY, out
        )
        frame = pd.read_csv(io.BytesIO(out.getvalue()))
        self.assertEqual(list(frame["customer"]), ["Seen"])

    def _user(self, group):
        return self.env["res.users"].create(
            {
                "name": group,
                "login": group,
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref(group).ids)],
            }
        )
