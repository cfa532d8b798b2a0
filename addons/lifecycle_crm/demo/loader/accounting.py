"""Invoices of the orders and credit notes for what came back, posted."""

from collections import defaultdict
from datetime import date, timedelta

from odoo.fields import Command
from odoo.tools import SQL

from .base import DemoData, in_batches

BATCH = 50
# Every so many-th invoice is paid late, or not paid.
LATE_EVERY, LATE_DAYS = 13, 19
UNPAID_EVERY = 29
# Weeks of payments between two looks at how many rows there are.
REFRESH_EVERY = 8


def load_invoices(data: DemoData) -> None:
    groups = defaultdict(list)
    for order, record in data.orders:
        if order.invoice:
            key = (order.company, order.customer, order.foreign_currency)
            groups[key, order.invoice].append((order, record))
    for company in data.companies:
        env = data.company_env(company)
        values = []
        for (key, _invoice), orders in groups.items():
            if key[0] == company and (day := _invoice_date(orders)) < data.plan.today:
                values.append((day, orders))
        values.sort(key=lambda item: item[0])
        for batch in in_batches(values, BATCH):
            _post(env, [_invoice_values(env, day, orders) for day, orders in batch])
        _load_credit_notes(data, env, company)
        _load_payments(data, env)
    _close_old_orders(data)
    _clear_chatter(data)


def _invoice_date(orders: list) -> date:
    """Day of the order, or the end of the month for several."""
    last = max(order.moment.date() for order, _record in orders)
    if "T" in orders[0][0].invoice:
        return last
    return (last.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _close_old_orders(data: DemoData) -> None:
    """What was invoiced before this system is not waiting for an invoice here."""
    numbers = [
        record.id
        for order, record in data.orders
        if order.state == "sale" and not order.invoice
    ]
    orders = data.env["sale.order"].browse(numbers)
    orders.order_line.write({"qty_to_invoice": 0, "invoice_status": "invoiced"})
    data.env.flush_all()
    orders.write({"invoice_status": "invoiced"})


def _clear_chatter(data: DemoData) -> None:
    """Paid credit notes leave messages on their orders, dated today."""
    data.env["mail.message"].search(
        [
            ("model", "=", "sale.order"),
            ("res_id", "in", [record.id for _order, record in data.orders]),
        ]
    ).unlink()


def _invoice_values(env, day: date, orders: list) -> dict:
    records = env["sale.order"].concat(
        *(record.with_env(env) for _order, record in orders)
    )
    values = records[0]._prepare_invoice()
    values.update(
        invoice_date=day,
        invoice_origin=", ".join(records.mapped("name")),
        ref=False,
        invoice_line_ids=[
            Command.create(
                {
                    **line._prepare_invoice_line(quantity=line.product_uom_qty),
                    "analytic_distribution": False,
                }
            )
            for line in records.order_line
        ],
    )
    return values


def _load_credit_notes(data: DemoData, env, company: int) -> None:
    """What came back is credited: all lines, or about half of one."""
    values = []
    for order, record in data.orders:
        if order.returned and order.company == company:
            record = record.with_env(env)
            invoice = record.order_line.invoice_lines.move_id[:1]
            if invoice:
                values.append(_credit_values(env, order, record, invoice))
    values.sort(key=lambda item: item["invoice_date"])
    for batch in in_batches(values, BATCH):
        _post(env, batch)  # this reconciles them with their invoices, too


def _credit_values(env, order, record, invoice) -> dict:
    lines = record.order_line
    if order.returned == "part":
        lines = lines[-1:]
    values = record._prepare_invoice()
    values.update(
        move_type="out_refund",
        reversed_entry_id=invoice.id,
        invoice_date=order.returned_on,
        invoice_payment_term_id=False,
        ref=env._("Reversal of: %s", invoice.name),
        invoice_line_ids=[
            Command.create(
                {
                    **line._prepare_invoice_line(quantity=_returned(order, line)),
                    "analytic_distribution": False,
                }
            )
            for line in lines
        ],
    )
    return values


def _returned(order, line) -> float:
    if order.returned == "full":
        return line.product_uom_qty
    return max(1, line.product_uom_qty // 2)


def _load_payments(data: DemoData, env) -> None:
    """What customers paid: most on the day it was due, some late, a few not yet.

    One entry of the bank a week, with a line for each invoice.
    """
    invoices = env["account.move"].search(
        [
            ("company_id", "=", env.company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
        ],
        order="invoice_date, id",
    )
    weeks = defaultdict(list)
    for position, invoice in enumerate(invoices, start=1):
        day = invoice.invoice_date_due
        if position % LATE_EVERY == 0:
            day += timedelta(days=LATE_DAYS)
        if day < data.plan.today and position % UNPAID_EVERY:
            weeks[day.isocalendar()[:2]].append((day, invoice))
    journal = env["account.journal"].search(
        [
            *env["account.journal"]._check_company_domain(env.company),
            ("type", "=", "bank"),
        ],
        limit=1,
    )
    for position, paid in enumerate(weeks.values()):
        if position % REFRESH_EVERY == 0:
            _refresh_statistics(env)
        _load_week_of_payments(env, journal, paid)


def _refresh_statistics(env) -> None:
    """Odoo asks for the payments of each invoice that is paid: half a minute each time
    where the planner takes the tables for empty.
    """
    for model in (
        "account.move",
        "account.move.line",
        "account.partial.reconcile",
        "account.payment",
    ):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(env[model]._table)))


def _load_week_of_payments(env, journal, paid: list) -> None:
    due = [
        line
        for _day, invoice in paid
        for line in invoice.line_ids
        if line.account_id.account_type == "asset_receivable" and not line.reconciled
    ]
    lines = [
        {
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "name": line.move_id.name,
            "currency_id": line.currency_id.id,
            "amount_currency": -line.amount_residual_currency,
            "balance": -line.amount_residual,
        }
        for line in due
    ]
    total = {
        "account_id": journal.default_account_id.id,
        "balance": sum(line.amount_residual for line in due),
    }
    [entry] = _post(
        env,
        [
            {
                "journal_id": journal.id,
                "date": max(day for day, _invoice in paid),
                "line_ids": [Command.create(line) for line in [*lines, total]],
            }
        ],
    )
    received = entry.line_ids.sorted("id")[: len(due)]
    env["account.move.line"]._reconcile_plan(
        [line + other for line, other in zip(due, received, strict=True)]
    )
    env.flush_all()
    env.invalidate_all()


def _post(env, values: list[dict]):
    moves = env["account.move"].create(values)
    moves._post(soft=False)
    env.flush_all()
    env.invalidate_all()
    return moves
