from odoo.tools import SQL


def uninstall_hook(env):
    """Ways that ended because no cart waited keep a reason that everybody knows."""
    env.cr.execute(
        SQL(
            """UPDATE lifecycle_play_enrollment SET stop_reason = 'hand'
            WHERE stop_reason = 'cart'"""
        )
    )
    env["lifecycle.play.enrollment"].invalidate_model(["stop_reason"], flush=False)
