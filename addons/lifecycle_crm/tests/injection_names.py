"""Names that are code somewhere are names here: screens, files, errors, logs."""

import base64
import csv
import io
import logging

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .history_common import HistoryCase
from .nasty import NASTY, NastyMixin


@tagged("post_install", "-at_install")
class TestInjection(NastyMixin, HistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = {}
        for kind, name in NASTY.items():
            partner = cls._partner(name, ref=name[:200])
            cls.customers[kind] = partner
            for month in (1, 2, 3):
                cls._order(partner, f"2026-0{month}-01", 100)

    def _name_rules(self, name):
        """A stage and a segment of the name, in which everybody is."""
        rules = self.env["lifecycle.stage"], self.env["lifecycle.segment"]
        stage, segment = (
            rule.create(
                {
                    "name": name,
                    "description": name,
                    "sequence": -1,
                    "company_id": self.company.id,
                    **values,
                }
            )
            for rule, values in zip(
                rules,
                ({"domain": "[('order_count', '>', 0)]"}, {}),
                strict=True,
            )
        )
        return stage, segment

    def test_screens(self):
        """Dashboard, card, timeline, lists: what is sent is the name, as it is."""
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                stage, _segment = self._name_rules(name)
                self._recompute()
                partner = self.customers[kind]
                self.assertEqual(self._profile(partner).stage_id, stage)
                data = self.env["lifecycle.dashboard"].get_data()
                self._check_plain(data, "dashboard")
                self.assertIn(name, [row["name"] for row in data["stages"]])
                card = partner.get_lifecycle_card()
                self._check_plain(card, "card")
                timeline = partner.get_lifecycle_timeline()
                self._check_plain(timeline, "timeline")
                self.assertIn(name, timeline["lines"][0]["title"])
                [row] = self.env["lifecycle.profile"].web_search_read(
                    [("partner_id", "=", partner.id)],
                    {
                        "stage_id": {"fields": {"display_name": {}}},
                        "partner_id": {"fields": {"display_name": {}}},
                        "next_step": {},
                        "rhythm_summary": {},
                    },
                )["records"]
                self._check_plain(row, "list")
                self.assertEqual(row["stage_id"]["display_name"], name)
                stage.active = False

    def test_text_of_a_rule_is_never_run(self):
        stages = self.env["lifecycle.stage"]
        for text in (
            "[('id', '=', 7*191)]",
            "[('id', '=', __import__('os').getpid())]",
            "[('id', '=', env.user.id)]",
            "[(lambda: 1)()]",
            "[('name', '=', f'{1}')]",
            "[x for x in ()]",
            "{{ 7*191 }}",
            "[('partner_id.name', '=', 'x')] or env.cr.commit()",
        ):
            with self.subTest(text=text), self.assertRaises(ValidationError) as caught:
                stages.create({"name": "Rule", "domain": text})
            self.assertNotIn("1337", str(caught.exception))

    def test_values_of_a_rule_are_values(self):
        """What is compared with is a value in SQL, whatever it looks like."""
        self._recompute()
        stages = self.env["lifecycle.stage"]
        for kind, name in NASTY.items():
            if kind == "long":
                continue
            with self.subTest(kind=kind):
                domain = [("partner_id.name", "=", name)]
                stage = stages.create(
                    {
                        "name": f"Only {kind}",
                        "domain": repr(domain),
                        "sequence": -1,
                        "company_id": self.company.id,
                    }
                )
                self._recompute()
                found = self.env["lifecycle.profile"].search(
                    [("stage_id", "=", stage.id)]
                )
                self.assertEqual(found.partner_id, self.customers[kind])
                stage.active = False

    def test_file_of_scores(self):
        """One line for each customer, and no cell that a spreadsheet runs."""
        stage, _segment = self._name_rules(NASTY["formula"])
        self._recompute()
        out = io.BytesIO()
        self.env["lifecycle.score"]._write_csv(self.company, self.today, out)
        rows = list(csv.DictReader(io.StringIO(out.getvalue().decode())))
        self.assertEqual(len(rows), len(NASTY))
        names = {row["customer"].removeprefix("'") for row in rows}
        self.assertEqual(
            {" ".join(name.split()) for name in names},
            {" ".join(name.split()) for name in NASTY.values()},
        )
        for row in rows:
            for value in row.values():
                self.assertNotRegex(value, r"^[=@\t\r\n+]|^-[^0-9.]")
        self.assertEqual({row["stage_id"] for row in rows}, {f"'{stage.name}"})

    def test_file_of_refused_lines(self):
        """What was refused of an upload is shown and given back, and does nothing."""
        out = io.StringIO()
        csv.writer(out).writerows(
            [
                ["customer", "date", "amount"],
                *([name, "no day", name] for name in NASTY.values()),
                ["＝1+1", "no day", "\n=1+1"],
            ]
        )
        wizard = self.env["lifecycle.import.wizard"].create(
            {
                "file": base64.b64encode(out.getvalue().encode()),
                "file_name": "<b>=1.csv",
                "company_id": self.company.id,
            }
        )
        wizard.action_read()
        wizard.action_check()
        self.assertEqual(wizard.refused_count, len(NASTY) + 1)
        self.assertNotIn("onerror=", wizard.refused_html.replace("&lt;img src=x ", ""))
        self.assertNotIn("<script", wizard.refused_html)
        self.assertNotIn("1337", wizard.refused_html)
        report = base64.b64decode(wizard.report).decode("utf-8-sig")
        for row in csv.reader(io.StringIO(report)):
            for value in row:
                self.assertNotRegex(value, "^ *[=@\t\r\n+＝＋－＠]")

    def test_errors_hold_the_name_as_text(self):
        """A message names the field and shows what was typed, and never runs it."""
        for kind, name in NASTY.items():
            with self.subTest(kind=kind):
                stage, _segment = self._name_rules(name)
                with self.assertRaises(ValidationError) as caught:
                    stage.copy({"name": name})
                self.assertFalse(hasattr(caught.exception.args[0], "__html__"))
                self.assertNotIn("1337", str(caught.exception))
                stage.active = False

    def test_no_line_of_the_log_is_forged(self):
        """A name with a line break makes no line of its own in the log."""
        self.company.name = NASTY["lines"]
        self._name_rules(NASTY["lines"])
        with self.assertLogs("odoo.addons", "DEBUG") as logs:
            self._recompute()
            self._rebuild(2)
            logging.getLogger("odoo.addons.lifecycle_crm").debug("Reached")
        for record in logs.records:
            self.assertNotIn("forged", record.getMessage())
