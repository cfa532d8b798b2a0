"""A database of the benchmark, opened in this process; its clock and its users."""

import contextlib
from datetime import timedelta

import odoo
import odoo.api
import odoo.sql_db
import odoo.tools.config
from odoo.modules.registry import Registry
from odoo.tools import SQL

USERS = 8
LOGIN = "bench"  # bench0 ... bench7
# Full runs and normal days are measured on this many days, one after the other; the
# last one is today.
NIGHTS = 3


def configure(name):
    """Read odoo.conf as a server would, for the database ``name``."""
    odoo.tools.config.parse_config(["-d", name, "--log-level=warn"])


@contextlib.contextmanager
def opened(name, uid=odoo.SUPERUSER_ID):
    """An environment with a cursor of its own, committed at the end."""
    with Registry(name).cursor() as cr:
        yield odoo.api.Environment(cr, uid, {})


class Clock:
    """Moves the one method of the engine that says what day it is.

    The measured nights are days apart, and a benchmark cannot wait for them.
    """

    def __init__(self, registry, days_ago=0):
        self.days_ago = days_ago
        company_class = registry["res.company"]
        real = company_class._get_lifecycle_today

        def today(company):
            return real(company) - timedelta(days=self.days_ago)

        company_class._get_lifecycle_today = today


class Checks:
    """What must hold for the figures to mean anything; kept for the report."""

    def __init__(self):
        self.failed = []

    def __call__(self, holds, text):
        if not holds:
            self.failed.append(text)
            print(f"  WRONG: {text}", flush=True)


def create_users(env):
    """Ordinary salespersons and what they sell, before any customer is there."""
    groups = env.ref("sales_team.group_sale_salesman_all_leads")
    groups |= env.ref("base.group_partner_manager")
    users = env["res.users"].with_context(no_reset_password=True)
    users = users.create(
        [
            {
                "name": f"Salesperson {number}",
                "login": f"{LOGIN}{number}",
                "email": f"{LOGIN}{number}@example.com",
                "group_ids": [(6, 0, groups.ids)],
            }
            for number in range(USERS)
        ]
    )
    env["product.product"].create(
        [
            {"name": f"Article {number}", "type": "service", "list_price": 40 + number}
            for number in range(5)
        ]
    )
    return users


def get_users(env):
    """The salespersons, in the order of their numbers."""
    return env["res.users"].search([("login", "=like", f"{LOGIN}_")], order="login")


def create_quotation(env, partner_id):
    """A quotation of two lines, by the user of ``env``."""
    products = env["product.product"].search([("name", "=like", "Article _")], limit=2)
    return env["sale.order"].create(
        {
            "partner_id": partner_id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 2})
                for product in products
            ],
        }
    )


def get_first_customer(env):
    """Id of the first generated customer; the others follow without a gap."""
    [[first]] = env.execute_query(
        SQL("SELECT MIN(id) FROM res_partner WHERE ref LIKE 'B%%' AND ref = 'B' || id")
    )
    return first


def table_exists(cr, table):
    cr.execute(SQL("SELECT to_regclass(%s) IS NOT NULL", table))
    return cr.fetchone()[0]
