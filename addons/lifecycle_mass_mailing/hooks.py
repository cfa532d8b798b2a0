from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


def post_init_hook(env):
    """Mailings there are belong to the company of who is responsible for them.

    Nothing is sent, and no choice of recipients is changed.
    """
    env.flush_all()
    env.cr.execute(
        SQL(
            """UPDATE mailing_mailing mailing
            SET lifecycle_company_id = users.company_id,
                lifecycle_user_id = users.id
            FROM res_users users WHERE users.id = mailing.user_id"""
        )
    )
    env["mailing.mailing"].invalidate_model(flush=False)


def uninstall_hook(env):
    """The plays that stand for mailings mean nothing without them.

    Mailings to a stage or a list of customers that wait are taken back: their choice
    is about to go, and with it the gate and who is held out.
    """
    mailings = env["mailing.mailing"].with_context(active_test=False)
    waiting = mailings.search(
        [("lifecycle_scored", "=", True), ("state", "in", ("in_queue", "sending"))]
    )
    waiting.action_cancel()
    plays = env["lifecycle.play"].with_context(
        active_test=False, **{MODULE_UNINSTALL_FLAG: True}
    )
    plays.search([("mailing_id", "!=", False)]).unlink()
