"""Two orders of one customer confirmed at once, on two connections."""

import threading

import pytest

import odoo
import odoo.tools
from odoo.modules.registry import Registry
from odoo.service.model import retrying

pytestmark = pytest.mark.usefixtures("load_registry")

AMOUNTS = (100, 40)


def run(function):
    """Call a function with a transaction of its own, tried again as for a user."""
    [name] = odoo.tools.config["db_name"]
    with Registry(name).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        return retrying(lambda: function(env), env)


def create(env):
    """A club, a member with no card yet, and an order each of the amounts."""
    club = env["loyalty.program"].create(
        {
            "name": "Crowded Club",
            "program_type": "loyalty",
            "applies_on": "both",
            "trigger": "auto",
            "company_id": env.company.id,
            "rule_ids": [
                odoo.Command.clear(),
                odoo.Command.create(
                    {"reward_point_mode": "money", "reward_point_amount": 1}
                ),
            ],
            "tier_ids": [odoo.Command.create({"name": "All", "threshold": 0})],
        }
    )
    buyer = env["res.partner"].create({"name": "Busy Member"})
    product = env["product.product"].create(
        {"name": "Thing", "type": "service", "taxes_id": [odoo.Command.clear()]}
    )
    # a first order gives the card that both work with
    amounts = (1, *AMOUNTS)
    orders = env["sale.order"].create(
        [
            {
                "partner_id": buyer.id,
                "order_line": [
                    odoo.Command.create(
                        {"product_id": product.id, "price_unit": amount}
                    )
                ],
            }
            for amount in amounts
        ]
    )
    orders[0].action_confirm()
    return club.id, buyer.id, product.id, orders.ids


def remove(env, made):
    club, buyer, product, orders = made
    env["sale.order"].browse(orders)._action_cancel()
    env["loyalty.card"].search([("program_id", "=", club)]).active = False
    for model, record in (
        ("loyalty.program", club), ("res.partner", buyer), ("product.product", product),
    ):  # fmt: skip
        env[model].browse(record).active = False


@pytest.fixture
def made():
    made = run(create)
    yield made
    run(lambda env: remove(env, made))


def test_points_of_both_orders_are_on_the_card_and_in_the_ledger(made):
    club, buyer, _product, orders = made
    ready, failed = threading.Barrier(2), []

    def confirm(order_id):
        first = True

        def work(env):
            nonlocal first
            order = env["sale.order"].browse(order_id)
            order.coupon_point_ids.coupon_id.mapped("points")
            if first:  # both have seen the card before one changes it
                first = False
                ready.wait(30)
            order.action_confirm()

        try:
            run(work)
        except Exception as error:  # noqa: BLE001 asserted below
            failed.append(error)

    threads = [threading.Thread(target=confirm, args=(i,)) for i in orders[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed

    def look(env):
        cards = env["loyalty.card"].search(
            [("program_id", "=", club), ("partner_id", "=", buyer)]
        )
        entries = env["loyalty.ledger"].search([("card_id", "in", cards.ids)])
        given = entries.filtered(lambda entry: entry.kind == "earn")
        return cards.mapped("points"), sum(entries.mapped("points")), given.order_id.ids

    points, in_ledger, of_orders = run(look)
    assert sum(points) == in_ledger == 1 + sum(AMOUNTS)
    assert set(of_orders) == set(orders)
