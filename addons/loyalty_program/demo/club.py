"""The programmes: points club with four tiers, its wallet, and a welcome coupon."""

from odoo import Command

# Perks of each tier, beside the multipliers that it comes with.
_PERKS = {
    "Bronze": {"description": "Welcome! Each order brings points."},
    "Silver": {
        "cashback_percent": 1,
        "description": "A quarter more points, and 1 % of what you pay comes back.",
    },
    "Gold": {
        "cashback_percent": 2,
        "description": "Half as many points again, 2 % back, and a coupon at first.",
    },
    "Platinum": {
        "cashback_percent": 3,
        "description": "Twice the points, 3 % back, and 30 days to pay.",
    },
}


def make_club(env):
    """The programmes as a manager makes them: from the ready-made ones."""
    programs = env["loyalty.program"]
    action = programs.create_from_template("points_club")
    club = programs.browse(action["res_id"])
    wallet = _make_wallet(env)
    coupon = _make_coupon(env)
    club.write(
        {
            "name": "Heron Club",
            "sequence": 1,
            "card_per_company": True,
            "cashback_program_id": wallet.id,
            "celebration_points": 50,
            # the demo company writes to nobody
            "point_reminder_template_id": False,
            "celebration_template_id": False,
            "reward_ids": [
                Command.clear(),
                Command.create(
                    {
                        "discount_mode": "per_order",
                        "discount": 20,
                        "required_points": 400,
                    }
                ),
            ],
        }
    )
    for tier in club.tier_ids:
        tier.write(_PERKS.get(tier.name, {}))
    _bronze, _silver, gold, platinum = club.tier_ids
    gold.welcome_program_id = coupon
    gold.tag_id = env["res.partner.category"].create({"name": "Gold Club"})
    platinum.payment_term_id = env.ref("account.account_payment_term_30days", False)
    club.reward_ids = [
        Command.create(
            {
                "discount": 10,
                "required_points": 1000,
                "min_tier_id": gold.id,
            }
        )
    ]
    _name(env, demo_club=club, demo_wallet=wallet, demo_welcome=coupon)
    return club


def _make_wallet(env):
    programs = env["loyalty.program"].with_context(menu_type="gift_ewallet")
    action = programs.create_from_template("cashback")
    wallet = programs.browse(action["res_id"])
    # only members of a tier get some
    wallet.write({"name": "Heron Wallet", "cashback_percent": 0})
    wallet.point_reminder_template_id = False
    return wallet


def _make_coupon(env):
    programs = env["loyalty.program"]
    defaults = programs._program_type_default_values()["coupons"]
    coupon = programs.create(
        {"name": "Welcome to Gold", "program_type": "coupons", **defaults}
    )
    # given by the club, quietly
    coupon.communication_plan_ids.unlink()
    return coupon


def _name(env, **records):
    env["ir.model.data"]._update_xmlids(
        [
            {
                "xml_id": f"loyalty_program.{name}",
                "record": record,
                "noupdate": True,
            }
            for name, record in records.items()
        ]
    )
