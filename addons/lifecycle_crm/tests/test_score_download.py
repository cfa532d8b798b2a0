"""The wizard of the scores of a day, and the file it gives."""

import io
import re
from datetime import timedelta

import pandas as pd

from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged

from .common import TODAY
from .security_common import SecurityCase


@tagged("post_install", "-at_install")
class TestScoreDownload(SecurityCase, HttpCase):
    def _wizard(self, user=None, **values):
        wizards = self.env["lifecycle.score.wizard"].with_user(user or self.manager)
        wizards = wizards.with_context(allowed_company_ids=self.company.ids)
        return wizards.create({"as_of": TODAY, **values})

    def _get(self, login, wizard):
        self.authenticate(login, f"{login}-password")
        return self.url_open(f"/lifecycle/scores/{wizard.id}")

    def test_manager_gets_the_file(self):
        with Form(self._wizard()) as form:
            form.as_of = TODAY - timedelta(days=10)
            form.for_excel = True
            wizard = form.save()
        action = wizard.action_download()
        self.assertEqual(action["url"], f"/lifecycle/scores/{wizard.id}")
        answer = self._get("manager", wizard)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "text/csv; charset=utf-8")
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertTrue(
            re.search(
                r"attachment.*scores_2026-06-05\.csv",
                answer.headers["Content-Disposition"],
            )
        )
        self.assertTrue(answer.content.startswith(b"\xef\xbb\xbf"))
        frame = pd.read_csv(io.BytesIO(answer.content), encoding="utf-8-sig")
        # as the engine says it, not as the profiles of this test have it
        self.assertEqual(
            dict(zip(frame["customer"], frame["revenue_total"], strict=True)),
            {"Alpha": 100, "Beta": 200, "Portal User": 300},
        )
        self.assertEqual(set(frame["company"]), {self.company.name})

    def test_nobody_else_gets_it(self):
        wizard = self._wizard()
        for user in (self.salesperson, self.plain, self.settings, self.portal):
            answer = self._get(user.login, wizard)
            self.assertEqual(answer.status_code, 403, user.login)
            self.assertNotIn(b"Alpha", answer.content)
        # nor another manager: it is the wizard of who opened it
        answer = self._get("foreign_manager", wizard)
        self.assertEqual(answer.status_code, 403)
        self.authenticate(None, None)
        answer = self.url_open(f"/lifecycle/scores/{wizard.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_wizard_that_is_gone(self):
        wizard = self._wizard()
        wizard.unlink()
        self.assertEqual(self._get("manager", wizard).status_code, 404)

    def test_future_is_refused_on_the_screen(self):
        wizard = self._wizard(as_of=TODAY + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "As Of: "):
            wizard.action_download()
        answer = self._get("manager", wizard)
        self.assertEqual(answer.status_code, 422)

    def test_broken_rule_is_refused_on_the_screen(self):
        """Not on a bare page after the download has begun."""
        wizard = self._wizard()
        for rule, reason in (
            ("[('gone', '=', 1)]", "gone = 1”, there is no such field"),
            ("[('order_count', '>', 'many')]", "not a number"),
        ):
            self.env.cr.execute(
                "UPDATE lifecycle_stage SET domain = %s WHERE id = %s",
                [rule, self._stage("loyal").id],
            )
            self._stage("loyal").invalidate_recordset()
            with self.assertRaisesRegex(UserError, f"(?s)“Loyal” .*{reason}"):
                wizard.action_download()
        self._stage("loyal").active = False
        self.assertTrue(wizard.action_download())

    def test_companies_out_of_reach(self):
        wizard = self._wizard()
        wizard.sudo().company_ids = self.other
        wizard.invalidate_recordset()
        # to the user they are not there
        with self.assertRaisesRegex(UserError, "Companies: "):
            wizard.action_download()
        answer = self._get("manager", wizard)
        self.assertEqual(answer.status_code, 422)
        self.assertNotIn(b"Alpha", answer.content)
        self.assertEqual(wizard.sudo().with_user(self.manager).customer_count, 0)

    def test_count_is_that_of_the_file(self):
        self._recompute()
        self._lead(self._partner("Later"), TODAY - timedelta(days=3))
        self._recompute()
        for days, known in ((0, 4), (10, 3), (60, 0)):
            wizard = self._wizard(as_of=TODAY - timedelta(days=days))
            self.assertEqual(wizard.customer_count, known)
            out = io.BytesIO()
            wizard._write_csv(out)
            self.assertEqual(out.getvalue().count(b"\n") - 1, known)
        with Form(self._wizard()) as form:
            form.as_of = TODAY - timedelta(days=60)
            self.assertEqual(form.customer_count, 0)
