"""Sales orders as they look when confirmed, quotations, cancelled orders."""

from datetime import timedelta

from odoo.fields import Command

from .base import DemoData, in_batches

BATCH = 400
QUOTATION_DAYS = 30


def load_orders(data: DemoData) -> None:
    """Orders are created in the state they have in the end.

    Confirming them one by one would set the order date to now and would log
    and mail; the stored results are the same.
    """
    names = _names(data)
    records = {}
    for company in data.companies:
        planned = [
            number
            for number, order in enumerate(data.plan.orders)
            if order.company == company
        ]
        env = data.company_env(company)
        defaults = _costly_defaults(env)
        for batch in in_batches(planned, BATCH):
            created = env["sale.order"].create(
                [{**defaults, **_order_values(data, n, names[n])} for n in batch]
            )
            env.flush_all()
            env.invalidate_all()
            records.update(zip(batch, created.with_env(data.env), strict=True))
    data.orders = [
        (order, records[number]) for number, order in enumerate(data.plan.orders)
    ]


def _names(data: DemoData) -> list[str]:
    """Numbers follow the dates, across the companies, as they did in real life."""
    return [
        data.env["ir.sequence"]
        .with_company(data.companies[order.company])
        .next_by_code("sale.order", sequence_date=order.moment)
        for order in data.plan.orders
    ]


def _costly_defaults(env) -> dict:
    """Defaults that are looked up anew for every record, though always the same."""
    names = {"campaign_id", "medium_id", "source_id", "quotation_document_ids"}
    return {
        name: value
        for name, value in env["sale.order"].default_get(list(names)).items()
        if name in names
    }


def _order_values(data: DemoData, number: int, name: str) -> dict:
    order = data.plan.orders[number]
    customer = data.customers[order.customer]
    partner = data.partners[order.customer]
    if order.contact >= 0:
        partner = data.contacts[order.customer][order.contact]
    values = {
        "name": name,
        "company_id": data.companies[order.company].id,
        "partner_id": partner.id,
        "state": order.state,
        "date_order": order.moment,
        "pricelist_id": data.pricelists[order.company, order.foreign_currency].id,
        "user_id": data.users[_salesperson(order, customer)].id,
        "team_id": data.teams[order.company].id,
        "order_line": [Command.create(_line_values(data, ln)) for ln in order.lines],
    }
    if order.state in ("draft", "sent"):
        day = order.moment.date() + timedelta(days=QUOTATION_DAYS)
        values["validity_date"] = day
    if order.lead and "opportunity_id" in data.env["sale.order"]._fields:
        values["opportunity_id"] = data.leads[order.lead].id
    return values


def _salesperson(order, customer) -> str:
    # the second company has its own salesman for the customers that both share
    return (
        "jonas"
        if order.company == 2 and not customer.company
        else (customer.salesperson)
    )


def _line_values(data: DemoData, line) -> dict:
    product = data.products[line.product]
    return {
        "product_id": product.id,
        "name": product.display_name,
        "product_uom_id": product.uom_id.id,
        "product_uom_qty": line.quantity,
        "price_unit": line.price,
        "technical_price_unit": line.price,
        "discount": line.discount,
        "analytic_distribution": False,
    }
