"""``odoo lifecycle_score`` as a person or a script calls it: a process of its own."""

import os
import re
import subprocess
import sys

import pandas as pd
import pytest

import odoo.tools
from odoo.sql_db import db_connect
from odoo.tools import SQL

pytestmark = pytest.mark.usefixtures("load_registry")


def call(*arguments):
    """The finished process of the command on the database of the tests."""
    config = odoo.tools.config
    return subprocess.run(
        [
            *(sys.executable, "-m", "odoo"),
            f"--addons-path={','.join(config['addons_path'])}",
            *("lifecycle_score", *arguments),
        ],
        capture_output=True,
        check=False,
        env={**os.environ, "ODOO_DB_NAME": ""},
    )


def database():
    [name] = odoo.tools.config["db_name"]
    return name


def content():
    """Number, digest and last writers of the rows of every table; every sequence."""
    with db_connect(database()).cursor() as cr:
        cr.execute(
            """SELECT relname FROM pg_class WHERE relkind = 'r'
            AND relnamespace = 'public'::regnamespace ORDER BY relname"""
        )
        state = {}
        for [table] in cr.fetchall():
            cr.execute(
                SQL(
                    """SELECT COUNT(*), SUM(hashtextextended(t::text, 0)::numeric),
                        SUM(xmin::text::bigint) FROM %s t""",
                    SQL.identifier(table),
                )
            )
            state[table] = cr.fetchone()
        cr.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        return state, cr.fetchall()


def test_writes_a_file_and_changes_nothing(tmp_path):
    out = tmp_path / "scores.csv"
    before = content()
    process = call("-d", database(), "--as-of", "2026-03-31", "--out", str(out))
    assert process.returncode == 0, process.stderr.decode()
    assert content() == before
    assert b"on 2026-03-31" in process.stdout
    frame = pd.read_csv(out)
    assert list(frame.columns[:3]) == ["reference", "customer", "company"]
    assert {"revenue_total", "rfm_code", "stage_id"} <= set(frame.columns)
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]
    # it is not replaced, and the same comes to the output, without a word in it
    assert_refused("is there already", "-d", database(), "--out", str(out))
    process = call("-d", database(), "--as-of", "2026-03-31", "--out", "-")
    assert process.stdout == out.read_bytes()


@pytest.mark.parametrize(
    "said, arguments",
    [
        ("2026-02-30 is no day", ["--as-of", "2026-02-30", "--out", "x.csv"]),
        ("no folder", ["--out", "/nowhere/at/all/x.csv"]),
        ("Into which file", []),
        ("no_such_db cannot be opened", ["-d", "no_such_db", "--out", "-"]),
        ("As Of: .* in the future", ["--as-of", "2999-01-01", "--out", "-"]),
    ],
)
def test_bad_input(said, arguments):
    if "-d" not in arguments:
        arguments = ["-d", database(), *arguments]
    assert_refused(said, *arguments)


def assert_refused(said, *arguments):
    """Exit status 2, nothing on the output, and one sentence that says why."""
    process = call(*arguments)
    error = process.stderr.decode()
    assert process.returncode == 2, error
    assert process.stdout == b""
    assert re.search(said, error), error
    assert "Traceback" not in error
    assert len(error.splitlines()) == 1, error
