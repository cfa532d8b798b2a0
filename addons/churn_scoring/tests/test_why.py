"""Why a customer has its score: the parts add up, and are told to who may know."""

import json
import random
import re
from datetime import date, timedelta
from math import log
from unittest.mock import patch

# never come to an end where the clock is frozen: the engine imports them in its runs
import scipy.optimize
import scipy.special  # noqa: F401

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.lifecycle_crm.tests.security_common import SecurityCase

from ..models.lifecycle_profile_why import get_logit
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


@tagged("post_install", "-at_install")
class TestWhy(WhyCase):
    def test_sums_to_the_stored_score(self):
        scored = self._profiles().filtered("churn_confidence")
        self.assertGreater(len(scored), 50)
        for profile in scored:
            why = profile.churn_why
            self.assertEqual(why["state"], "score")
            p = profile.churn_probability
            self.assertAlmostEqual(why["logit"], log(p / (1 - p)), delta=1e-9)
            parts = sum(reason["contribution"] for reason in why["reasons"])
            self.assertAlmostEqual(why["baseline"] + parts, why["logit"], delta=1e-9)
            # what is not the customer's own past is next to nothing right after a run
            [drift] = [r for r in why["reasons"] if r["code"] == "drift"]
            self.assertLess(abs(drift["contribution"]), 1e-6)
            json.dumps(why, allow_nan=False)

    def test_parts_follow_the_facts(self):
        """Who was silent for longer is at higher risk because of that."""
        profiles = self._profiles().filtered("churn_confidence")
        by_days = profiles.sorted("days_since_order")
        parts = [
            {r["code"]: r["contribution"] for r in profile.churn_why["reasons"]}
            for profile in (by_days[0], by_days[-1])
        ]
        self.assertLess(parts[0]["recency"], 0)
        self.assertGreater(parts[1]["recency"], 0)

    def test_stored_score_a_little_behind(self):
        profile = self._profiles().filtered("churn_confidence")[0]
        before = profile.churn_why
        profile.churn_probability = 0.5
        self.env.flush_all()
        why = profile.churn_why
        [drift] = [r for r in why["reasons"] if r["code"] == "drift"]
        self.assertAlmostEqual(drift["contribution"], -before["logit"], delta=1e-6)
        self.assertAlmostEqual(
            why["baseline"] + sum(r["contribution"] for r in why["reasons"]),
            0.0,
            delta=1e-9,
        )

    def test_certain(self):
        profile = self._profiles().filtered("churn_confidence")[0]
        for p in (0, 1):
            profile.churn_probability = p
            why = profile.churn_why
            self.assertEqual(why["logit"], get_logit(p))
            json.dumps(why, allow_nan=False)

    def test_words(self):
        profile = self._profiles().filtered(lambda p: p.order_days > 3)[0]
        texts = {r["code"]: r["text"] for r in profile.churn_why["reasons"]}
        days = profile.days_since_order
        self.assertEqual(
            texts["recency"],
            f"{days} days since the last order; "
            f"usual gap {round(profile.gap_days)} days",
        )
        self.assertIn(f"{profile.order_days} orders", texts["orders"])
        self.assertRegex(texts["age"], r"\d+ (days|months|years)$")
        self.assertIn(
            f"within {self.training.horizon_days} days", profile.churn_why["headline"]
        )
        words = {
            "orders": r"^(Only \d+ orders? so far|\d+ orders, then none for .*)$",
            "age": r"^\d+ orders? in ",
        }
        for profile in self._profiles():
            for reason in profile.churn_why["reasons"]:
                if abs(reason["contribution"]) > 0.01:
                    verb = "raises" if reason["contribution"] > 0 else "lowers"
                    self.assertTrue(reason["effect"].startswith(verb), reason)
                # what raises the risk is said so that one sees why
                if pattern := words.get(reason["code"]):
                    raising = bool(re.search(pattern, reason["text"]))
                    self.assertEqual(raising, reason["contribution"] > 0, reason)

    def test_list_of_eighty(self):
        """As many queries for eighty as for two."""
        profiles = self._profiles()[:80]
        self.assertEqual(len(profiles), 80)
        for profile in profiles[:20]:
            self._invoice(profile.partner_id, "2026-05-01", 80, move_type="out_refund")
        self.evidence._refresh(self.company)
        names = ["partner_id", "churn_probability", "churn_reason_top", "churn_why"]

        def count(records):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records.read(names)
            return self.env.cr.sql_log_count - start

        count(profiles[:2])  # what a process reads once
        few, many = count(profiles[:2]), count(profiles)
        self.assertEqual(few, many)
        self.assertLess(many, 20)

    def test_reason_top(self):
        late = self._profiles().filtered("churn_confidence").sorted("days_since_order")
        profile = late[-1]
        self.assertIn("days since the", profile.churn_reason_top)
        self._invoice(profile.partner_id, "2026-05-01", 80, move_type="out_refund")
        self.evidence._refresh(self.company)
        self.env.invalidate_all()
        self.assertRegex(profile.churn_reason_top, "since the.* · Credit note .*80")

    def test_reason_alone_says_why(self):
        """ "11 orders" alone is no reason to leave."""
        tops = {}
        for profile in self._profiles().filtered(lambda p: p.order_days > 1):
            raising = [
                reason
                for reason in profile.churn_why["reasons"]
                if reason["contribution"] > 0.01
            ]
            if raising:
                tops[raising[0]["code"]] = profile
        self.assertIn("orders", tops)
        days = r"(1 day|\d+ days)"
        self.assertRegex(
            tops["orders"].churn_reason_top,
            rf"^(\d+ orders, then none for {days}|Only \d+ orders so far)",
        )
        for profile in self._profiles().filtered(lambda p: p.order_days > 1):
            texts = {r["code"]: r for r in profile.churn_why["reasons"]}
            if "orders" in texts and profile.days_since_order <= profile.gap_days:
                self.assertNotIn("then none", texts["orders"]["text"])
        if "age" in tops:
            self.assertRegex(tops["age"].churn_reason_top, r"^\d+ orders in ")

    def test_evidence_with_own_rights(self):
        profile = self._profiles()[0]
        for day in range(1, 9):
            self._invoice(
                profile.partner_id, date(2026, 5, day), 80, move_type="out_refund"
            )
        self.evidence._refresh(self.company)
        why = profile.churn_why
        self.assertEqual((len(why["evidence"]), why["more"]), (6, 2))
        self.assertEqual(why["evidence"][0]["date"], "2026-05-08")
        self.assertTrue(why["evidence"][0]["link"])
        viewer = self.env["res.users"].create(
            {
                "name": "Viewer",
                "login": "viewer",
                "company_id": self.company.id,
                "company_ids": self.company.ids,
                "group_ids": [
                    (6, 0, self.env.ref("lifecycle_crm.group_lifecycle_user").ids)
                ],
            }
        )
        for record in (profile, profile.partner_id):
            why = record.with_user(viewer).churn_why
            self.assertEqual(len(why["evidence"]), 6)
            self.assertFalse(why["evidence"][0]["link"], record)
        action = profile.action_view_churn_evidence()
        self.assertEqual(self.evidence.search_count(action["domain"]), 8)

    def test_of_another_company_another_story(self):
        other = self._create_company("Other Company")
        self.env.user.company_ids |= other
        partner = self.buyers[0]
        self._invoice(partner, "2026-05-01", 80, move_type="out_refund", company=other)
        self._known(partner, other)
        self.evidence._refresh(self.company)
        self.evidence._refresh(other)
        mine, theirs = self._profile(partner), self._profile(partner, other)
        self.assertEqual(mine.churn_why["state"], "score")
        self.assertFalse(mine.churn_why["evidence"])
        self.assertNotEqual(theirs.churn_why["state"], "score")
        self.assertEqual(len(theirs.churn_why["evidence"]), 1)

    def test_a_day_of_the_past_knows_no_later_evidence(self):
        profile = self._profiles()[0]
        self._invoice(profile.partner_id, "2026-05-05", 80, move_type="out_refund")
        self.evidence._refresh(self.company)
        past = profile.with_context(lifecycle_as_of=date(2026, 5, 4))
        self.assertTrue(profile.churn_why["evidence"])
        self.assertFalse(past.churn_why["evidence"])


@tagged("post_install", "-at_install")
class TestWhyByRule(EvidenceCase):
    def test_never_bought(self):
        profile = self._profile(self.customer)
        why = profile.churn_why
        self.assertEqual((why["state"], why["reasons"]), ("none", []))
        self.assertIn("Never bought", why["headline"])
        self.assertFalse(profile.churn_reason_top)

    def test_rule(self):
        def explain(days):
            profile = self._profile(self.customer)
            profile.write(
                {
                    "order_count": 4,
                    "order_days": 4,
                    "first_order_date": "2025-01-01",
                    "last_order_date": self.today - timedelta(days),
                    "gap_days": 35,
                }
            )
            return profile.churn_why, profile.churn_reason_top

        why, top = explain(70)
        self.assertEqual(why["headline"], "Not at risk by the rule.")
        self.assertFalse(top)
        why, top = explain(71)
        self.assertEqual(
            (why["state"], why["headline"]), ("rule", "At risk by the rule.")
        )
        [reason] = why["reasons"]
        self.assertEqual(
            reason["text"],
            "71 days since the last order; two usual gaps of this customer are 70 days",
        )
        self.assertEqual(reason["text"], top)
        self.assertIn("No model was trained yet", why["notes"][0])

    def test_one_order_by_the_gap_of_the_company(self):
        for n in range(3):
            buyer = self._partner(f"Buyer {n}")
            for month in (1, 2, 3, 4):
                self._order(buyer, date(2026, month, 1), 100)
        single = self._partner("Single")
        self._order(single, "2025-12-01", 100)
        run = self._recompute()
        why = self._profile(single).churn_why
        self.assertIn("196 days since the only order", why["reasons"][0]["text"])
        self.assertIn(f"{round(2 * run.gap_days)} days", why["reasons"][0]["text"])

    def test_lapsed_is_said(self):
        profile = self._profile(self.customer)
        profile.write(
            {
                "order_count": 1,
                "order_days": 1,
                "first_order_date": "2024-01-01",
                "last_order_date": "2024-01-01",
                "lapse_date": "2025-01-01",
            }
        )
        self.assertIn("Already lapsed", " ".join(profile.churn_why["notes"]))


@tagged("post_install", "-at_install")
class TestSecurityEvidence(SecurityCase):
    MODELS = ("churn.evidence", "churn.evidence.report", "churn.evidence.run")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.alpha, "2026-05-01", 80, move_type="out_refund")
        cls._invoice(
            cls.beta, "2026-05-01", 90, move_type="out_refund", company=cls.other
        )
        evidence = cls.env["churn.evidence"]
        for company in (cls.company, cls.other):
            evidence._refresh(company)
            cls.env["churn.evidence.report"]._refresh(company, cls.today, "credit_note")
            cls.env["churn.evidence.run"].create({"company_id": company.id})
        cls.env.flush_all()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_without_rights(self):
        for user in self.without_rights:
            for model in self.MODELS:
                row = self.env[model].search([], limit=1)
                self.assertTrue(row)
                self._refused(user, model, "search_read", [])
                self._refused(user, model, "read", row.ids)
                self._refused(user, model, "formatted_read_group", [], [], ["__count"])
            line = self.env["churn.evidence"].search([], limit=1)
            self._refused(user, "churn.evidence", "action_open_document", line.ids)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_not_another_company(self):
        for model in self.MODELS:
            theirs = self.env[model].search([("company_id", "=", self.other.id)])
            self.assertTrue(theirs, model)
            found = self._ask(self.manager, model, "search", [("id", "in", theirs.ids)])
            self.assertFalse(found)
            self._refused(self.manager, model, "read", theirs.ids, ["company_id"])
        theirs = self.env["churn.evidence"].search([("company_id", "=", self.other.id)])
        self._refused(
            self.manager, "churn.evidence", "action_open_document", theirs.ids[:1]
        )

    def test_own_company(self):
        [line] = self._ask(
            self.salesperson,
            "churn.evidence",
            "search_read",
            [],
            ["amount", "sentence"],
        )
        self.assertEqual(line["amount"], 80)
        self.assertIn("80.00", line["sentence"])
        [row] = self._ask(
            self.manager, "churn.evidence.report", "search_read", [], ["customer_count"]
        )
        self.assertEqual(row["customer_count"], 1)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes(self):
        for user in (self.salesperson, self.manager, self.settings):
            for model in self.MODELS:
                row = self.env[model].search([("company_id", "=", self.company.id)])
                self._refused(user, model, "create", {"company_id": self.company.id})
                self._refused(user, model, "write", row.ids[:1], {"company_id": 1})
                self._refused(user, model, "unlink", row.ids[:1])
        for method in ("_refresh", "_select_evidence", "_forget_strangers"):
            self._refused(self.manager, "churn.evidence", method, [])

    @mute_logger("odoo.models", "odoo.orm.models", "odoo.addons.base.models.ir_model")
    def test_why_of_a_contact(self):
        names = ["churn_why", "churn_reason_top"]
        for user in self.without_rights:
            for name in names:
                answer = self._answer(
                    user, "res.partner", "read", user.partner_id.ids, [name]
                )
                self.assertIn(answer, ("AccessError",), (user.login, name))
                everyone = self._answer(user, "res.partner", "search", [])
                for domain in ([(name, "!=", False)], [(name, "ilike", "order")]):
                    found = self._answer(user, "res.partner", "search", domain)
                    # all or nobody: nothing is told apart
                    self.assertIn(found, ([], everyone, "AccessError", "ValueError"))
                answer = self._answer(
                    user, "res.partner", "search_read", [], ["id"], order=name
                )
                self.assertIsInstance(answer, str)
        [row] = self._ask(
            self.salesperson, "res.partner", "read", self.alpha.ids, ["churn_why"]
        )
        self.assertEqual(len(row["churn_why"]["evidence"]), 1)
        # of the company of the user only
        [row] = self._ask(
            self.salesperson, "res.partner", "read", self.beta.ids, ["churn_why"]
        )
        self.assertFalse(row["churn_why"]["evidence"])

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_profile_of_another_company(self):
        theirs = self.profiles.filtered(lambda p: p.company_id == self.other)
        with self.assertRaises(AccessError):
            self._ask(
                self.salesperson, "lifecycle.profile", "read", theirs.ids, ["churn_why"]
            )


@tagged("post_install", "-at_install")
class TestWhyTour(WhyCase, HttpCase):
    def test_tour(self):
        profile = (
            self._profiles().filtered("churn_confidence").sorted("days_since_order")[-1]
        )
        self._invoice(profile.partner_id, "2026-05-01", 80, move_type="out_refund")
        self.evidence._refresh(self.company)
        self.env["res.users"].create(
            {
                "name": "seller",
                "login": "seller",
                "password": "seller-password",
                "company_id": self.company.id,
                "company_ids": self.company.ids,
                "group_ids": [
                    (
                        6,
                        0,
                        (
                            self.env.ref("sales_team.group_sale_salesman_all_leads")
                            | self.env.ref("account.group_account_invoice")
                        ).ids,
                    )
                ],
                "tz": "UTC",
            }
        )
        self.start_tour(
            f"/odoo/lifecycle-customers/{profile.id}",
            "churn_why",
            login="seller",
            timeout=60,
        )
