"""Uninstalls the addon of tiers from a database in which it has been used.

    python -m tests.loyalty_uninstall DATABASE

A process of its own: the registry of the test must not lose its models.  It prints, as
JSON, what the addon had brought, for the test to look for.
"""

import json
import sys

import odoo
import odoo.tools.config
from odoo.modules.registry import Registry
from odoo.tools import SQL

ADDONS = ("loyalty_program", "loyalty_program_delivery")


def use(env):
    """A club with a member in a tier, points, cashback, a pin and a record of all."""
    company = env.company
    club = env["loyalty.program"].create(
        {
            "name": "Club to go",
            "program_type": "loyalty",
            "applies_on": "both",
            "company_id": company.id,
            "celebration_points": 5,
            "tier_ids": [
                odoo.Command.create({"name": name, "threshold": threshold})
                for name, threshold in (("Low", 0), ("High", 100))
            ],
        }
    )
    buyer = env["res.partner"].create({"name": "Member to go"})
    product = env["product.product"].create(
        {"name": "Thing to go", "type": "service", "list_price": 150}
    )
    order = env["sale.order"].create(
        {
            "partner_id": buyer.id,
            "company_id": company.id,
            "order_line": [odoo.Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    runs = env["lifecycle.run"]
    runs._request(company, "install", quiet=True)
    runs._process_pending()
    runs._request(company, "manual")
    runs._process_pending()
    member = env["loyalty.membership"].search([("partner_id", "=", buyer.id)])
    member._pin_tier(club.tier_ids[0], reason="Test")
    member._pin_tier(club.tier_ids[:0])
    club.action_simulate_tiers()
    club.tier_ids[0].image = (
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        b"awAAAABJRU5ErkJggg=="
    )
    counts = {
        name: env[name].search_count([])
        for name in ("loyalty.membership", "loyalty.ledger", "loyalty.tier")
    }
    moves = env["lifecycle.transition"].search_count([("kind", "=", "tier")])
    env.cr.commit()
    return {**counts, "moves": moves}


def describe(env):
    """Everything that belongs to the addons alone."""
    env.cr.execute(
        SQL(
            """SELECT d.model, array_agg(d.res_id) FROM ir_model_data d
            WHERE d.module = ANY(%s) AND NOT EXISTS (
                SELECT FROM ir_model_data o WHERE o.model = d.model
                AND o.res_id = d.res_id AND o.module <> ALL(%s))
            GROUP BY d.model""",
            list(ADDONS),
            list(ADDONS),
        )
    )
    records = {
        env[model]._table: ids for model, ids in env.cr.fetchall() if model in env
    }
    ids = records["ir_model_fields"]
    columns = [
        (env[field.model]._table, field.name)
        for field in env["ir.model.fields"].browse(ids)
        if field.model in env and field.store
    ]
    relations = [
        field.relation_table
        for field in env["ir.model.fields"].browse(ids)
        if field.relation_table
    ]
    models = env["ir.model"].browse(records["ir_model"]).mapped("model")
    tables = [env[model]._table for model in models if model in env]
    return {
        "records": records,
        "columns": columns,
        "tables": [*tables, *relations],
        "models": models,
    }


def main(name):
    odoo.tools.config.parse_config(["-d", name, "--log-level=warn"])
    with Registry(name).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        used = use(env)
        found = describe(env)
        addon = env["ir.module.module"].search([("name", "=", ADDONS[0])])
        addon.button_immediate_uninstall()
    sys.stdout.write(json.dumps({"used": used, **found}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
