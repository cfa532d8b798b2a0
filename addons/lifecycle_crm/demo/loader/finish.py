"""Creation dates as in real life, and statistics for the first computation."""

from datetime import datetime, time, timedelta

from odoo.tools import SQL

from .base import DemoData

NOON = time(9, 30)


def backdate(data: DemoData) -> None:
    env = data.env
    env.flush_all()
    known = {
        key: datetime.combine(customer.created, NOON)
        for key, customer in data.customers.items()
    }
    _set(env, "res.partner", {p.id: known[key] for key, p in data.partners.items()})
    _set(
        env,
        "res.partner",
        {c.id: known[key] for key, contacts in data.contacts.items() for c in contacts},
    )
    _set(
        env,
        "crm.lead",
        {data.leads[lead.key].id: lead.created for lead in data.plan.leads},
    )
    _set(
        env,
        "sale.order",
        {
            # most orders wait some hours for their confirmation
            record.id: order.moment - timedelta(hours=2 if order.state == "sale" else 0)
            for order, record in data.orders
        },
    )
    env.invalidate_all()


def _set(env, model: str, moments: dict[int, datetime]) -> None:
    env.cr.execute(
        SQL(
            """UPDATE %(table)s record SET create_date = given.moment
            FROM unnest(%(ids)s::integer[], %(moments)s::timestamp[])
                AS given (id, moment)
            WHERE record.id = given.id""",
            table=SQL.identifier(env[model]._table),
            ids=list(moments),
            moments=list(moments.values()),
        )
    )


def refresh_statistics(data: DemoData) -> None:
    """Tables that grew from nothing in one transaction mislead the planner.

    The first computation takes half a minute without this, and a second with it.
    """
    for model in (
        "res.partner",
        "crm.lead",
        "sale.order",
        "sale.order.line",
        "account.move",
        "account.move.line",
    ):
        data.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(data.env[model]._table)))
    data.env.cr.execute(SQL("ANALYZE sale_order_line_invoice_rel"))
