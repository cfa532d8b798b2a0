"""The least that any engine must do: read every order once, write a row for each
customer.

The bare aggregate by customer, and COPY of its result into an empty narrow table,
committed.  No time zones, no currencies, no returns, no scores, no indexes.
"""

import io

from odoo.tools import SQL

from . import timing

TABLE = "bench_floor"


def measure(cr, times):
    """Samples in seconds; the least of them is the floor."""
    print("- floor", flush=True)
    seconds = []
    for _attempt in range(times):
        cr.execute(
            SQL(
                """CREATE TABLE %s (partner_id int, orders int, amount numeric,
                first_date timestamp, last_date timestamp)""",
                SQL.identifier(TABLE),
            )
        )
        cr.commit()
        seconds.append(timing.stopwatch(_aggregate, cr)[0])
        cr.execute(SQL("DROP TABLE %s", SQL.identifier(TABLE)))
        cr.commit()
    print(f"  {min(seconds):7.2f} s, the best of {times}", flush=True)
    return [round(value, 4) for value in seconds]


def _aggregate(cr):
    buffer = io.BytesIO()
    cr._obj.copy_expert(
        """COPY (SELECT partner_id, count(*), sum(amount_untaxed), min(date_order),
            max(date_order) FROM sale_order WHERE state = 'sale' GROUP BY partner_id)
        TO STDOUT""",
        buffer,
    )
    buffer.seek(0)
    cr._obj.copy_expert("COPY bench_floor FROM STDIN", buffer)
    cr.commit()
