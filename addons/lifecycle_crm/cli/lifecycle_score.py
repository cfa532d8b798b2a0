"""Scores of a day from the shell: ``odoo lifecycle_score -d DB --as-of DAY --out F``.

Odoo loads this file on its own, without the addon: nothing of it is imported on top.
"""

import os
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.cli.command import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

_BAD_INPUT = 2  # exit status, as argparse has it


class LifecycleScore(Command):
    """Write every customer's facts and scores, as they were on a day, into a CSV file.

    They are computed as they would have been on that day, from what was known then.
    Nothing changes in the database.
    """

    name = "lifecycle_score"

    def run(self, cmdargs):
        self._add_arguments()
        args = self.parser.parse_args(cmdargs)
        day, horizon = _parse_day(args.as_of), _parse_days(args.horizon)
        with _output(args.out) as out:
            registry = self._get_registry(args)
            began = time.monotonic()
            # closed without a commit
            with closing(registry.cursor()) as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env = env(context=env["res.users"].context_get())
                if "lifecycle.score" not in env:
                    _refuse("The addon lifecycle_crm is not installed in it.")
                companies = self._get_companies(env, args.company)
                scores = env["lifecycle.score"].with_context(
                    allowed_company_ids=companies.ids
                )
                as_of = day or min(
                    company._get_lifecycle_today() for company in companies
                )
                try:
                    count = scores._write_csv(
                        companies, as_of, out, bom=args.bom, horizon=horizon
                    )
                except UserError as error:  # says itself what is wrong
                    _refuse(str(error))
                names = ", ".join(companies.mapped("name"))
        print(
            f"{count:,} customers of {names} on {as_of}, "
            f"in {time.monotonic() - began:.1f} s.",
            file=sys.stderr if args.out == "-" else sys.stdout,
        )

    def _add_arguments(self):
        add = self.parser.add_argument
        add("-c", "--config", help="configuration file of Odoo")
        add("-d", "--database", dest="db_name", help="database to read")
        add(
            "--as-of",
            metavar="YYYY-MM-DD",
            help="the day, in the time zone of the company; default: today",
        )
        add("--out", help="a file that is not there yet; - is the output")
        add("--company", help="name or id; default: all of them")
        add(
            "--horizon",
            metavar="DAYS",
            help="days ahead that the churn probability stands for; default: as in the "
            "settings",
        )
        add("--bom", action="store_true", help="mark the file as UTF-8 for Excel")

    def _get_registry(self, args):
        odoo_args = ["--no-http", "--log-level=warn"]
        odoo_args += ["-c", args.config] if args.config else []
        odoo_args += ["-d", args.db_name] if args.db_name else []
        config.parse_config(odoo_args, setup_logging=True)
        names = config["db_name"]
        names = [names] if isinstance(names, str) else names or []
        if len(names) != 1:
            _refuse("Which database? Name one: -d DB.")
        try:
            psycopg2.connect(**_get_address(names[0])).close()
        except psycopg2.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            _refuse(f"The database {names[0]} cannot be opened: {reason}")
        return Registry(names[0])

    def _get_companies(self, env, wanted):
        companies = env["res.company"].search([])
        if not wanted:
            return companies
        found = companies.filtered(lambda company: str(company.id) == wanted)
        found = found or companies.filtered(lambda company: company.name == wanted)
        if len(found) != 1:
            names = ", ".join(f"{c.name} ({c.id})" for c in companies)
            _refuse(f"There is no one company {wanted}. There are: {names}.")
        return found


def _get_address(name):
    from odoo.sql_db import connection_info_for

    return connection_info_for(name)[1]


def _parse_day(text):
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _refuse(f"{text} is no day of the calendar. Write it as 2026-03-31.")


def _parse_days(text):
    try:
        return int(text) if text else None
    except ValueError:
        _refuse(f"{text} is no number of days. Write it as 91.")


@contextmanager
def _output(name):
    """A binary file to write to, which gets its name only when it is complete."""
    if not name:
        _refuse("Into which file? Name one: --out scores.csv.")
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    if not path.parent.is_dir():
        _refuse(f"There is no folder {path.parent} to write {path.name} into.")
    if path.exists():
        _refuse(f"{path} is there already. Remove it, or choose another name.")
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        _refuse(f"{path} cannot be written: {error.strerror}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)  # mkstemp's is for the owner only
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def _refuse(text):
    print(text, file=sys.stderr)
    sys.exit(_BAD_INPUT)
