from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def post_init_hook(env):
    """Since when customers wait, and when they were answered, from the past."""
    env["helpdesk.ticket"]._read_past_answers()


def uninstall_hook(env):
    """Take away the server actions that steps with tickets made."""
    steps = env["lifecycle.play.step"].with_context(active_test=False)
    actions = steps.search([("kind", "=", "ticket")]).action_id
    actions.filtered("lifecycle_step_id").with_context(
        **{MODULE_UNINSTALL_FLAG: True}
    ).unlink()
