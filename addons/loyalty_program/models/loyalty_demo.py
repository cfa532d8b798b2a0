from odoo import api, fields, models

# As orders are loaded: nobody hears of it, nothing is computed in between.
SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_notrack": True,
    "mail_activity_automation_skip": True,
    "loyalty_no_mail": True,
    "lifecycle_no_recompute": True,
    # rules that change ask for no run: the days are gone through here
    "install_mode": True,
}


class LoyaltyDemo(models.AbstractModel):
    """The club of the demo company, fifteen months old; nothing is sent by it.

    What it consists of is made by ``demo/``, imported only when demo data is loaded.
    """

    _name = "loyalty.demo"
    _description = "Demo Loyalty Club"

    @api.model
    def _generate(self, today=None):
        """Make the club of the first company; do nothing where it is already.

        :param today: the day that the dates are relative to
        :return: whether it was made now
        """
        if self.env.ref("loyalty_program.demo_club", raise_if_not_found=False):
            return False
        from ..demo.club import make_club
        from ..demo.life import live
        from ..demo.member import make_portal_member
        from ..demo.points import fill_ledger

        company = self.env.ref("base.main_company")
        context = {
            **self.env.context,
            **SILENT,
            "allowed_company_ids": company.ids,
            "lang": "en_US",
        }
        env = self.env(su=True, context=context)
        company = company.with_env(env)
        today = today or fields.Date.today()
        club = make_club(env)
        make_portal_member(env, today)
        live(env, club, company, today)
        fill_ledger(env, club, company)
        return True
