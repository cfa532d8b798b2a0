"""Rules of stages and segments that make no sense: a clear error, nothing saved."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LifecycleCase

NOT_FIXED = "not a filter made of fixed values"
# What is typed, and what the message says about it.
BAD_RULES = {
    "customers who buy a lot": NOT_FIXED,
    "[('order_count', '=', 1)": NOT_FIXED,
    "__import__('os').system('true')": NOT_FIXED,
    "[('order_count', '=', 10 ** 9)]": NOT_FIXED,
    "[('create_date', '>', datetime.now())]": NOT_FIXED,
    "[" * 3000: NOT_FIXED,
    "{'order_count': 1}": "not a list of conditions",
    "5": "not a list of conditions",
    "'order_count'": "not a list of conditions",
    "[5]": "invalid item",
    "['|']": "malformed",
    "['&', ('order_count', '=', 1)]": "malformed",
    "[('order_count', '=', 1, 2)]": "invalid item",
    "[('nonsuch', '=', 1)]": "nonsuch = 1”, there is no such field on “Customer Pro",
    "[('partner_id.nonsuch', '=', 1)]": "nonsuch = 1”, there is no such field on “Con",
    "[('order_count', '>', 0), ('typo', '=', 1)]": "“typo = 1”",
    "[('order_count', 'about', 1)]": "Invalid operator.*order_count",
    "[('order_count', '>', 'many')]": "order_count > many”, the value is not a number",
    "[('revenue_total', '>', '1,000')]": "revenue_total > 1,000”, the value is not a",
    "[('order_count', '>', 1e999)]": "order_count > inf”, the value is not a number",
    "[('order_count', 'like', '1')]": "“Orders” .order_count. is a number, and “like”",
    "[('order_count', 'not ilike', 1)]": "“not ilike” looks for a piece of text. Comp",
    "[('revenue_total', '=like', '1%')]": "“=like” looks for a piece of text",
    "[('days_since_order', 'ilike', 3)]": "is a number, and “ilike” looks",
    "[('partner_id.color', 'ilike', 3)]": "is a number, and “ilike” looks",
    "[('last_order_date', '<=', 'whenever')]": "<= whenever”, there is no such date",
    "[('last_order_date', '<=', '2026-13-45')]": "2026-13-45”, there is no such date",
    "[('last_order_date', '<=', 'today -5')]": "today -5”, there is no such date",
    "[('last_order_date', '<=', 'today -99999999d')]": "there is no such date",
    "[('last_order_date', '<=', 'today -9999y')]": "there is no such date",
    "[('last_order_date', 'in', ['today', 'x'])]": "there is no such date",
    "[('last_order_date', '<=', 5)]": "there is no such date",
    "[('stage_id.customer_count', '>', 5)]": "Odoo cannot filter by this field",
    "[('rfm_code', '=', 'a\\x00')]": "rfm_code",
}
GOOD_RULES = (
    "",
    "  [] ",
    "[('order_count', '>', 1)]",
    "[['order_count', '>', 1]]",
    "['|', ('rfm_code', '=', '555'), ('last_order_date', '<=', 'today -30d')]",
    "[('last_order_date', '>', '2026-01-01'), ('partner_id.category_id', '=', 'A')]",
    "[('days_since_order', '>', 99999999999)]",
    "[('partner_id.child_ids', '!=', False)]",
)


@tagged("post_install", "-at_install")
class TestBadRules(LifecycleCase):
    def _refusal(self, function, *args):
        """The message, after which nothing is saved."""
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            function(*args)
            self.env.flush_all()
        return str(caught.exception)

    @mute_logger("odoo.sql_db", "odoo.domains")
    def test_bad_rules(self):
        stage = self._stage("loyal")
        before = stage.domain
        count = self.env["lifecycle.stage"].search_count([])
        for rule, reason in BAD_RULES.items():
            with self.subTest(rule=rule[:60]):
                message = self._refusal(stage.write, {"domain": rule, "color": 3})
                self.assertRegex(
                    message, "(?s)^Rule of the stage “Loyal” cannot be used"
                )
                self.assertRegex(message, reason)
                self.assertIn("mend or remove", message)
                self.assertLess(len(message), 1200)
                values = {"name": "Another", "domain": rule}
                self._refusal(self.env["lifecycle.stage"].create, values)
        self.assertEqual(stage.domain, before)
        self.assertNotEqual(stage.color, 3)
        self.assertEqual(self.env["lifecycle.stage"].search_count([]), count)

    def test_good_rules(self):
        """What is allowed is saved and survives a run."""
        self._order(self._partner(), "2026-06-01", 10)
        stage = self.env["lifecycle.stage"].create({"name": "Tried"})
        for rule in GOOD_RULES:
            with self.subTest(rule=rule):
                stage.domain = rule
                self._recompute()

    def test_deep_nesting(self):
        """A rule of a thousand levels is refused in words or works, never a crash."""
        stage = self.env["lifecycle.stage"].create({"name": "Deep"})
        for depth in (50, 3000):
            levels = [
                "'|', ('order_count', '=', 1), '&', ('order_count', '=', 2)"
            ] * depth
            rule = f"[{', '.join(levels)}, ('order_count', '=', 3)]"
            try:
                with self.env.cr.savepoint():
                    stage.domain = rule
                    self.env.flush_all()
            except ValidationError as error:
                self.assertRegex(
                    str(error), "nested too deeply|stack depth|fixed values"
                )
                self.assertGreater(depth, 50)
        self._order(self._partner(), "2026-06-01", 10)
        self._recompute()

    def test_a_rule_that_broke_later(self):
        """A run names the stage whose rule lost its field, and changes nothing."""
        partner = self._partner()
        self._order(partner, "2026-06-01", 10)
        self._recompute()
        stage = self._stage("loyal")
        self.env.cr.execute(
            "UPDATE lifecycle_stage SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", stage.id],
        )
        stage.invalidate_recordset()
        self._order(partner, "2026-06-02", 10)
        run = self.env["lifecycle.run"]._request(self.company, "manual")
        with mute_logger("odoo.addons.lifecycle_crm.models.lifecycle_run"):
            self._process_pending()
        self.assertEqual(run.state, "failed")
        self.assertIn("Rule of the stage “Loyal” cannot be used", run.error)
        self.assertIn("gone", run.error)
        self.assertEqual(self._profile(partner).order_count, 1)
        self.assertEqual(run.broken_stage_id, stage)
        # and the button opens what is to be mended
        action = run.action_open_broken_stage()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("lifecycle.stage", stage.id)
        )
        stage.domain = "[('order_count', '>', 5)]"
        self._process_pending()
        self.assertEqual(self._profile(partner).order_count, 2)
        self.assertFalse(self.env["lifecycle.health"].search([]).broken_stage_id)

    def test_a_refresh_that_a_broken_rule_stops(self):
        """Health says so, for a run is asked for that fails aloud, once."""
        partner = self._partner()
        self._order(partner, "2026-06-01", 10)
        self._recompute()
        runs = self.env["lifecycle.run"].search([])
        stage = self._stage("loyal")
        self.env.cr.execute(
            "UPDATE lifecycle_stage SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", stage.id],
        )
        stage.invalidate_recordset()
        self._order(partner, "2026-06-02", 10)
        for _time in range(2):
            with mute_logger(
                "odoo.addons.lifecycle_crm.models.lifecycle_dirty_news",
                "odoo.addons.lifecycle_crm.models.lifecycle_run_work",
            ):
                self._refresh()
                self._process_pending()
        [failed] = self.env["lifecycle.run"].search([]) - runs
        self.assertEqual(
            (failed.reason, failed.state, failed.quiet), ("refresh", "failed", False)
        )
        health = self.env["lifecycle.health"].search([])
        self.assertEqual(
            (health.state, health.broken_stage_id, health.mark_count > 0),
            ("failed", stage, True),
        )
        self.assertRegex(health.attention, "“Loyal” is broken, neither .* refresh")
        self.assertEqual(health.action_open_broken_stage()["res_id"], stage.id)
        stage.domain = "[('order_count', '>', 5)]"
        self._process_pending()
        self.assertEqual(self._profile(partner).order_count, 2)
        health.invalidate_recordset()
        self.assertFalse(self.env["lifecycle.health"].search([]).attention)


@tagged("post_install", "-at_install")
class TestBadNames(LifecycleCase):
    def _clash(self, function, *args):
        with (
            self.assertRaisesRegex(ValidationError, "^Name: there is already one"),
            self.env.cr.savepoint(),
        ):
            function(*args)

    def test_two_of_one_name(self):
        other = self._create_company("Other")
        for model, name in (
            ("lifecycle.stage", "Loyal"),
            ("lifecycle.segment", "Champions"),
        ):
            rules = self.env[model]
            with self.subTest(model=model):
                for twin in (name, name.upper(), f" {name.lower()}  "):
                    self._clash(rules.create, {"name": twin})
                    mine = {"name": twin, "company_id": self.company.id}
                    self._clash(rules.create, mine)
                first = rules.create(
                    {"name": "Big  Spenders", "company_id": self.company.id}
                )
                # another company may use the name, but not everybody
                theirs = rules.create({"name": "big spenders", "company_id": other.id})
                self._clash(rules.create, {"name": "BIG SPENDERS"})
                self._clash(theirs.write, {"company_id": False})
                self._clash(theirs.write, {"company_id": self.company.id})
                # nor come back from the archive beside a new one
                first.active = False
                rules.create({"name": "Big Spenders", "company_id": self.company.id})
                self._clash(first.write, {"active": True})
                first.name = "Something Else"
                first.active = True

    def test_translated_names(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        stage = self._stage("loyal")
        stage.with_context(lang="fr_FR").name = "Fidèle"
        self.assertEqual(stage.name, "Loyal")
        self._clash(self.env["lifecycle.stage"].create, {"name": "FIDÈLE"})
        french = self.env["lifecycle.stage"].with_context(lang="fr_FR")
        self._clash(french.create, {"name": "fidèle"})

    def test_empty_name(self):
        for model in ("lifecycle.stage", "lifecycle.segment"):
            with self.assertRaisesRegex(ValidationError, "^Name: it is empty"):
                self.env[model].create({"name": "  "})

    def test_copy(self):
        for model, name in (
            ("lifecycle.stage", "Loyal"),
            ("lifecycle.segment", "Champions"),
        ):
            rule = self.env[model].search([("name", "=", name)])
            copies = [rule.copy(), rule.copy()]
            self.assertEqual(
                [copy.name for copy in copies], [f"{name} (copy)", f"{name} (copy 2)"]
            )
            self.assertEqual(rule.copy({"name": "Chosen"}).name, "Chosen")
            both = self.env[model].search([], limit=2).copy()
            self.assertEqual(len(set(both.mapped("name"))), 2)


@tagged("post_install", "-at_install")
class TestBadSegmentsAndPins(LifecycleCase):
    def test_segment_bounds(self):
        segment = self.env.ref("lifecycle_crm.segment_champions")
        for values, reason in (
            ({"recency_min": 5, "recency_max": 4}, "Recency goes from 5 to 4"),
            ({"recency_min": 0}, "Recency goes from 0 to 5"),
            ({"recency_max": 6}, "Recency goes from 5 to 6"),
            ({"value_min": 4.5, "value_max": 4}, "FM goes from 4.5 to 4"),
            ({"value_min": -1}, "FM goes from -1 to 5"),
            ({"value_max": 5.5}, "FM goes from 4 to 5.5"),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, f"“Champions”: {reason}"),
                self.env.cr.savepoint(),
            ):
                segment.write(values)
        self.assertEqual((segment.recency_min, segment.value_min), (5, 4))

    def test_pins(self):
        partner = self._partner()
        self._order(partner, "2026-06-01", 10)
        self._recompute()
        profile = self._profile(partner)
        other = self._create_company("Other")
        stages = self.env["lifecycle.stage"]
        theirs = stages.create({"name": "Theirs", "company_id": other.id})
        archived = stages.create({"name": "Gone", "active": False})
        loyal = self._stage("loyal")
        self.env.user.company_ids |= other
        for stage, until, reason in (
            (loyal, "2026-06-14", "Last Day: 06/14/2026 has passed"),
            (archived, False, "Stage: “Gone” is archived"),
            (theirs, False, "Stage: it belongs to another company"),
        ):
            wizard = self.env["lifecycle.pin.wizard"].create(
                {
                    "profile_id": profile.id,
                    "stage_id": stage.id,
                    "until": until,
                    "reason": "Tried",
                }
            )
            with (
                self.subTest(stage=stage.name),
                self.assertRaisesRegex(UserError, reason),
            ):
                wizard.action_pin()
        self.assertFalse(profile.pinned_stage_id)
        self.assertEqual(profile.stage_id, self._stage("new"))
        self.assertEqual(len(self._transitions(partner)), 0)
        profile._pin_stage(loyal, until=self.today, reason="Today is fine")
        self.assertEqual(profile.stage_id, loyal)

    def test_pin_of_a_stage_that_is_archived_later(self):
        """The customer goes back to the rules; the run does not fail."""
        partner = self._partner()
        self._order(partner, "2026-06-01", 10)
        self._recompute()
        stage = self.env["lifecycle.stage"].create({"name": "Passing"})
        self._profile(partner)._pin_stage(stage)
        stage.unlink()
        self._recompute()
        self.assertEqual(self._profile(partner).stage_id, self._stage("new"))

    def test_a_transition_is_a_record(self):
        move = self.env["lifecycle.transition"].create(
            {
                "partner_id": self._partner().id,
                "company_id": self.company.id,
                "kind": "stage",
                "date": self.today,
                "cause": "time",
            }
        )
        with self.assertRaisesRegex(UserError, "stay as is"):
            move.write({"cause": "manual"})
