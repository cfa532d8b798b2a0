"""The customer who logs in to the portal: orders of more than a year."""

from datetime import datetime, time, timedelta

from odoo.fields import Command

# Days ago, pieces of each product.
_ORDERS = (
    (432, 6), (371, 4), (310, 9), (248, 5), (187, 8), (126, 6), (84, 10), (40, 7),
)  # fmt: skip


def make_portal_member(env, today):
    """Orders of the demo company's portal user, as they look when confirmed."""
    partner = env.ref("base.partner_demo_portal", raise_if_not_found=False)
    products = env["product.product"].search(
        [
            ("sale_ok", "=", True),
            ("type", "=", "consu"),
            ("company_id", "in", [False, env.company.id]),
            ("list_price", ">", 10),
            ("list_price", "<", 30),
        ],
        order="id desc",
        limit=3,
    )
    if not partner or not products:
        return
    partner.write({"club_date": today - timedelta(days=366 + 130)})
    env["sale.order"].create(
        [
            {
                "company_id": env.company.id,
                "partner_id": partner.id,
                "user_id": env.ref("base.user_admin").id,
                "state": "sale",
                "date_order": datetime.combine(today - timedelta(days=days), time(10)),
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": pieces + number,
                        }
                    )
                    for number, product in enumerate(products)
                ],
            }
            for days, pieces in _ORDERS
        ]
    )
    marks = env["lifecycle.dirty"].with_context(lifecycle_no_recompute=False)
    marks._mark(partner.ids, env.company.ids)
