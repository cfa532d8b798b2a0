"""Why a customer has its score: the parts add up, and are told in its own words."""

import json
import re
from datetime import date
from math import log

from odoo.tests import HttpCase, tagged

from ..models.lifecycle_profile_why import get_logit
from .why_common import WhyCase


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
