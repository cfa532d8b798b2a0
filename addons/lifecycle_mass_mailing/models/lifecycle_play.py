from odoo import fields, models


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    mailing_id = fields.Many2one(
        "mailing.mailing",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="The mailing whose customers these are: such a play does nothing, it "
        "reports what the mailing earned.",
    )

    _mailing_uniq = models.UniqueIndex("(mailing_id) WHERE mailing_id IS NOT NULL")
