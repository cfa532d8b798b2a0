from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ChurnLoss(models.Model):
    """One row per customer who was lost, with the reason."""

    _name = "churn.loss"
    _description = "Lost Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, readonly=True, help="Day on which the loss was found."
    )
    reason_id = fields.Many2one(
        "churn.reason",
        required=True,
        ondelete="restrict",
        index=True,
        help="The main reason why the customer left.",
    )
    note = fields.Text(help="What the customer said, in a few words.")
    source = fields.Selection(
        [
            ("manual", "By hand"),
            ("opportunity", "Lost win-back opportunity"),
            ("survey", "Survey"),
        ],
        required=True,
        readonly=True,
        default="manual",
        help="How the reason was learned.",
    )
    lead_id = fields.Many2one(
        "crm.lead", string="Win-Back Opportunity", readonly=True, ondelete="set null"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Salesperson of the customer when it was lost.",
    )
    stage_id = fields.Many2one(
        "lifecycle.stage",
        readonly=True,
        ondelete="set null",
        help="Stage of the customer when it was lost.",
    )
    segment_id = fields.Many2one(
        "lifecycle.segment",
        readonly=True,
        ondelete="set null",
        help="Segment of the customer when it was lost.",
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Main Product Category",
        readonly=True,
        ondelete="set null",
        help="Product category on which the customer spent most.",
    )
    last_order_date = fields.Date(string="Last Order", readonly=True)
    value_lost = fields.Monetary(
        readonly=True,
        help="Net revenue of the 12 months up to the last order: what is missing from "
        "now on every year.",
    )

    _company_date_idx = models.Index("(company_id, date)")

    # -- recording -----------------------------------------------------------

    @api.model
    def _record(
        self, profiles, reason, source="manual", date=None, note=None, lead=None
    ):
        """Record that customers were lost, with everything reported with it.

        A customer is lost once: until it buys again, a second record changes the
        reason of the first.  Nobody may create losses, or figures could be made up;
        whoever calls this has checked that the user may see the customers.

        :param profiles: ``lifecycle.profile`` records
        :param source: a value of the field ``source``; a survey uses "survey"
        :param date: default today in the time zone of each company
        :return: the losses, as superuser
        """
        found = self.sudo().browse()
        for company, group in profiles.sudo().grouped("company_id").items():
            day = date or company._get_lifecycle_today()
            self._check_record(company, group, reason, day)
            values = {"reason_id": reason.id, "source": source, "note": note or False}
            if lead:
                values["lead_id"] = lead.id
            known = self._find_current(company, group)
            known.write(values)
            missing = group.filtered(
                lambda p, k=known: p.partner_id not in k.partner_id
            )
            found |= known | self.sudo().create(
                [
                    {**facts, **values, "date": day, "company_id": company.id}
                    for facts in self._read_facts(company, missing)
                ]
            )
            self.env["churn.save"]._settle(company, group.partner_id.ids)
        return found

    @api.model
    def _find_current(self, company, profiles):
        """Losses since which the customers have not bought."""
        losses = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", profiles.partner_id.ids),
            ]
        )
        last = {profile.partner_id: profile.last_order_date for profile in profiles}
        return losses.filtered(
            lambda loss: not last[loss.partner_id] or loss.date >= last[loss.partner_id]
        )

    @api.model
    def _check_record(self, company, profiles, reason, day):
        if not reason.active:
            raise UserError(
                self.env._(
                    "Reason: “%s” is archived. Choose another one.", reason.display_name
                )
            )
        if day > company._get_lifecycle_today():
            raise UserError(
                self.env._(
                    "Lost On: %s is in the future. Choose today or an earlier day.",
                    format_date(self.env, day),
                )
            )
        for profile in profiles:
            if not profile.order_count:
                raise UserError(
                    self.env._(
                        "%s has never bought anything: who was no customer cannot be "
                        "lost as one.",
                        profile.display_name,
                    )
                )
            if profile.last_order_date > day:
                raise UserError(
                    self.env._(
                        "Lost On: %(customer)s bought on %(order)s, after %(day)s. "
                        "Choose a later day.",
                        customer=profile.display_name,
                        order=format_date(self.env, profile.last_order_date),
                        day=format_date(self.env, day),
                    )
                )
