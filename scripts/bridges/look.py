"""In an Odoo shell: live through a night, remove addons, say what the database is.

The environment variable LOOK says what, as JSON, done in this order:

- ``nights``: days from now; the scheduled actions of our addons run as on these days
- ``profiles``: file for digests of the profiles and transitions
- ``queries``: file for the number of queries of some screens
- ``uninstall``: names of addons
- ``parts``: file for the schema and all rows
"""

import json
import os
from datetime import timedelta
from pathlib import Path

from odoo.tools import SQL

from scripts.bridges import queries

env = globals()["env"]

# Who wrote a row and when, and its number, are different each time.
UNSTEADY = ["id", "create_date", "create_uid", "write_date", "write_uid"]
UNSTEADY_OF = {
    "ir_cron": ["lastcall", "nextcall", "failure_count", "first_failure_date"],
    "lifecycle_transition": ["profile_id", "run_id"],
}
# In our own tables: which run made a row, when, and how long that took.
OURS = ("lifecycle_", "churn_", "loyalty_")
UNSTEADY_OF_OURS = ["profile_id", "run_id", "duration", "attempt_count", "stop_count"]
# The list of known addons is as long as the addons path; assets are compiled anew.
COMPARED = {
    "ir_attachment": "url IS NULL OR url NOT LIKE '/web/assets/%%'",
    "ir_model_data": "model <> 'ir.module.module'",
}
# Every part of the schema by kind, each as one text.
SCHEMA = {
    "tables": """SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')""",
    "views": """SELECT relname || ' ' || pg_get_viewdef(oid) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')""",
    "columns": """SELECT concat_ws(' ', c.relname || '.' || a.attname,
            format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN 'NOT NULL' END,
            pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT a.attisdropped""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """SELECT concat_ws(' ', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            AND contype <> 'n'""",
    "sequences": """SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'""",
    "triggers": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "functions": """SELECT proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
}


def rows(query):
    env.cr.execute(query if isinstance(query, SQL) else SQL(query))
    return env.cr.fetchall()


def night(days):
    """Score everybody as in so many days, and run all our scheduled actions."""
    company = type(env["res.company"])
    today = company._get_lifecycle_today

    def later(self):
        return today(self) + timedelta(days=days)

    company._get_lifecycle_today = later
    companies = env["res.company"].search([], order="id")
    runs = env["lifecycle.run"]
    runs._request(companies, "nightly")
    env.cr.commit()
    for cron in our_crons():
        cron.ir_actions_server_id.run()
        env.cr.commit()
    # asked for by those after it: a model was trained
    runs._cron_recompute()
    env.cr.commit()
    if bad := runs.search([("state", "!=", "done")]):
        raise SystemExit(f"Runs that were not done: {bad.mapped('error')}")


def our_crons():
    ours = os.environ["OUR_ADDONS"].split(",")
    data = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "in", ours)], order="res_id"
    )
    return env["ir.cron"].browse(data.mapped("res_id")).filtered("active")


def profiles():
    """Digests of each column of the profiles, and of the transitions by kind."""
    columns = rows(
        """SELECT column_name FROM information_schema.columns
        WHERE table_name = 'lifecycle_profile' AND column_name <> 'id'"""
    )
    digests = {}
    for (name,) in columns:
        [[digests[name]]] = rows(
            SQL(
                """SELECT count(*) || ' ' || md5(string_agg(
                    coalesce(%s::text, ''), '|' ORDER BY partner_id, company_id))
                FROM lifecycle_profile""",
                SQL.identifier(name),
            )
        )
    # empty columns do not count, so that those an addon adds change nothing
    moves = rows(
        SQL(
            """SELECT 'transitions: ' || kind,
                count(*) || ' ' || md5(string_agg(move, '|' ORDER BY move))
            FROM (
                SELECT kind,
                    jsonb_strip_nulls(to_jsonb(t) - %s::text[])::text AS move
                FROM lifecycle_transition t) moves
            GROUP BY kind""",
            ["id", *UNSTEADY_OF["lifecycle_transition"]],
        )
    )
    return {**digests, **dict(moves)}


def parts():
    """The schema, and of each table the digest of every row with its ids.

    :return: {"schema": {kind: [text]}, "rows": {table: {digest: [id]}}}
    """
    schema = {
        kind: sorted(text for (text,) in rows(query)) for kind, query in SCHEMA.items()
    }
    return {"schema": schema, "rows": {t: of_table(t) for t in schema["tables"]}}


def of_table(table):
    columns = dict(
        rows(
            SQL(
                """SELECT column_name, data_type FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = %s""",
                table,
            )
        )
    )
    unsteady = [*UNSTEADY, *UNSTEADY_OF.get(table, [])]
    if table.startswith(OURS):
        unsteady += UNSTEADY_OF_OURS
        unsteady += [n for n, kind in columns.items() if kind.startswith("timestamp")]
    found = rows(
        SQL(
            """SELECT md5((to_jsonb(t) - %s::text[])::text), array_agg(%s)
            FROM %s t WHERE %s GROUP BY 1""",
            unsteady,
            SQL("t.id") if "id" in columns else SQL("0"),
            SQL.identifier(table),
            SQL(COMPARED.get(table, "TRUE")),
        )
    )
    return dict(found)


def write(file, content):
    Path(file).write_text(json.dumps(content, default=str))


def main(todo):
    for days in todo.get("nights", ()):
        night(days)
    if "profiles" in todo:
        write(todo["profiles"], profiles())
    if "queries" in todo:
        write(todo["queries"], queries.count(env))
    if "uninstall" in todo:
        modules = env["ir.module.module"].search([("name", "in", todo["uninstall"])])
        modules.button_immediate_uninstall()
    if "parts" in todo:
        write(todo["parts"], parts())


main(json.loads(os.environ["LOOK"]))
