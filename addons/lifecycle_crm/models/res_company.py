from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.res_partner import _tz_get

from ..scoring.bands import format_bands, parse_bands

# Read together, but not with the name of the company, which everything asks for.
_PREFETCH = "lifecycle"
_BAND_FIELDS = (
    "lifecycle_rfm_recency_bands",
    "lifecycle_rfm_frequency_bands",
    "lifecycle_rfm_monetary_bands",
)
_PERIOD_LIMITS = {
    "lifecycle_rfm_months": 120,
    "lifecycle_lapse_days": 3650,
}
# A change of one of these moves customers without anything having happened.
_RULE_FIELDS = {
    "lifecycle_source",
    "lifecycle_tz",
    "lifecycle_lapse_auto",
    "lifecycle_lapse_days",
    "lifecycle_rfm_months",
    "lifecycle_rfm_recency_method",
    "lifecycle_rfm_frequency_method",
    "lifecycle_rfm_monetary_method",
    *_BAND_FIELDS,
}


class ResCompany(models.Model):
    _inherit = "res.company"

    lifecycle_source = fields.Selection(
        [
            ("sale_order", "Confirmed sales orders, less their credit notes"),
            ("invoice", "Posted invoices and credit notes"),
        ],
        string="Purchases are counted from",
        default="sale_order",
        required=True,
        help="What counts as a purchase when customers are scored. Imported "
        "purchase history counts in either case.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_tz = fields.Selection(
        _tz_get,
        string="Time Zone of the Scores",
        help="Decides on which day a purchase falls and when a new day begins. "
        "Empty: the time zone of the company's own contact, else UTC.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_lapse_auto = fields.Boolean(
        string="Find the lapse period from purchase history",
        default=True,
        help="On: a customer has lapsed after the time within which 95 % of all "
        "repeat purchases of this company happen, and not before 90 days.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_lapse_days = fields.Integer(
        string="Lapsed after (days)",
        default=365,
        required=True,
        help="Days without a purchase after which a customer counts as lapsed.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_months = fields.Integer(
        string="RFM Window (months)",
        default=24,
        required=True,
        help="Purchases of this many months count for frequency and monetary "
        "value. A customer whose last purchase is older scores 1-1-1.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_recency_method = fields.Selection(
        "_selection_rfm_method",
        string="Recency Scale",
        default="quantile",
        required=True,
        help="How days since the last purchase become a score from 1 to 5.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_recency_bands = fields.Char(
        string="Recency Bands",
        default="30, 90, 180, 365",
        help="Days since the last purchase, ascending: up to the first number "
        "scores 5, up to the second 4, up to the third 3, up to the fourth 2, "
        "later 1.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_frequency_method = fields.Selection(
        "_selection_rfm_method",
        string="Frequency Scale",
        default="bands",
        required=True,
        help="How the number of purchases becomes a score from 1 to 5.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_frequency_bands = fields.Char(
        string="Frequency Bands",
        default="2, 3, 5, 10",
        help="Number of orders from which a customer scores 2, 3, 4 and 5.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_monetary_method = fields.Selection(
        "_selection_rfm_method",
        string="Monetary Scale",
        default="quantile",
        required=True,
        help="How net revenue becomes a score from 1 to 5.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )
    lifecycle_rfm_monetary_bands = fields.Char(
        string="Monetary Bands",
        default="100, 500, 1000, 5000",
        help="Net untaxed revenue, in the company's currency, from which a "
        "customer scores 2, 3, 4 and 5.",
        groups="base.group_user",
        prefetch=_PREFETCH,
        tracking=True,
    )

    lifecycle_onboarding = fields.Selection(
        [("open", "To Do"), ("confirmed", "Confirmed"), ("done", "Closed")],
        string="First Steps with the Lifecycle",
        default="open",
        required=True,
        help="Whether the panel of the first steps is on the dashboard. Confirmed: "
        "until the first computation is done.",
        groups="base.group_user",
        prefetch=_PREFETCH,
    )

    @api.model
    def _selection_rfm_method(self):
        return [
            ("quantile", self.env._("Quintiles: five groups of equal size, by rank")),
            ("bands", self.env._("Fixed bands")),
        ]

    @api.constrains(*_PERIOD_LIMITS)
    def _check_lifecycle_periods(self):
        for company in self:
            for name, limit in _PERIOD_LIMITS.items():
                value = company[name]
                if not 1 <= value <= limit:
                    raise ValidationError(
                        self.env._(
                            "%(field)s is %(value)s. Enter a whole number from "
                            "1 to %(limit)s.",
                            field=self._fields[name]._description_string(self.env),
                            value=value,
                            limit=limit,
                        )
                    )

    @api.constrains(
        "lifecycle_rfm_recency_method",
        "lifecycle_rfm_frequency_method",
        "lifecycle_rfm_monetary_method",
        *_BAND_FIELDS,
    )
    def _check_lifecycle_bands(self):
        for company in self:
            for name in _BAND_FIELDS:
                company._check_lifecycle_band(name)

    def _check_lifecycle_band(self, name):
        """Refuse bands that do not parse, in words that say how to mend them."""
        if not self[name] and self[name.replace("bands", "method")] != "bands":
            return
        try:
            bands = parse_bands(self[name])
            if bands[0] < 0 and name != "lifecycle_rfm_monetary_bands":
                raise ValueError("negative")
        except ValueError as error:
            mends = {
                "number": self.env._("Only numbers may stand there."),
                "count": self.env._(
                    "There must be four numbers between the five scores."
                ),
                "order": self.env._("Each number must be larger than the one before."),
                "negative": self.env._("No number may be below 0."),
            }
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(value)s” cannot be used. %(mend)s Example: "
                    "%(example)s",
                    field=self._fields[name]._description_string(self.env),
                    value=self[name] or "",
                    mend=mends[str(error)],
                    example="2, 3, 5, 10",
                )
            ) from error

    # -- the own contacts of companies are no customers ------------------------

    def _create(self, data_list):
        companies = super()._create(data_list)
        partners = {data["stored"].get("partner_id") for data in data_list}
        created = self.env.cr.precommit.data.get("lifecycle.created", set())
        self.env["lifecycle.dirty"]._mark(partners - created)
        return companies

    def _write_multi(self, vals_list):
        moved = [
            (company.id, vals["partner_id"])
            for company, vals in zip(self, vals_list, strict=True)
            if "partner_id" in vals
        ]
        if moved:
            former = self.env.execute_query(
                SQL(
                    "SELECT partner_id FROM res_company WHERE id = ANY(%s)",
                    [company_id for company_id, _partner_id in moved],
                )
            )
            partners = {partner_id for _company_id, partner_id in moved}
            partners.update(partner_id for (partner_id,) in former)
            self.env["lifecycle.dirty"]._mark(partners)
        return super()._write_multi(vals_list)

    def write(self, vals):
        vals = dict(vals)
        for name in _BAND_FIELDS:
            if vals.get(name):
                vals[name] = self._normalize_lifecycle_bands(vals[name])
        changed = {
            company: any(
                name in vals and company[name] != vals[name] for name in _RULE_FIELDS
            )
            for company in self
        }
        # that of its own contact, where it has none
        zones = {
            company: company._get_lifecycle_tz()
            for company in self
            if "partner_id" in vals
        }
        result = super().write(vals)
        for company, rules_changed in changed.items():
            moved = company in zones and zones[company] != company._get_lifecycle_tz()
            if rules_changed or moved:
                self.env["lifecycle.run"]._request(company, reason="rules", quiet=True)
        return result

    def unlink(self):
        company_ids = self.ids
        result = super().unlink()
        # neither has a foreign key
        self.env["lifecycle.snapshot"]._forget_companies(company_ids)
        self.env["lifecycle.profile"]._forget_targets(self._name, company_ids)
        return result

    @api.model
    def _normalize_lifecycle_bands(self, text):
        try:
            return format_bands(parse_bands(text))
        except ValueError:
            return text  # the constraint explains

    def _get_value_basis(self):
        """What the value of a purchase is: ``revenue``.

        An addon that knows margins returns another name for companies that count by
        them, gives ``lifecycle.engine._copy_purchases`` the amounts, and
        ``_get_value_facts`` the sums of them.
        """
        self.ensure_one()
        return "revenue"

    def _get_lifecycle_tz(self):
        """Name of the time zone that decides on which day a purchase falls."""
        self.ensure_one()
        # no secret, and the company's own contact may be out of reach of its users
        company = self.sudo()
        return company.lifecycle_tz or company.partner_id.tz or "UTC"

    def _get_lifecycle_today(self):
        """Today in the time zone of the company, whoever asks."""
        tz = pytz.timezone(self._get_lifecycle_tz())
        now = fields.Datetime.now()
        return datetime.astimezone(pytz.utc.localize(now), tz).date()
