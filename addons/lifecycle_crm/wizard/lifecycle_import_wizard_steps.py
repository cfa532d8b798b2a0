"""The steps of the import wizard: read, check, import."""

import base64

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..importing import FileProblem, ImportOptions, guess_roles, read_table

_SHOWN_LINES = 50  # refused lines on the screen; the report has all


class LifecycleImportWizard(models.TransientModel):
    _inherit = "lifecycle.import.wizard"

    # -- steps -------------------------------------------------------------

    def action_read(self):
        """Read the first lines and guess the columns."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            table = read_table(
                self._get_data(),
                self.file_name or "",
                encoding=self.encoding or "",
                delimiter=self.delimiter or "",
                limit=100,
            )
        except FileProblem as problem:
            return self._show_problem(problem, "file")
        roles = {position: role for role, position in guess_roles(table.header).items()}
        self.column_ids.unlink()
        self.write(
            {
                "state": "options",
                "problem": False,
                "column_ids": [
                    fields.Command.create(
                        {
                            "position": position,
                            "name": name or self.env._("Column %s", position + 1),
                            "sample": "  ·  ".join(table.sample(position))[:200],
                            "role": roles.get(position),
                        }
                    )
                    for position, name in enumerate(table.header)
                ],
            }
        )
        return self._reopen()

    def action_back(self):
        self.ensure_one()
        self.write(
            {
                "state": "options" if self.state == "checked" else "file",
                "problem": False,
            }
        )
        return self._reopen()

    def action_check(self):
        """Dry run: what would be imported, and every refused line with its reason."""
        self.ensure_one()
        engine = self.env["lifecycle.import.engine"]
        try:
            plan = self._analyse()
        except FileProblem as problem:
            return self._show_problem(problem, "options")
        good = plan.good
        values = {
            "state": "checked",
            "problem": False,
            "can_import": plan.can_import,
            "line_count": plan.checked.total,
            "good_count": len(good),
            "free_count": plan.checked.free,
            "refused_count": plan.refused_count,
            "matched_count": plan.matched_count,
            "created_count": plan.created_count,
            "missing_count": plan.missing_count,
            "first_date": good["date"].min().date() if len(good) else False,
            "last_date": good["date"].max().date() if len(good) else False,
            "shift_days": plan.shift,
            "totals": engine._get_totals_text(plan),
            "read_as": engine._get_options_text(plan),
            "refused_html": False,
            "report": False,
        }
        if plan.refused_count:
            reasons = engine._get_line_reasons(plan)
            values["refused_html"] = self._get_refused_html(reasons)
            values["report"] = engine._get_report(plan)
            values["report_name"] = self.env._("refused lines.csv")
        elif not len(good):
            values["problem"] = engine._get_refusal_text(plan)
        self.write(values)
        return self._reopen()

    def action_import(self):
        """Import what the check let in, and open the import."""
        self.ensure_one()
        try:
            record = self.env["lifecycle.import.engine"]._execute(self._analyse())
        except FileProblem as problem:
            return self._show_problem(problem, "options")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Purchase History"),
            "res_model": "lifecycle.import",
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    # -- helpers -----------------------------------------------------------

    def _get_data(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _analyse(self):
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("You have no access to %s.", self.company_id.sudo().name)
            )
        return self.env["lifecycle.import.engine"]._analyse(
            self.company_id,
            self._get_data(),
            self.file_name or "-",
            self._get_options(),
        )

    def _get_options(self):
        roles = {}
        for column in self.column_ids.filtered("role"):
            if column.role in roles:
                labels = self.env["lifecycle.import.engine"]._get_role_labels()
                raise UserError(
                    self.env._(
                        "Two columns hold the same: %s. Choose one.",
                        labels[column.role],
                    )
                )
            roles[column.role] = column.position
        return ImportOptions(
            matching=tuple(self.matching.split(",")),
            create_missing=self.create_missing,
            create_companies=self.create_as == "company",
            shift_dates=self.shift_dates,
            skip_bad_lines=self.bad_lines == "skip",
            returns=self.returns,
            future=self.future,
            sum_reference=self.sum_reference,
            oldest_rate=self.oldest_rate,
            force=self.force,
            date_format=self.date_format or "",
            decimal=self.decimal or "",
            encoding=self.encoding or "",
            delimiter=self.delimiter or "",
            roles=roles,
            currency=self.currency_id.name or "",
        )

    def _show_problem(self, problem, state):
        text = self.env["lifecycle.import.engine"]._get_problem_text(problem)
        self.write({"problem": text, "state": state})
        return self._reopen()

    def _get_refused_html(self, reasons):
        _ = self.env._
        rows = Markup().join(
            Markup("<tr><td>%s</td><td><code>%s</code></td><td>%s</td></tr>")
            % (line, text[:120], reason)
            for line, text, reason in reasons[:_SHOWN_LINES]
        )
        return Markup(
            "<table class='table table-sm'><thead><tr><th>%s</th><th>%s</th>"
            "<th>%s</th></tr></thead><tbody>%s</tbody></table>"
        ) % (_("Line"), _("Content"), _("Reason"), rows)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Purchase History"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
