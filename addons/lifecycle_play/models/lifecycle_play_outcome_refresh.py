"""What customers bought in the time that counts, for all of them at once."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

# Days after the end of a window in which returns still change it.
_SETTLING_DAYS = 60
# More customers than so many are not asked for one by one.
_MANY = 5000


class LifecyclePlayOutcome(models.Model):
    _inherit = "lifecycle.play.outcome"

    @api.model
    def _refresh(self, company):
        """Bring the outcomes of the plays of a company up to today.

        Set-based: one statement, whatever the number of customers.

        :return: number of rows that changed
        """
        self.env.flush_all()
        today = company._get_lifecycle_today()
        todo = self._select_todo(company, today)
        [[since, customers, some]] = self.env.execute_query(
            SQL(
                """SELECT MIN(start_day), COUNT(DISTINCT partner_id),
                    (ARRAY_AGG(DISTINCT partner_id))[:%s] FROM (%s) todo""",
                _MANY,
                todo,
            )
        )
        if not since:
            return 0
        transactions = self.env["lifecycle.transaction"]
        scope = transactions._get_scope(
            company, partner_ids=some if customers <= _MANY else None, since=since
        )
        changing = {
            SQL.identifier(name): SQL(self._fields[name].column_type[1])
            for name in self._get_changing()
        }
        # what is as it was is not even locked
        [[count]] = self.env.execute_query(
            SQL(
                """WITH todo AS MATERIALIZED (%(todo)s),
                bought AS (
                    SELECT todo.enrollment_id, todo.step_id, SUM(t.amount) AS revenue,
                        COUNT(*) FILTER (WHERE t.is_order) AS orders
                    FROM (%(purchases)s) t
                    JOIN res_partner p ON p.id = t.contact_id
                    JOIN todo ON todo.partner_id = p.commercial_partner_id
                        AND t.day > todo.start_day AND t.day <= todo.until_day
                    GROUP BY todo.enrollment_id, todo.step_id
                ), extra AS (
                    SELECT todo.enrollment_id, todo.step_id,
                        SUM(t.discount) AS discount, SUM(t.goods) AS goods
                    FROM (%(extras)s) t
                    JOIN res_partner p ON p.id = t.contact_id
                    JOIN todo ON todo.partner_id = p.commercial_partner_id
                        AND t.day > todo.start_day AND t.day <= todo.until_day
                    GROUP BY todo.enrollment_id, todo.step_id
                ), sent AS (%(sent)s), messages AS (
                    SELECT enrollment_id, step_id, COUNT(*) AS number FROM sent
                    WHERE step_id IS NOT NULL
                    GROUP BY enrollment_id, step_id
                    UNION ALL
                    SELECT enrollment_id, NULL, COUNT(*) FROM sent
                    GROUP BY enrollment_id
                ), news AS MATERIALIZED (
                SELECT todo.enrollment_id, todo.play_id, todo.step_id, todo.partner_id,
                    %(company)s AS company_id, todo.arm, todo.start_day,
                    todo.until_day, todo.until_day < %(today)s AS complete,
                    todo.until_day < %(settled)s AS final, 1 AS customer_count,
                    LEAST(COALESCE(b.orders, 0), 1) AS buyer_count,
                    COALESCE(b.orders, 0) AS order_count,
                    COALESCE(b.revenue, 0) AS revenue,
                    CASE WHEN %(has_margin)s
                        THEN COALESCE(b.revenue, 0) - COALESCE(x.goods, 0) END
                        AS margin,
                    COALESCE(x.discount, 0) AS discount,
                    COALESCE(m.number, 0) AS message_count,
                    COALESCE(m.number, 0) * COALESCE(play.cost_per_contact, 0) AS cost,
                    todo.known_id
                FROM todo
                JOIN lifecycle_play play ON play.id = todo.play_id
                LEFT JOIN bought b ON b.enrollment_id = todo.enrollment_id
                    AND b.step_id IS NOT DISTINCT FROM todo.step_id
                LEFT JOIN extra x ON x.enrollment_id = todo.enrollment_id
                    AND x.step_id IS NOT DISTINCT FROM todo.step_id
                LEFT JOIN messages m ON m.enrollment_id = todo.enrollment_id
                    AND m.step_id IS NOT DISTINCT FROM todo.step_id
                ), changed AS (
                    UPDATE lifecycle_play_outcome known SET %(updates)s
                    FROM news WHERE news.known_id = known.id
                        AND (%(old)s) IS DISTINCT FROM (%(new)s)
                    RETURNING 1
                ), added AS (
                    INSERT INTO lifecycle_play_outcome (%(columns)s)
                    SELECT %(columns)s FROM news WHERE known_id IS NULL
                    RETURNING 1
                )
                SELECT (SELECT COUNT(*) FROM changed) + (SELECT COUNT(*) FROM added)
                """,
                todo=todo,
                purchases=transactions._get_contact_query(company, scope),
                extras=self._select_extras(company, scope),
                sent=self._select_sent(company),
                has_margin=self._has_margin(company),
                company=company.id,
                today=today,
                settled=today - timedelta(days=_SETTLING_DAYS),
                updates=SQL(", ").join(
                    SQL("%s = news.%s", name, name) for name in changing
                ),
                old=SQL(", ").join(SQL("known.%s", name) for name in changing),
                # as the column would keep it
                new=SQL(", ").join(
                    SQL("news.%s::%s", name, kind) for name, kind in changing.items()
                ),
                columns=SQL(", ").join(
                    [
                        *map(SQL.identifier, ("enrollment_id", "play_id", "step_id")),
                        *map(SQL.identifier, ("company_id", "arm", "start_day")),
                        SQL.identifier("customer_count"),
                        *changing,
                    ]
                ),
            )
        )
        self.invalidate_model(flush=False)
        return count

    @api.model
    def _get_changing(self):
        return (
            "partner_id",
            "until_day",
            "complete",
            "final",
            "buyer_count",
            "order_count",
            "revenue",
            "margin",
            "discount",
            "message_count",
            "cost",
        )

    @api.model
    def _select_todo(self, company, today):
        """Windows whose outcome is not final: one per enrollment, one per step."""
        local_day = self.env["lifecycle.transaction"]._get_scope(company).local_day
        return SQL(
            """SELECT span.*, known.id AS known_id FROM (
                SELECT way.enrollment_id, way.play_id, way.step_id, way.partner_id,
                    way.arm, way.start_day,
                    LEAST(way.start_day + play.outcome_days, COALESCE(
                        LEAD(way.start_day) OVER (
                            PARTITION BY way.play_id, way.step_id, way.partner_id
                            ORDER BY way.start_day, way.enrollment_id
                        ), 'infinity'
                    )) AS until_day
                FROM (
                    SELECT id AS enrollment_id, play_id, NULL::int AS step_id,
                        partner_id, arm, entered_day AS start_day
                    FROM lifecycle_play_enrollment WHERE company_id = %(company)s
                    UNION ALL
                    SELECT enrollment_id, play_id, step_id, partner_id, arm,
                        %(step_day)s
                    FROM lifecycle_play_execution
                    WHERE company_id = %(company)s
                        AND COALESCE(reason, '') <> 'condition'
                ) way JOIN lifecycle_play play ON play.id = way.play_id
            ) span
            LEFT JOIN lifecycle_play_outcome known
                ON known.enrollment_id = span.enrollment_id
                AND COALESCE(known.step_id, 0) = COALESCE(span.step_id, 0)
            WHERE known.final IS NOT TRUE OR known.until_day <> span.until_day""",
            company=company.id,
            step_day=local_day(SQL("date")),
        )

    @api.model
    def _select_sent(self, company):
        """SELECT of ``enrollment_id, step_id`` of the messages that went out.

        An addon that sends for a play in another way adds its messages, of no step.
        """
        return SQL(
            """SELECT x.enrollment_id, x.step_id FROM lifecycle_play_execution x
            JOIN lifecycle_play_step s ON s.id = x.step_id AND s.is_message
            WHERE x.company_id = %s AND x.state = 'done'""",
            company.id,
        )

    @api.model
    def _has_margin(self, company):
        """Whether the purchases of a company carry their margin."""
        return (
            company.lifecycle_source == "sale_order"
            and "margin" in self.env["sale.order.line"]._fields
        )

    @api.model
    def _select_extras(self, company, scope):
        """What purchases gave away and what they cost, by contact and day.

        SELECT of ``contact_id, day, discount, goods``, in the currency of the company;
        ``goods`` is the cost of what was sold, 0 where it is not known.  Negative lines
        are rewards and rebates.
        """
        if company.lifecycle_source == "invoice":
            return SQL(
                """SELECT m.partner_id AS contact_id, m.invoice_date AS day,
                    SUM(CASE WHEN l.price_subtotal < 0 THEN l.balance
                        WHEN l.discount >= 100 THEN 0
                        ELSE -l.balance * COALESCE(l.discount, 0)
                            / (100 - COALESCE(l.discount, 0)) END) AS discount,
                    0 AS goods
                FROM account_move m
                JOIN account_move_line l ON l.move_id = m.id
                    AND l.display_type = 'product'
                WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
                    AND m.company_id = %s AND %s AND %s
                GROUP BY m.id""",
                scope.company_id,
                scope.day_condition(SQL("m.invoice_date")),
                scope.contact_condition(SQL("m.partner_id")),
            )
        goods = SQL("0")
        if self._has_margin(company):
            goods = SQL("l.price_subtotal - COALESCE(l.margin, 0)")
        return SQL(
            """SELECT so.partner_id AS contact_id, %(day)s AS day,
                SUM((CASE WHEN l.price_subtotal < 0 THEN -l.price_subtotal
                    WHEN l.discount >= 100 THEN l.price_unit * l.product_uom_qty
                    ELSE l.price_subtotal * COALESCE(l.discount, 0)
                        / (100 - COALESCE(l.discount, 0)) END)
                    / COALESCE(NULLIF(so.currency_rate, 0), 1)) AS discount,
                SUM((%(goods)s) / COALESCE(NULLIF(so.currency_rate, 0), 1)) AS goods
            FROM sale_order so
            JOIN sale_order_line l ON l.order_id = so.id AND l.display_type IS NULL
                AND l.is_downpayment IS NOT TRUE
            WHERE so.state = 'sale' AND so.company_id = %(company)s AND %(in_time)s
                AND %(asked)s
            GROUP BY so.id""",
            day=scope.local_day(SQL("so.date_order")),
            goods=goods,
            company=scope.company_id,
            in_time=scope.moment_condition(SQL("so.date_order")),
            asked=scope.contact_condition(SQL("so.partner_id")),
        )
