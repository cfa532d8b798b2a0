"""Two documents of one customer at once, on two connections."""

import threading
import time

import pytest

import odoo
import odoo.tools
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL

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
    orders = env["sale.order"].browse(orders)
    orders.invoice_ids.button_draft()
    orders.invoice_ids.button_cancel()
    orders._action_cancel()
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


def at_once(*calls):
    """Call methods of records, each on a connection of its own, all at once.

    :param calls: triples of model, id and method
    """
    ready, failed = threading.Barrier(len(calls)), []

    def call(model, record_id, method):
        first = True

        def work(env):
            nonlocal first
            record = env[model].browse(record_id)
            record.mapped("state")
            if first:  # all have their snapshot before one changes anything
                first = False
                ready.wait(30)
            getattr(record, method)()

        try:
            run(work)
        except Exception as error:  # noqa: BLE001 asserted below
            failed.append(error)

    threads = [threading.Thread(target=call, args=each) for each in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed


def test_points_of_both_orders_are_on_the_card_and_in_the_ledger(made):
    club, buyer, _product, orders = made
    at_once(*(("sale.order", order, "action_confirm") for order in orders[1:]))

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


def test_two_first_orders_make_one_card(made):
    club, _buyer, product, orders = made

    def prepare(env):
        buyer = env["res.partner"].create({"name": "New Member"})
        more = env["sale.order"].create(
            [
                {
                    "partner_id": buyer.id,
                    "order_line": [
                        odoo.Command.create({"product_id": product, "price_unit": 10})
                    ],
                }
                for _i in range(2)
            ]
        )
        assert not env["loyalty.card"].search([("partner_id", "=", buyer.id)])
        return buyer.id, more.ids

    buyer, more = run(prepare)
    orders.extend(more)
    at_once(*(("sale.order", order, "action_confirm") for order in more))

    def look(env):
        cards = env["loyalty.card"].search(
            [("program_id", "=", club), ("partner_id", "=", buyer)]
        )
        return cards.mapped("points")

    assert run(look) == [20]


def test_a_credit_note_and_a_cancellation_record_what_is_missing_once(made):
    club, buyer, _product, orders = made

    def prepare(env):
        order = env["sale.order"].browse(orders[1])
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        card = env["loyalty.card"].search(
            [("program_id", "=", club), ("partner_id", "=", buyer)]
        )
        card.points = 0  # spent elsewhere
        note = invoice._reverse_moves()
        # written by hand: nothing of the order is changed by it
        note.invoice_line_ids.sale_line_ids = [odoo.Command.clear()]
        return note.id, card.id

    note, card = run(prepare)
    at_once(
        ("account.move", note, "action_post"),
        ("sale.order", orders[1], "_action_cancel"),
    )

    def look(env):
        entries = env["loyalty.ledger"].search([("card_id", "=", card)])
        move = env["account.move"].browse(note)
        states = move.state, env["sale.order"].browse(orders[1]).state
        move.button_draft()
        move.button_cancel()
        return sum(entries.mapped("shortfall")), sum(entries.mapped("points")), states

    assert run(look) == (AMOUNTS[0], 0, ("posted", "cancel"))


def test_points_expire_although_an_order_changes_the_same_card(made):
    club, buyer, _product, _orders = made

    def prepare(env):
        env["loyalty.program"].browse(club).write(
            {"point_life_months": 1, "point_expiry_start": False}
        )
        card = env["loyalty.card"].search(
            [("program_id", "=", club), ("partner_id", "=", buyer)]
        )
        env.flush_all()
        # nothing of the record can be changed but by hand in the database
        env.cr.execute(
            "UPDATE loyalty_ledger SET day = day - 100 WHERE card_id = %s", [card.id]
        )
        env.cr.execute(
            "UPDATE loyalty_program SET point_expiry_start = NULL WHERE id = %s", [club]
        )
        return card.id

    card = run(prepare)
    failed = []

    def expire():
        [name] = odoo.tools.config["db_name"]
        try:
            with Registry(name).cursor() as cr:
                env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
                lots, program = env["loyalty.lot"], env["loyalty.program"].browse(club)
                lots._try_again(lambda: lots._expire(program))
        except Exception as error:  # noqa: BLE001 asserted below
            failed.append(error)

    thread = threading.Thread(target=expire)

    def give(env):
        env["loyalty.card"].browse(card).points += 7
        env.flush_all()
        thread.start()
        waiting = SQL(
            """SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND datname = current_database()"""
        )
        for _attempt in range(300):
            if env.execute_query(waiting):
                return
            env.cr.execute("SELECT pg_stat_clear_snapshot()")
            time.sleep(0.1)
        failed.append("nobody waited")

    run(give)
    thread.join(60)
    assert not failed
    # what was given a moment ago is left
    assert run(lambda env: env["loyalty.card"].browse(card).points) == 7
