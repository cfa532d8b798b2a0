from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def uninstall_hook(env):
    """Take away the server actions that steps made: they would be left, with nothing
    to run."""
    actions = env["ir.actions.server"].with_context(
        active_test=False, **{MODULE_UNINSTALL_FLAG: True}
    )
    actions.search([("lifecycle_step_id", "!=", False)]).unlink()
