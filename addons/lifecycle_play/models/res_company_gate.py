from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Read together, but not with the name of the company, which everything asks for.
_PREFETCH = "lifecycle_gate"
_COUNTS = {"lifecycle_message_cap": 100, "lifecycle_duplicate_days": 3650}


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_consent_policy = fields.Selection(
        [
            ("opt_out", "Everybody, unless they opted out"),
            ("opt_in", "Only who opted in"),
        ],
        string="Who may be written to",
        default="opt_out",
        required=True,
        help="Whether silence is consent to messages of plays and rules. What the law "
        "asks for depends on the country.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_message_cap = fields.Integer(
        string="Messages per Week",
        default=2,
        help="At most so many messages to one customer in any seven days, e-mails and "
        "text messages together. 0: no limit.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_duplicate_days = fields.Integer(
        string="Same Message Again after (days)",
        default=7,
        help="The same template does not go to the same contact twice within so many "
        "days. 0: it may.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_quiet = fields.Boolean(
        string="Quiet Hours",
        default=True,
        help="Messages wait until the customer's day begins.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_quiet_from = fields.Float(
        string="Quiet from",
        default=20.0,
        help="Hour of the day, in the time zone of the customer.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_quiet_to = fields.Float(
        string="Quiet until",
        default=8.0,
        help="Hour of the day, in the time zone of the customer.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_complaint_hold = fields.Boolean(
        string="Hold Messages while a Complaint is Open",
        default=True,
        help="Nothing is sent to who waits for an answer to a complaint.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_complaint_tag_ids = fields.Many2many(
        "res.partner.category",
        "res_company_lifecycle_complaint_rel",
        "company_id",
        "category_id",
        string="Complaint Tags",
        help="A contact with one of these tags, or whose company has one, has an open "
        "complaint.",
        groups="base.group_user",
        prefetch=_PREFETCH,
    )

    @api.constrains(*_COUNTS)
    def _check_lifecycle_counts(self):
        for company in self:
            for name, limit in _COUNTS.items():
                if not 0 <= company[name] <= limit:
                    raise ValidationError(
                        self.env._(
                            "%(field)s is %(value)s. Enter a whole number from 0 to "
                            "%(limit)s; 0 switches it off.",
                            field=self._fields[name]._description_string(self.env),
                            value=company[name],
                            limit=limit,
                        )
                    )

    @api.constrains("lifecycle_quiet", "lifecycle_quiet_from", "lifecycle_quiet_to")
    def _check_lifecycle_quiet(self):
        for company in self:
            hours = company.lifecycle_quiet_from, company.lifecycle_quiet_to
            if not all(0 <= hour <= 24 for hour in hours):
                raise ValidationError(
                    self.env._(
                        "Quiet hours from %(begin)s to %(end)s: an hour of the day is "
                        "between 00:00 and 24:00.",
                        begin=hours[0],
                        end=hours[1],
                    )
                )
            if company.lifecycle_quiet and {*hours} == {0, 24}:
                raise ValidationError(
                    self.env._(
                        "Quiet hours of the whole day would hold every message for "
                        "ever. Shorten them, or switch them off."
                    )
                )
