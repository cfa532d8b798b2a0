from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LifecycleSegment(models.Model):
    """RFM group: a rectangle over recency and FM, the mean of F and M."""

    _name = "lifecycle.segment"
    _inherit = "lifecycle.rule.mixin"
    _description = "RFM Segment"
    _order = "sequence, id"
    _profile_field = "segment_id"
    _rule_fields = {
        "sequence",
        "active",
        "company_id",
        "recency_min",
        "recency_max",
        "value_min",
        "value_max",
        "for_prospects",
    }

    sequence = fields.Integer(
        help="A customer belongs to the first segment, from top to bottom, "
        "whose bounds hold.",
        tracking=True,
    )
    recency_min = fields.Integer(
        string="Recency From",
        default=1,
        help="Lowest recency score, 1 to 5.",
        tracking=True,
    )
    recency_max = fields.Integer(
        string="Recency To",
        default=5,
        help="Highest recency score, 1 to 5.",
        tracking=True,
    )
    value_min = fields.Float(
        string="FM From",
        default=1,
        digits=(2, 1),
        help="Lowest FM, the mean of the frequency and monetary scores "
        "(1 to 5 in steps of 0.5).",
        tracking=True,
    )
    value_max = fields.Float(
        string="FM To",
        default=5,
        digits=(2, 1),
        help="Highest FM, the mean of the frequency and monetary scores "
        "(1 to 5 in steps of 0.5).",
        tracking=True,
    )
    for_prospects = fields.Boolean(
        string="Never Bought",
        help="This segment takes the contacts that have no purchase yet; its "
        "bounds are not used.",
        tracking=True,
    )

    @api.constrains(
        "recency_min", "recency_max", "value_min", "value_max", "for_prospects"
    )
    def _check_bounds(self):
        for segment in self.filtered(lambda s: not s.for_prospects):
            for low, high, label in (
                (segment.recency_min, segment.recency_max, self.env._("Recency")),
                (segment.value_min, segment.value_max, self.env._("FM")),
            ):
                if not 1 <= low <= high <= 5:
                    raise ValidationError(
                        self.env._(
                            "Segment “%(name)s”: %(label)s goes from %(low)s to "
                            "%(high)s. Both must lie between 1 and 5, and the "
                            "first may not be above the second.",
                            name=segment.name,
                            label=label,
                            low=f"{low:g}",
                            high=f"{high:g}",
                        )
                    )
