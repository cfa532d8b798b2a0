from odoo import api, models
from odoo.exceptions import UserError

from .lifecycle_engine import ChurnRequest

_MAX_HORIZON = 365


class LifecycleScore(models.AbstractModel):
    """Churn and expected value of a day, by a model trained on what was known then."""

    _inherit = "lifecycle.score"

    @api.model
    def _check_horizon(self, horizon):
        if horizon is not None and not 1 <= horizon <= _MAX_HORIZON:
            raise UserError(
                self.env._(
                    "Horizon: %(days)s is not possible. Enter a whole number of days "
                    "from 1 to %(limit)s, or leave it empty for the horizon of the "
                    "settings.",
                    days=horizon,
                    limit=_MAX_HORIZON,
                )
            )

    @api.model
    def _stage(self, engine, company, as_of, horizon):
        today = company._get_lifecycle_today()
        if horizon is not None or as_of < today:
            # nothing that was learned later may help
            engine = engine.with_context(churn_request=ChurnRequest(horizon))
        return super()._stage(engine, company, as_of, horizon)

    @api.model
    def _get_profile_fields(self, profiles):
        # kept for the next night, of no use to a reader
        hidden = {"churn_offset", "value_factor"}
        names = super()._get_profile_fields(profiles)
        return [name for name in names if name not in hidden]
