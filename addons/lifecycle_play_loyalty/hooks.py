def post_init_hook(env):
    """The shipped win-back play offers a coupon, unless somebody changed its offer."""
    steps = env["lifecycle.play.step"]._find_shipped("play_win_back_offer")
    plain = env.ref(
        "lifecycle_play.mail_template_win_back_offer", raise_if_not_found=False
    )
    if plain:
        unchanged = steps.filtered(lambda step: step.template_id == plain)
        unchanged.template_id = env.ref(
            "lifecycle_play_loyalty.mail_template_win_back_coupon"
        )


def uninstall_hook(env):
    """The shipped win-back play offers what it did before; what else gives coupons
    pauses now, and not when its message cannot be filled in at night."""
    plain = env.ref(
        "lifecycle_play.mail_template_win_back_offer", raise_if_not_found=False
    )
    shipped = env.ref(
        "lifecycle_play_loyalty.mail_template_win_back_coupon", raise_if_not_found=False
    )
    steps = env["lifecycle.play.step"].with_context(active_test=False)
    if shipped and plain:
        steps.search([("template_id", "=", shipped.id)]).template_id = plain
    others = steps.search([("template_id.coupon_program_id", "!=", False)])
    for play in others.play_id.filtered(lambda play: play.state == "running"):
        play._pause_broken(
            env._(
                "Coupons were uninstalled: choose other templates for the steps that "
                "gave one."
            )
        )
