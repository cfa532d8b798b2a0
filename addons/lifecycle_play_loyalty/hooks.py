def post_init_hook(env):
    """The shipped win-back play offers a coupon, unless somebody changed its offer."""
    step = env.ref("lifecycle_play.play_win_back_offer", raise_if_not_found=False)
    plain = env.ref(
        "lifecycle_play.mail_template_win_back_offer", raise_if_not_found=False
    )
    if step and plain and step.template_id == plain:
        step.template_id = env.ref(
            "lifecycle_play_loyalty.mail_template_win_back_coupon"
        )
