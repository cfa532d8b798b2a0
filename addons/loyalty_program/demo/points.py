"""Points of the orders since the club began, as confirming them gives them."""

from odoo.tools import SQL

# Of the cashback: invoices paid in so many days before today.
_CASHBACK_DAYS = 120
_SPENDERS = 5


def fill_ledger(env, club, company):
    _make_cards(env, club, company)
    _earn(env, club, company)
    _take_back(env, club, company)
    _expire(env, club)
    _celebrate(env, club)
    _pay_back(env, club, company)
    _spend(env, club, company)
    _disagree(env, club)


def _make_cards(env, club, company):
    rows = env.execute_query(
        SQL(
            """SELECT DISTINCT p.commercial_partner_id FROM sale_order so
            JOIN res_partner p ON p.id = so.partner_id
            WHERE so.order_tier_id IS NOT NULL AND so.company_id = %s
            ORDER BY 1""",
            company.id,
        )
    )
    env["loyalty.card"].create(
        [{"program_id": club.id, "partner_id": row[0], "points": 0} for row in rows]
    )
    env.flush_all()


def _earn(env, club, company):
    """Entries, Odoo's own history, what each order gave, and the cards."""
    env.cr.execute(
        SQL(
            """WITH given AS (
                SELECT so.id AS order_id, so.date_order, so.name, so.amount_untaxed,
                    c.id AS card_id, c.code, c.partner_id,
                    ROUND((so.amount_total * so.order_tier_multiplier)::numeric, 2)
                        AS points,
                    (SELECT jsonb_agg(sol.id) FROM sale_order_line sol
                     WHERE sol.order_id = so.id AND sol.display_type IS NULL) AS lines
                FROM sale_order so
                JOIN res_partner p ON p.id = so.partner_id
                JOIN loyalty_card c ON c.partner_id = p.commercial_partner_id
                    AND c.program_id = %(club)s
                WHERE so.order_tier_id IS NOT NULL AND so.company_id = %(company)s
                  AND so.amount_total > 0
            ), entries AS (
                INSERT INTO loyalty_ledger (
                    card_id, card_code, program_id, partner_id, company_id, date, day,
                    kind, points, order_id, base_amount, base_line_ids, recorded)
                SELECT card_id, code, %(club)s, partner_id, %(company)s, date_order,
                    date_order::date, 'earn', points, order_id, amount_untaxed, lines,
                    date_order
                FROM given ORDER BY given.date_order, given.order_id
            ), history AS (
                INSERT INTO loyalty_history (
                    card_id, description, issued, used, order_model, order_id,
                    create_date, write_date)
                SELECT card_id, 'Order ' || name, points, 0, 'sale.order', order_id,
                    date_order, date_order
                FROM given ORDER BY given.date_order, given.order_id
            )
            INSERT INTO sale_order_coupon_points (order_id, coupon_id, points)
            SELECT order_id, card_id, points FROM given""",
            club=club.id,
            company=company.id,
        )
    )
    _balance(env, club)


def _balance(env, club):
    """Cards have what the ledger says; each is as old as its first points."""
    env.cr.execute(
        SQL(
            """UPDATE loyalty_card c SET points = found.points,
                create_date = found.first
            FROM (SELECT card_id, SUM(points) AS points, MIN(date) AS first
                  FROM loyalty_ledger WHERE program_id = %s GROUP BY card_id) found
            WHERE found.card_id = c.id""",
            club.id,
        )
    )
    env.invalidate_all()


def _take_back(env, club, company):
    """Credit notes take points back, on their own day."""
    ledger = env["loyalty.ledger"]
    orders = ledger.search([("program_id", "=", club.id)]).order_id
    notes = orders.invoice_ids.filtered(
        lambda move: move.move_type == "out_refund" and move.state == "posted"
    )
    for note in notes.sorted("invoice_date"):
        ledger._settle_orders(note.line_ids.sale_line_ids.order_id & orders, note)
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE loyalty_ledger l SET day = m.invoice_date,
                date = m.invoice_date + TIME '10:00'
            FROM account_move m WHERE m.id = l.move_id AND l.program_id = %s""",
            club.id,
        )
    )
    env.invalidate_all()


def _expire(env, club):
    """What was not spent for a year is gone since the day after its last."""
    env["loyalty.lot"]._expire(club)
    env.cr.execute(
        SQL(
            """UPDATE loyalty_ledger l SET day = late.day, date = late.day
            FROM (
                SELECT id, (day + make_interval(months => %(months)s))::date + 1 AS day
                FROM loyalty_ledger
            ) late
            WHERE late.id = l.source_id AND l.kind = 'expire'
              AND l.program_id = %(club)s""",
            months=club.point_life_months,
            club=club.id,
        )
    )
    env.invalidate_all()


def _celebrate(env, club):
    """Points for the anniversary of who has a date: the portal's user."""
    cards = env["loyalty.card"].search(
        [("program_id", "=", club.id), ("partner_id.club_date", "!=", False)]
    )
    for card in cards:
        card._because("gift", note="Anniversary").points += club.celebration_points


def _pay_back(env, club, company):
    """Cashback of what was paid lately."""
    invoices = env["account.move"].search(
        [
            ("company_id", "=", company.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "=", "paid"),
            ("invoice_date", ">=", f"today -{_CASHBACK_DAYS}d"),
        ],
        order="invoice_date, id",
    )
    env["loyalty.ledger"]._give_cashback(invoices)
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE loyalty_ledger l SET day = m.invoice_date_due,
                date = m.invoice_date_due + TIME '10:00'
            FROM account_move m WHERE m.id = l.move_id AND l.kind = 'cashback'
              AND m.invoice_date_due <= l.day""",
        )
    )
    env.invalidate_all()


def _spend(env, club, company):
    """Orders that spend points, made as a salesperson makes them."""
    reward = club.reward_ids[:1]
    cards = env["loyalty.card"].search(
        [("program_id", "=", club.id), ("points", ">=", 2 * reward.required_points)],
        order="points desc, id",
        limit=_SPENDERS,
    )
    portal = env.ref("base.partner_demo_portal", raise_if_not_found=False)
    if portal:
        own = env["loyalty.card"].search(
            [
                ("program_id", "=", club.id),
                ("partner_id", "=", portal.commercial_partner_id.id),
                ("points", ">=", reward.required_points),
            ]
        )
        cards |= own
    spent = {}
    for number, card in enumerate(cards):
        last = env["sale.order"].search(
            [
                ("partner_id", "child_of", card.partner_id.id),
                ("company_id", "=", company.id),
                ("currency_id", "=", club.currency_id.id),
                ("state", "=", "sale"),
            ],
            order="date_order desc",
            limit=1,
        )
        if not last:
            continue  # buys in another currency
        order = last.copy()
        order._update_programs_and_rewards()
        order._apply_program_reward(reward, card)
        order.with_context(skip_procurement=True).action_confirm()
        spent[order.id] = number * 9
    _date_orders(env, spent)


def _date_orders(env, days):
    """Not all of them today: so many days ago, by id of the order."""
    env.flush_all()
    for query in (
        """UPDATE sale_order o SET date_order = o.date_order - odd.age
        FROM (%s) odd WHERE odd.id = o.id""",
        """UPDATE loyalty_ledger l SET date = l.date - odd.age,
            day = (l.day - odd.age)::date, recorded = l.recorded - odd.age
        FROM (%s) odd WHERE odd.id = l.order_id""",
    ):
        ages = SQL(
            """SELECT id, make_interval(days => days) AS age
            FROM unnest(%s::int[], %s::int[]) given (id, days)""",
            list(days),
            list(days.values()),
        )
        env.cr.execute(SQL(query, ages))
    env.invalidate_all()


def _disagree(env, club):
    """Somebody changed two cards past Odoo: the nightly proof lists them."""
    cards = env["loyalty.card"].search(
        [
            ("program_id", "=", club.id),
            ("points", ">", 300),
            ("partner_id.club_date", "=", False),
        ],
        order="id",
        limit=3,
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE loyalty_card c SET points = c.points + odd.points
            FROM unnest(%s::int[], %s::int[]) odd (id, points) WHERE c.id = odd.id""",
            cards.ids,
            [250, -40, 15][: len(cards)],
        )
    )
    env.invalidate_all()
    differences = env["loyalty.ledger.difference"]
    differences._cron_prove()
    differences.search([("card_id", "=", cards[2:].id)]).action_accept()
