from odoo import models

from odoo.addons.rating.models.rating_data import RATING_LIMIT_OK


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def rating_apply(self, rate, *args, **kwargs):
        """A bad rating starts the plays that wait for one."""
        rating = super().rating_apply(rate, *args, **kwargs)
        if 0 < rate < RATING_LIMIT_OK:
            self._enter_plays("bad_rating")
        return rating
