def post_init_hook(env):
    """The shipped play asks with the survey, unless somebody changed its question."""
    steps = env["lifecycle.play.step"]._find_shipped("play_ask_why_step")
    plain = env.ref("lifecycle_play.mail_template_ask_why", raise_if_not_found=False)
    if plain:
        unchanged = steps.filtered(lambda step: step.template_id == plain)
        unchanged.template_id = env.ref(
            "lifecycle_play_survey.mail_template_ask_why_survey"
        )


def uninstall_hook(env):
    """The shipped play asks as it did before: the link to the survey is gone."""
    plain = env.ref("lifecycle_play.mail_template_ask_why", raise_if_not_found=False)
    shipped = env.ref(
        "lifecycle_play_survey.mail_template_ask_why_survey", raise_if_not_found=False
    )
    steps = env["lifecycle.play.step"].with_context(active_test=False)
    if shipped and plain:
        steps.search([("template_id", "=", shipped.id)]).template_id = plain
