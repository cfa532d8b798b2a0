import base64
import csv
import io
from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..importing import FileProblem, ImportOptions
from .common import LifecycleCase

HEADER = "customer,date,amount,currency,reference\n"


class HistoryImportCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.company = cls.company.with_env(cls.env)
        cls.engine = cls.env["lifecycle.import.engine"]

    def _analyse(self, lines, header=HEADER, company=None, name="old.csv", **options):
        data = lines if isinstance(lines, bytes) else (header + lines).encode()
        return self.engine._analyse(
            company or self.company, data, name, ImportOptions(**options)
        )

    def _import(self, lines, **options):
        return self.engine._execute(self._analyse(lines, **options))

    def _reasons(self, plan):
        return [(line, why) for line, _text, why in self.engine._get_line_reasons(plan)]

    def _history(self, company=None):
        return self.env["lifecycle.history"].search(
            [("company_id", "=", (company or self.company).id)], order="line, id"
        )

    def _problem(self, *args, **kwargs):
        with self.assertRaises(FileProblem) as caught:
            self._analyse(*args, **kwargs)
        return self.engine._get_problem_text(caught.exception)


@tagged("post_install", "-at_install")
class TestHistoryImport(HistoryImportCase):
    def test_import_and_scores(self):
        acme = self._partner("Acme", ref="C1")
        record = self._import(
            "C1,2026-01-15,100.50,USD,S1\nC1,2026-03-01,49.50,,S2\nC2,2026-06-15,10,,\n"
        )
        rows = self._history()
        self.assertEqual(rows.mapped("amount"), [100.5, 49.5, 10])
        self.assertEqual(rows.mapped("amount_company"), [100.5, 49.5, 10])
        self.assertEqual(rows.mapped("reference"), ["S1", "S2", False])
        self.assertEqual(rows.mapped("line"), [2, 3, 4])
        self.assertEqual(rows[0].partner_id, acme)
        new = rows[2].partner_id
        self.assertEqual((new.name, new.ref, new.email), ("C2", "C2", False))
        self.assertEqual(record.partner_ids, new)
        self.assertEqual(
            (record.line_count, record.imported_count, record.refused_count),
            (3, 3, 0),
        )
        self.assertEqual((record.matched_count, record.created_count), (1, 1))
        self.assertEqual(
            (record.first_date, record.last_date),
            (date(2026, 1, 15), date(2026, 6, 15)),
        )
        self.assertEqual((record.amount_total, record.totals), (160, "USD 160.00"))
        run = self.env["lifecycle.run"].search(
            [("company_id", "=", self.company.id), ("state", "=", "pending")]
        )
        self.assertEqual((run.reason, run.quiet), ("import", True))
        self._process_pending()
        profile = self._profile(acme)
        self.assertEqual(profile.order_count, 2)
        self.assertEqual(profile.revenue_total, 150)
        self.assertEqual(profile.first_order_date, date(2026, 1, 15))
        self.assertEqual(profile.last_order_date, date(2026, 3, 1))

    def test_dry_run_writes_nothing(self):
        counts = [
            self.env[name].with_context(active_test=False).search_count([])
            for name in ("res.partner", "lifecycle.history", "lifecycle.import")
        ]
        plan = self._analyse("New,2026-01-15,1,,\n,2026-01-15,1,,\n")
        self.assertEqual((len(plan.good), plan.created_count), (1, 1))
        after = [
            self.env[name].with_context(active_test=False).search_count([])
            for name in ("res.partner", "lifecycle.history", "lifecycle.import")
        ]
        self.assertEqual(counts, after)

    def test_nothing_half_imported(self):
        plan = self._analyse(
            "New,2026-01-15,1,,\nNew,2026-02-30,1,,\nNew,2026-01-15,-1,,\n"
            "New,2026-01-15,one,,\nNew,2026-01-15,1,XQQ,\n\n"
        )
        self.assertEqual(
            self._reasons(plan),
            [
                (3, "column date: there is no day “2026-02-30”"),
                (
                    4,
                    "column amount: “-1” is negative, and returns are not allowed in "
                    "this import",
                ),
                (5, "column amount: “one” is no number like 1234.50"),
                (6, "column currency: there is no currency “XQQ”"),
                (7, "the line is empty"),
            ],
        )
        with self.assertRaisesRegex(UserError, "(?s)5 of 6 lines.*Line 3: column date"):
            self.engine._execute(plan)
        self.assertFalse(self._history())
        self.assertFalse(self.env["res.partner"].search([("name", "=", "New")]))

    def test_good_lines_only(self):
        record = self._import(
            "New,2026-01-15,1,,\n=1+1,2026-02-30,1,,\n", skip_bad_lines=True
        )
        self.assertEqual((record.imported_count, record.refused_count), (1, 1))
        text = base64.b64decode(record.report).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0], ["Line", "Content", "Reason"])
        self.assertEqual(rows[1][:2], ["3", "'=1+1,2026-02-30,1,,"])

    def test_file_problems_name_the_place(self):
        self.assertIn("Amount", self._problem("a,b\n", header="customer,date\n"))
        self.assertIn("“01/02/2026”", self._problem("A,01/02/2026,1,,\n"))
        self.assertIn("XQQ", self._problem("A,2026-01-02,1,,\n", currency="XQQ"))
        self.assertIn("empty", self._problem(b""))
        for code in (
            *("no_header", "no_lines", "not_text", "nothing_good"),
            *("old_excel", "broken_xlsx", "too_large", "too_many_lines"),
            *("wrong_encoding", "broken_csv", "missing_columns", "already_imported"),
        ):
            values = dict.fromkeys(
                ("name", "encoding", "line", "error", "limit", "date", "value"), "x"
            )
            problem = FileProblem(code, roles=["date"], header=["a"], **values)
            self.assertTrue(self.engine._get_problem_text(problem))

    def test_returns(self):
        self._import("A,2026-01-15,100,,\nA,2026-02-15,-30,,\n", returns=True)
        self._process_pending()
        profile = self._profile(self._history().partner_id)
        self.assertEqual((profile.order_count, profile.revenue_total), (1, 70))

    def test_shift_dates(self):
        record = self._import("A,1997-01-01,1,,\nA,1998-06-30,1,,\n", shift_dates=True)
        self.assertEqual(record.last_date, self.today)
        self.assertEqual((record.last_date - record.first_date).days, 545)
        self.assertEqual(record.shift_days, (self.today - date(1998, 6, 30)).days)

    # -- currencies ----------------------------------------------------------

    def test_rate_of_the_day(self):
        eur = self._currency("EUR")
        self.env["res.currency.rate"].search([("currency_id", "=", eur.id)]).unlink()
        self._rate(eur, "2026-01-01", 0.5)
        self._rate(eur, "2026-02-01", 0.8)
        self._import("A,2026-01-31,10,EUR,\nA,2026-02-01,10,eur,\nA,2026-02-01,7,,\n")
        rows = self._history()
        self.assertEqual(rows.mapped("amount"), [10, 10, 7])
        self.assertEqual(rows.mapped("amount_company"), [20, 12.5, 7])
        for row in rows:
            converted = row.currency_id._convert(
                row.amount, self.company.currency_id, self.company, row.date
            )
            self.assertEqual(row.amount_company, converted)

    def test_missing_rate(self):
        eur, gbp = self._currency("EUR"), self._currency("GBP")
        rates = self.env["res.currency.rate"]
        rates.search([("currency_id", "in", (eur + gbp).ids)]).unlink()
        self._rate(eur, "2026-01-02", 0.5)
        lines = "A,2026-01-01,10,EUR,\nA,2026-01-02,10,EUR,\nA,2026-01-02,10,GBP,\n"
        self.assertEqual(
            self._reasons(self._analyse(lines)),
            [
                (2, "column currency: there is no exchange rate of EUR 2026-01-01"),
                (4, "column currency: there is no exchange rate of GBP 2026-01-02"),
            ],
        )
        plan = self._analyse(lines, oldest_rate=True)
        self.assertEqual(plan.refused["line"].tolist(), [4])
        self.assertEqual(plan.good["amount_company"].tolist(), [20, 20])

    def test_inactive_currency(self):
        self._currency("ISK").active = False
        self.assertEqual(
            self._reasons(self._analyse("A,2026-01-01,10,ISK,\n")),
            [(2, "column currency: the currency ISK is not active")],
        )

    # -- customers -----------------------------------------------------------

    def _partner_of(self, value, **options):
        plan = self._analyse(f'"{value}",2026-01-01,1,,\n', **options)
        if plan.refused_count:
            return plan.refused["code"][0]
        return self.env["res.partner"].browse(int(plan.customers["partner_id"][0]))

    def test_matching(self):
        by_ref = self._partner("One", ref="K-7")
        by_email = self._partner("Two", email="Two@Example.com")
        by_name = self._partner("Drei Söhne AG")
        company = self._partner("Four Ltd", is_company=True)
        contact = self._partner("Ann", parent_id=company.id)
        self.assertEqual(self._partner_of("K-7"), by_ref)
        self.assertEqual(self._partner_of("two@example.COM"), by_email)
        self.assertEqual(self._partner_of("drei  söhne ag"), by_name)
        self.assertEqual(self._partner_of("Four Ltd, Ann"), contact)
        self.assertEqual(
            self._partner_of("k-7", create_missing=False), "unknown_customer"
        )
        self.assertEqual(
            self._partner_of("K-7", matching=("name",), create_missing=False),
            "unknown_customer",
        )

    def test_reference_goes_before_name(self):
        self._partner("K-8")
        by_ref = self._partner("Other", ref="K-8")
        self.assertEqual(self._partner_of("K-8"), by_ref)

    def test_several_fit(self):
        self._partner("Twin Sisters")
        self._partner("Twin Sisters")
        self.assertEqual(self._partner_of("Twin Sisters"), "ambiguous_customer")

    def test_several_contacts_of_one_company(self):
        company = self._partner("House", is_company=True)
        for name in ("Ann", "Ben"):
            self._partner(name, parent_id=company.id, email="info@house.example.com")
        self.assertEqual(self._partner_of("info@house.example.com"), company)

    def test_archived_only_if_there_is_no_other(self):
        archived = self._partner("Sleepy", ref="K-9", active=False)
        self.assertEqual(self._partner_of("K-9"), archived)
        active = self._partner("Awake", ref="K-9")
        self.assertEqual(self._partner_of("K-9"), active)

    def test_partners_of_other_companies_are_not_matched(self):
        other = self._create_company("Elsewhere Inc")
        theirs = self._partner("Theirs", ref="K-10", company_id=other.id)
        self.assertFalse(self._partner_of("K-10"))
        self.env.user.company_ids |= other
        self.assertEqual(self._partner_of("K-10", company=other), theirs)
        self._import("K-10,2026-01-01,1,,\n")
        created = self._history().partner_id
        self.assertNotEqual(created, theirs)
        self.assertEqual(created.company_id, self.company)

    def test_own_companies_are_no_customers(self):
        self.assertEqual(self._partner_of(self.company.name), "own_company")

    def test_new_customers(self):
        self._import(
            "Jane Roe,2026-01-01,1,,\njane roe,2026-01-02,1,,\nA1b,2026-01-01,1,,\n"
            "A1B,2026-01-01,1,,\nX@Example.com,2026-01-01,1,,\nx@example.com,2026-01-02,"
            "1,,\n"
        )
        customers = self._history().partner_id
        self.assertEqual(
            customers.mapped("name"), ["Jane Roe", "A1b", "A1B", "X@Example.com"]
        )
        self.assertEqual(customers.mapped("email_normalized")[3], "x@example.com")
        self.assertEqual(customers.mapped("ref"), ["Jane Roe", "A1b", "A1B", False])

    def test_new_customer_is_what_the_orm_creates(self):
        """Every column, but for what tells one contact from the other."""
        for kind in ("person", "company"):
            self._import(
                f"New {kind},2026-01-01,1,,\n", create_companies=kind == "company"
            )
            partner = self._history()[-1].partner_id
            twin = self.env["res.partner"].create(
                {
                    "name": partner.name,
                    "ref": partner.ref,
                    "is_company": kind == "company",
                    "company_id": partner.company_id.id,
                    "lang": partner.lang,
                    "customer_rank": 1,
                }
            )
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT * FROM res_partner WHERE id IN %s ORDER BY id",
                [(partner.id, twin.id)],
            )
            ours, theirs = self.env.cr.dictfetchall()
            differ = {name for name in ours if ours[name] != theirs[name]}
            moments = {"create_date", "write_date", "calendar_last_notif_ack"}
            self.assertEqual(differ - moments, {"id", "commercial_partner_id"})
            self.assertEqual(partner.commercial_partner_id, partner)

    def test_no_message_and_no_follower(self):
        before = self.env["mail.message"].search_count([])
        self._import("New,2026-01-01,1,,\n")
        partner = self._history().partner_id
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        self.assertFalse(partner.message_follower_ids)
        self.assertFalse(partner.message_ids)

    # -- twice ---------------------------------------------------------------

    def test_same_file_twice(self):
        lines = "A,2026-01-01,1,,\n"
        record = self._import(lines)
        self.assertIn("imported on 2026-06-15 as old.csv", self._problem(lines))
        again = self._import(lines, force=True)
        self.assertTrue(again.forced)
        self.assertEqual(len(self._history()), 2)
        self.assertEqual(again.matched_count, 1)
        again.action_undo()
        record.action_undo()
        self._import(lines)

    def test_same_file_at_the_same_time(self):
        plan = self._analyse("A,2026-01-01,1,,\n")
        self.engine._execute(plan)
        with (
            patch.object(type(self.engine), "_check_not_imported", lambda *args: None),
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.engine._execute(plan)

    def test_same_purchase_in_another_file(self):
        self._import("A,2026-01-01,1,,S1\nA,2026-01-01,1,,\n")
        plan = self._analyse(
            "A,2026-01-01,1,,S1\nA,2026-01-01,2,,S1\nA,2026-01-01,1,,\n"
        )
        self.assertEqual(
            self._reasons(plan),
            [(2, "column reference: this purchase was imported before, with old.csv")],
        )
        self.assertEqual(plan.good["line"].tolist(), [3, 4])

    # -- undo ----------------------------------------------------------------

    def test_undo(self):
        found = self._partner("Found", ref="F1")
        record = self._import(
            "F1,2026-01-01,1,,\nUnused,2026-01-01,1,,\nOrdered,2026-01-01,1,,\n"
            "Edited,2026-01-01,1,,\nParent,2026-01-01,1,,\nTalked,2026-01-01,1,,\n"
            "Again,2026-01-01,1,,\n"
        )
        self._process_pending()
        new = {partner.name: partner for partner in record.partner_ids}
        self._order(new["Ordered"], "2026-06-01", 5)
        # all of a test is one moment to the database
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = create_date + interval '1 day' "
            "WHERE id = %s",
            [new["Edited"].id],
        )
        self._partner("Child", parent_id=new["Parent"].id)
        new["Talked"].message_post(body="called")
        second = self._import("Again,2026-01-02,2,,\n")
        unused = new["Unused"]
        record.action_undo()
        self.assertEqual((record.state, record.undo_user_id), ("undone", self.env.user))
        self.assertFalse(unused.exists())
        self.assertEqual(
            record.partner_ids.mapped("name"),
            ["Again", "Edited", "Ordered", "Parent", "Talked"],
        )
        self.assertEqual(record.kept_count, 5)
        self.assertTrue(found.exists())
        self.assertEqual(self._history().import_id, second)
        self._process_pending()
        self.assertFalse(self._profile(found))
        self.assertEqual(self._profile(new["Ordered"]).order_count, 1)
        with self.assertRaises(UserError):
            record.action_undo()

    # -- rights --------------------------------------------------------------

    def _user(self, login, *groups):
        return self.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
                "group_ids": [(6, 0, [self.env.ref(group).id for group in groups])],
            }
        )

    def test_rights(self):
        seller = self._user("seller", "sales_team.group_sale_salesman")
        leader = self._user("leader", "sales_team.group_sale_salesman_all_leads")
        manager = self._user("manager", "lifecycle_crm.group_lifecycle_manager")
        plan = self.engine.with_user(manager)._analyse(
            self.company,
            f"{HEADER}A,2026-01-01,1,,\n".encode(),
            "f.csv",
            ImportOptions(),
        )
        record = self.engine.with_user(manager)._execute(plan)
        self.assertEqual(record.user_id, manager)
        self.assertEqual(record.partner_ids.create_uid, manager)
        history = self._history()
        for model, user, can in (
            (history, seller, False),
            (history, leader, True),
            (history, manager, True),
            (record, leader, False),
            (record, manager, True),
        ):
            self.assertEqual(model.with_user(user).has_access("read"), can)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(history.with_user(manager).has_access(operation))
            self.assertFalse(record.with_user(manager).has_access(operation))
        with self.assertRaises(AccessError):
            self.env["lifecycle.import.wizard"].with_user(leader).create({})
        for user in (seller, leader):
            with self.assertRaises(AccessError):
                record.with_user(user).action_undo()
        record.with_user(manager).action_undo()
        self.assertFalse(self._history())

    def test_other_companies_are_out_of_reach(self):
        other = self._create_company("Elsewhere Inc")
        manager = self._user("manager", "lifecycle_crm.group_lifecycle_manager")
        plan = self._analyse("A,2026-01-01,1,,\n", company=other)
        env = self.env(user=manager, context={"allowed_company_ids": self.company.ids})
        record = self.engine._execute(plan).with_env(env)
        self.assertFalse(record.has_access("read"))
        self.assertTrue(self._history(other))
        self.assertFalse(env["lifecycle.history"].search([]))
        with self.assertRaises(AccessError):
            record.action_undo()
        wizard = env["lifecycle.import.wizard"].create({})
        wizard.write({"company_id": other.id, "file": base64.b64encode(b"a,b\n1,2\n")})
        with self.assertRaises(AccessError):
            wizard.action_check()
