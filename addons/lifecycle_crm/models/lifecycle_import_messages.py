"""Every sentence an import can say about a file or about a line of it."""

import base64

from odoo import models

from ..importing import FileProblem, refused_csv


class LifecycleImportEngine(models.AbstractModel):
    _inherit = "lifecycle.import.engine"

    def _get_role_labels(self):
        """Names of the columns that an import knows."""
        _ = self.env._
        return {
            "customer": _("Customer"),
            "date": _("Date"),
            "amount": _("Amount"),
            "currency": _("Currency"),
            "reference": _("Reference"),
        }

    def _get_problem_text(self, problem):
        """What is wrong with the file as a whole.

        :param FileProblem problem: what the reader said
        """
        _ = self.env._
        values = dict(problem.values)
        if "roles" in values:
            labels = self._get_role_labels()
            values["roles"] = ", ".join(labels[role] for role in values["roles"])
            values["header"] = ", ".join(values["header"]) or "-"
        texts = {
            "empty_file": _("The file is empty."),
            "no_header": _("The first line of the file must name the columns."),
            "no_lines": _("The file has a header but no line below it."),
            "old_excel": _(
                "%(name)s is an old Excel file (.xls) or protected by a password. "
                "Save it as .xlsx or CSV without a password."
            ),
            "broken_xlsx": _("%(name)s is no Excel workbook (.xlsx), or it is broken."),
            "too_large": _("%(name)s is too large when unpacked. Save it as CSV."),
            "not_text": _("The file is neither a CSV nor an Excel workbook (.xlsx)."),
            "wrong_encoding": _(
                "The file is not encoded in %(encoding)s. Choose another encoding."
            ),
            "broken_csv": _(
                "The file cannot be read from line %(line)s on: %(error)s. Often a "
                "quotation mark is missing."
            ),
            "too_many_lines": _(
                "The file has more than %(limit)s lines. Cut it into several files."
            ),
            "missing_columns": _(
                "No column of the file is known to hold: %(roles)s. Its columns are: "
                "%(header)s. Choose which is which, or rename them in the first line."
            ),
            "ambiguous_date": _(
                "Column %(column)s: “%(value)s” and the other dates can be read with "
                "the day first or with the month first. Choose the date format."
            ),
            "ambiguous_number": _(
                "Column %(column)s: “%(value)s” can be a number with decimals or one "
                "with separated thousands. Choose the decimal separator."
            ),
            "unknown_default_currency": _(
                "Currency %(value)s does not exist or is not active."
            ),
            "already_imported": _(
                "The same file has been imported on %(date)s as %(name)s. Undo that "
                "import first, or ask for it to be imported again."
            ),
            "nothing_good": _("No line of the file is a purchase: nothing to import."),
        }
        return texts[problem.code] % values

    def _get_reasons(self):
        """What can be wrong with one line, by code; the column goes in front."""
        _ = self.env._
        return {
            "empty_line": _("the line is empty"),
            "field_count": _("the line has %(value)s fields, the header has %(width)s"),
            "empty_customer": _("no customer is given"),
            "empty_date": _("no date is given"),
            "bad_date": _("“%(value)s” is no date like %(date_format)s"),
            "impossible_date": _("there is no day “%(value)s”"),
            "old_date": _("“%(value)s” is before 1900"),
            "future_date": _("“%(value)s” is in the future"),
            "empty_amount": _("no amount is given"),
            "bad_amount": _("“%(value)s” is no number like %(number_format)s"),
            "large_amount": _("“%(value)s” is too large for an amount"),
            "negative_amount": _(
                "“%(value)s” is negative, and returns are not allowed in this import"
            ),
            "unknown_currency": _("there is no currency “%(value)s”"),
            "inactive_currency": _("the currency %(value)s is not active"),
            "no_rate": _("there is no exchange rate of %(value)s"),
            "repeated": _("the same purchase is in line %(value)s already"),
            "imported_before": _("this purchase was imported before, with %(value)s"),
            "unknown_customer": _("no customer “%(value)s” is found"),
            "ambiguous_customer": _("several customers fit “%(value)s”"),
            "own_company": _("“%(value)s” is one of your own companies"),
        }

    def _get_line_reasons(self, plan):
        """The refused lines and why.

        :param ImportPlan plan: an analysed file
        :return: list of (line, text of the line, reason), by line
        """
        reasons, labels = self._get_reasons(), self._get_role_labels()
        names = {
            role: plan.table.header[position] for role, position in plan.roles.items()
        }
        common = {
            "width": len(plan.table.header),
            "date_format": self._get_date_example(plan.checked.date_format),
            "number_format": "1234,50" if plan.checked.decimal == "," else "1234.50",
        }
        found = {}
        for record in plan.refused.itertuples(index=False):
            reason = reasons[record.code] % {"value": str(record.value)[:80], **common}
            column = names.get(record.role) or labels.get(record.role)
            if column:
                reason = self.env._(
                    "column %(column)s: %(reason)s", column=column, reason=reason
                )
            found.setdefault((record.line, record.row), []).append(reason)
        return [
            (line, plan.table.text(row), "; ".join(texts))
            for (line, row), texts in sorted(found.items(), key=lambda item: item[0][1])
        ]

    def _get_date_example(self, date_format):
        """31 December 2024 in a format of strptime."""
        example = {"%Y": "2024", "%y": "24", "%m": "12", "%d": "31"}
        for directive, value in example.items():
            date_format = date_format.replace(directive, value)
        return date_format

    def _get_refusal_text(self, plan):
        """Why a file as a whole is refused: its first refused lines."""
        if not plan.refused_count:
            return self._get_problem_text(FileProblem("nothing_good"))
        reasons = self._get_line_reasons(plan)
        shown = [
            self.env._("Line %(line)s: %(reason)s", line=line, reason=reason)
            for line, _text, reason in reasons[:10]
        ]
        if len(reasons) > len(shown):
            more = len(reasons) - len(shown)
            shown.append(self.env._("… and %s more.", more))
        head = self.env._(
            "%(count)s of %(total)s lines are refused, so nothing was imported.",
            count=len(reasons),
            total=plan.checked.total,
        )
        return "\n".join([head, *shown])

    def _get_report(self, plan):
        """The refused lines as CSV, base64."""
        _ = self.env._
        header = [_("Line"), _("Content"), _("Reason")]
        return base64.b64encode(refused_csv(header, self._get_line_reasons(plan)))

    def _get_totals_text(self, plan):
        """Totals by the currencies of the file: "EUR 12.50, USD 3,000.00"."""
        totals = plan.good.groupby("currency")["amount"].sum().sort_index()
        return ", ".join(f"{code} {total:,.2f}" for code, total in totals.items())

    def _get_options_text(self, plan):
        """How a file was read and what was asked for, a line each."""
        _ = self.env._
        options, labels = plan.options, self._get_role_labels()
        header = plan.table.header
        methods = {
            "reference": _("reference"),
            "email": _("e-mail"),
            "name": _("name"),
        }
        columns = ", ".join(
            f"{labels[role]} = {header[position]}"
            for role, position in plan.roles.items()
        )
        matching = ", ".join(methods[method] for method in options.matching)
        lines = [
            _("Columns: %s", columns),
            _("Customers found by: %s", matching),
            _("Dates like %s", self._get_date_example(plan.checked.date_format)),
        ]
        chosen = {
            "create_missing": _("Missing customers are created"),
            "shift_dates": _(
                "All dates are moved so that the last is the day of the import"
            ),
            "skip_bad_lines": _("Refused lines are left out"),
            "returns": _("Negative amounts are returns"),
            "future": _("Days in the future are allowed"),
            "sum_reference": _("Lines of one reference are added up"),
            "oldest_rate": _("The first exchange rate is used for earlier days"),
            "force": _("Purchases that were imported before are not looked for"),
        }
        lines += [text for name, text in chosen.items() if getattr(options, name)]
        return "\n".join(lines)
