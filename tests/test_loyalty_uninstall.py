"""A database in which tiers were used works on without the addon, and is clean."""

import json
import subprocess
import sys

import pytest

import odoo.sql_db
import odoo.tools
from odoo.tools import SQL

from scripts.dev import databases
from tests.killed import company, processes
from tests.loyalty_uninstall import ADDONS

pytestmark = pytest.mark.usefixtures("load_registry")


@pytest.fixture(scope="module")
def left():
    """Name of a database without the addon, and what it had brought there."""
    [source] = odoo.tools.config["db_name"]
    name = f"{source}_un"
    company.copy(source, name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.loyalty_uninstall", name],
            cwd=processes.ROOT,
            env=processes.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield name, json.loads(done.stdout.splitlines()[-1])
    finally:
        odoo.sql_db.close_db(name)
        databases.drop(name)


def test_it_was_used(left):
    _name, brought = left
    assert all(brought["used"].values()), brought["used"]
    assert {"ir_cron", "ir_ui_view", "mail_template"} <= brought["records"].keys()


def test_no_records_are_left(left):
    name, brought = left
    for table, ids in brought["records"].items():
        exists = SQL("SELECT to_regclass(%s) IS NOT NULL", table)
        if not company.execute(name, exists)[0][0]:
            continue
        query = SQL("SELECT id FROM %s WHERE id = ANY(%s)", SQL.identifier(table), ids)
        assert not company.execute(name, query), table


def test_no_tables_and_columns_are_left(left):
    name, brought = left
    columns = company.execute(
        name,
        SQL(
            """SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public'"""
        ),
    )
    assert not {tuple(column) for column in brought["columns"]} & set(columns)
    assert not set(brought["tables"]) & {table for table, _column in columns}


def test_nothing_names_a_model_that_is_gone(left):
    name, brought = left
    models = brought["models"]
    for table, column in (
        *(("ir_model_data", "model"), ("ir_attachment", "res_model")),
        *(("mail_message", "model"), ("mail_activity", "res_model")),
        *(("mail_template", "model"), ("ir_ui_view", "model")),
        *(("ir_act_window", "res_model"), ("ir_filters", "model_id")),
        ("ir_model_fields", "relation"),
    ):
        query = SQL(
            "SELECT id, %s FROM %s WHERE %s = ANY(%s)",
            SQL.identifier(column),
            SQL.identifier(table),
            SQL.identifier(column),
            models,
        )
        assert not company.execute(name, query), table


@pytest.mark.parametrize(
    "query",
    [
        SQL("SELECT id FROM ir_model_data WHERE module = ANY(%s)", list(ADDONS)),
        SQL("SELECT key FROM ir_config_parameter WHERE key LIKE 'loyalty_program%%'"),
        SQL("SELECT id FROM lifecycle_transition WHERE kind = 'tier'"),
        SQL("SELECT name FROM ir_module_module WHERE state LIKE 'to %%'"),
        SQL("SELECT id FROM ir_ui_view WHERE arch_db::text LIKE '%%loyalty_tier%%'"),
        SQL(
            """SELECT c.id FROM ir_cron c
            LEFT JOIN ir_act_server a ON a.id = c.ir_actions_server_id
            LEFT JOIN ir_model m ON m.id = a.model_id WHERE m.id IS NULL"""
        ),
    ],
    ids=["data", "parameters", "transitions", "modules", "views", "crons"],
)
def test_nothing_else_is_left(left, query):
    assert not company.execute(left[0], query)
