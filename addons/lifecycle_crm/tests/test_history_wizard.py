import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_history_import import HEADER, HistoryImportCase


@tagged("post_install", "-at_install")
class TestHistoryImportWizard(HistoryImportCase):
    def _wizard(self, text, **values):
        return self.env["lifecycle.import.wizard"].create(
            {
                "file": base64.b64encode(text.encode()),
                "file_name": "old.csv",
                "company_id": self.company.id,
                **values,
            }
        )

    def test_steps(self):
        wizard = self._wizard(
            "No;Who;When;Amount\n1;A;2026-01-01;5,50\n2;B;2026-01-02;6\n"
        )
        wizard.action_read()
        self.assertEqual(wizard.state, "options")
        self.assertEqual(
            wizard.column_ids.mapped("name"), ["No", "Who", "When", "Amount"]
        )
        self.assertEqual(
            wizard.column_ids.mapped("role"), [False, False, False, "amount"]
        )
        self.assertEqual(wizard.column_ids[1].sample, "A  ·  B")
        wizard.action_check()
        self.assertEqual(wizard.state, "options")
        self.assertIn("Customer, Date", wizard.problem)
        wizard.column_ids[1].role = wizard.column_ids[2].role = "customer"
        with self.assertRaisesRegex(UserError, "Customer"):
            wizard.action_check()
        wizard.column_ids[2].role = "date"
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.refused_count), ("checked", 2))
        self.assertEqual(wizard.missing_count, 2)
        self.assertFalse(wizard.can_import)
        self.assertIn("column Who: no customer “A” is found", wizard.refused_html)
        self.assertTrue(wizard.report)
        wizard.action_back()
        wizard.create_missing = True
        wizard.action_check()
        self.assertTrue(wizard.can_import)
        self.assertEqual((wizard.good_count, wizard.created_count), (2, 2))
        self.assertEqual(wizard.totals, "USD 11.50")
        self.assertFalse(self._history())
        action = wizard.action_import()
        record = self.env["lifecycle.import"].browse(action["res_id"])
        self.assertEqual(record.imported_count, 2)
        self.assertIn("Customer = Who", record.options)

    def test_bad_file_is_said_and_nothing_breaks(self):
        wizard = self._wizard("")
        with self.assertRaises(UserError):
            wizard.action_read()
        wizard = self._wizard(" \n")
        wizard.action_read()
        self.assertEqual((wizard.state, wizard.problem), ("file", "The file is empty."))

    def test_content_of_the_file_is_no_markup(self):
        wizard = self._wizard(f"{HEADER}<script>alert(1)</script>,x,1,,\n")
        wizard.action_read()
        wizard.action_check()
        self.assertIn("&lt;script&gt;", wizard.refused_html)
        self.assertNotIn("<script>", wizard.refused_html)

    def test_no_value_is_kept_but_no_order(self):
        wizard = self._wizard(f"{HEADER}A,2026-01-01,0,,\n", create_missing=True)
        wizard.action_read()
        wizard.action_check()
        self.assertTrue(wizard.can_import)
        self.assertEqual(wizard.free_count, 1)
