"""Import purchases from the shell: ``odoo lifecycle_import -d DB --file FILE``.

Odoo loads this file on its own, without the addon: nothing of it is imported on top.
"""

import argparse
import sys
import time
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config

_MATCHING = ("reference", "email", "name")
_SHOWN_LINES = 100


class LifecycleImport(Command):
    """Import purchases from before Odoo out of a CSV or Excel file.

    The first line names the columns: customer, date, amount (untaxed), and if there
    are any currency and reference.
    """

    name = "lifecycle_import"

    def run(self, cmdargs):
        self._add_arguments()
        args = self.parser.parse_args(cmdargs)
        odoo_args = ["--no-http", "--log-level=warn"]
        odoo_args += ["-c", args.config] if args.config else []
        odoo_args += ["-d", args.db_name] if args.db_name else []
        config.parse_config(odoo_args, setup_logging=True)
        names = config["db_name"]
        if not names or (not isinstance(names, str) and len(names) != 1):
            self.parser.error("name one database: -d DB")
        try:
            data = Path(args.file).read_bytes()
        except OSError as error:
            sys.exit(f"{args.file} cannot be read: {error.strerror}.")
        registry = Registry(names if isinstance(names, str) else names[0])
        with registry.cursor() as cr:
            context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
            env = api.Environment(cr, SUPERUSER_ID, context)
            if "lifecycle.import.engine" not in env:
                sys.exit("The addon lifecycle_crm is not installed in this database.")
            company = self._get_company(env, args.company)
            self._import(env, company, data, args)

    def _add_arguments(self):
        yes_or_no = argparse.BooleanOptionalAction
        add = self.parser.add_argument
        add("-c", "--config", help="configuration file of Odoo")
        add("-d", "--database", dest="db_name", help="database to import into")
        add("--file", required=True, help="CSV or Excel (.xlsx) file")
        add("--company", help="name or id; default: the first one")
        add(
            "--match",
            type=_split_matching,
            default=_MATCHING,
            metavar="reference,email,name",
            help="how customers are found, best first",
        )
        add(
            "--create-missing",
            action=yes_or_no,
            default=True,
            help="create the customers that are not found (default: yes)",
        )
        add("--create-companies", action="store_true", help="as companies, not persons")
        add("--currency", default="", help="of lines that name none")
        add("--date-format", default="", help="such as %%d/%%m/%%Y; default: found")
        add("--decimal", default="", choices=("", ".", ","), help="default: found")
        add("--delimiter", default="", help="of a CSV; default: found")
        add("--encoding", default="", help="of a CSV; default: found")
        add("--returns", action="store_true", help="negative amounts are returns")
        add("--future", action="store_true", help="allow days in the future")
        add(
            "--sum-reference",
            action="store_true",
            help="lines of one reference, customer and day are one order",
        )
        add(
            "--oldest-rate",
            action="store_true",
            help="use the first exchange rate for earlier days",
        )
        add(
            "--shift-dates",
            action="store_true",
            help="move all dates so that the last falls on today",
        )
        add(
            "--skip-bad-lines",
            action="store_true",
            help="import the good lines though others are refused",
        )
        add("--force", action="store_true", help="import a file again")
        add("--dry-run", action="store_true", help="report only, write nothing")
        add(
            "--recompute",
            action=yes_or_no,
            default=True,
            help="compute the scores at once (default: yes)",
        )

    def _get_company(self, env, wanted):
        companies = env["res.company"].search([])
        if wanted:
            by_id = companies.filtered(lambda c: str(c.id) == wanted)
            found = by_id or companies.filtered(lambda c: c.name == wanted)
            if len(found) != 1:
                names = ", ".join(f"{c.name} ({c.id})" for c in companies)
                sys.exit(f"There is no one company {wanted}. There are: {names}.")
            return found
        others = companies - env.company
        if others:
            names = ", ".join(f"{c.name} ({c.id})" for c in others)
            print(f"Into {env.company.name}; say --company for one of: {names}.")
        return env.company

    def _import(self, env, company, data, args):
        from odoo.addons.lifecycle_crm.importing import (
            DATE_FORMATS,
            FileProblem,
            ImportOptions,
        )

        if args.date_format and args.date_format not in DATE_FORMATS:
            sys.exit(f"--date-format is one of: {', '.join(DATE_FORMATS)}.")
        engine = env["lifecycle.import.engine"]
        options = ImportOptions(
            matching=args.match,
            create_missing=args.create_missing,
            create_companies=args.create_companies,
            shift_dates=args.shift_dates,
            skip_bad_lines=args.skip_bad_lines,
            returns=args.returns,
            future=args.future,
            sum_reference=args.sum_reference,
            oldest_rate=args.oldest_rate,
            force=args.force,
            date_format=args.date_format,
            decimal=args.decimal,
            encoding=args.encoding,
            delimiter=args.delimiter.replace("\\t", "\t"),
            currency=args.currency,
        )
        began = time.monotonic()
        try:
            plan = engine._analyse(company, data, Path(args.file).name, options)
        except FileProblem as problem:
            sys.exit(engine._get_problem_text(problem))
        self._report(engine, plan)
        if not plan.can_import:
            sys.exit(engine._get_refusal_text(plan).splitlines()[0])
        if args.dry_run:
            print("Dry run: nothing was written.")
            return
        record = engine._execute(plan)
        env.cr.commit()
        print(
            f"Imported in {time.monotonic() - began:.1f} s as number {record.id}; "
            "it can be undone under Lifecycle > Configuration > Imports."
        )
        if args.recompute:
            began = time.monotonic()
            env["lifecycle.run"]._process_pending()
            env.cr.commit()
            print(f"Scores computed in {time.monotonic() - began:.1f} s.")

    def _report(self, engine, plan):
        good = plan.good
        print(f"Company: {plan.company.name}")
        print(
            f"Lines: {plan.checked.total}; purchases: {len(good)}; "
            f"without value: {plan.checked.free}; refused: {plan.refused_count}"
        )
        print(f"Customers: {plan.matched_count} found, {plan.created_count} missing")
        if len(good):
            first, last = good["date"].min().date(), good["date"].max().date()
            moved = f", moved by {plan.shift} days" if plan.shift else ""
            print(f"Dates: {first} to {last}{moved}")
            print(f"Total: {engine._get_totals_text(plan)}")
        print(engine._get_options_text(plan))
        reasons = engine._get_line_reasons(plan)
        for line, _text, reason in reasons[:_SHOWN_LINES]:
            print(f"  line {line}: {reason}", file=sys.stderr)
        if len(reasons) > _SHOWN_LINES:
            print(f"  and {len(reasons) - _SHOWN_LINES} more", file=sys.stderr)


def _split_matching(text):
    methods = tuple(part.strip() for part in text.split(",") if part.strip())
    if not methods or set(methods) - set(_MATCHING):
        raise argparse.ArgumentTypeError(f"one or more of {', '.join(_MATCHING)}")
    return methods
