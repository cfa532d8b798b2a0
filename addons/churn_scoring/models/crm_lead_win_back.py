"""Win-back opportunities: one per customer, made with one click."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import sql
from odoo.tools.misc import split_every

_BATCH = 500
_TAG = "churn_scoring.tag_win_back"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    win_back = fields.Boolean(
        string="Win-Back",
        compute="_compute_win_back",
        store=True,
        help="Has the tag “Win-back”: it is about a customer who leaves or has left.",
    )

    _win_back_partner_idx = models.Index("(partner_id) WHERE win_back")

    def _auto_init(self):
        # of the leads that are there, none has the tag: nothing to compute
        if not sql.column_exists(self.env.cr, self._table, "win_back"):
            sql.create_column(self.env.cr, self._table, "win_back", "bool")
        return super()._auto_init()

    @api.depends("tag_ids")
    def _compute_win_back(self):
        tag = self._get_win_back_tag()
        for lead in self:
            lead.win_back = tag.id in lead.tag_ids._origin.ids

    @api.model
    def _get_win_back_tag(self):
        return self.env.ref(_TAG, raise_if_not_found=False) or self.env["crm.tag"]

    @api.model
    def _find_open_win_backs(self, company, partners):
        """Open win-back opportunities of customers, of whoever, as superuser."""
        # whoever works on a customer already must be known, or two would
        return self.sudo().search(
            [
                ("win_back", "=", True),
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("partner_id.commercial_partner_id", "in", partners.ids),
                ("company_id", "in", [company.id, False]),
            ]
        )

    # -- lost and won ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"stage_id", "probability", "active"}:
            self.filtered(
                lambda lead: lead.win_back and lead.partner_id
            )._tell_outcome()
        return result

    def _tell_outcome(self):
        """An opportunity that ended may be what brought a customer back."""
        customers = self.partner_id.commercial_partner_id
        won = self.filtered(lambda lead: lead.won_status == "won")
        # both set what follows from the documents, whoever closed the opportunity
        for company in won.sudo()._get_win_back_companies():
            self.env["lifecycle.transition"].sudo()._link_win_backs(
                company, won.partner_id.commercial_partner_id.ids
            )
        if self - won:
            for company in (self - won).sudo()._get_win_back_companies():
                self.env["churn.save"].sudo()._settle(company, customers.ids)

    def _get_win_back_companies(self):
        found = self.company_id
        if self.filtered(lambda lead: not lead.company_id):
            found |= (
                self.partner_id.commercial_partner_id.lifecycle_profile_ids.company_id
            )
        return found

    def action_set_lost(self, **additional_values):
        result = super().action_set_lost(**additional_values)
        leads = self.filtered(lambda lead: lead.win_back and lead.partner_id)
        if leads and not self.env.context.get("churn_reason_asked"):
            reason = self.env["churn.reason"]._find_for_lost_reason(
                leads.lost_reason_id[:1]
            )
            if reason:
                leads._record_churn_loss(reason)
        return result

    def _record_churn_loss(self, reason, note=None):
        """Record the customers of lost win-back opportunities as lost."""
        for lead in self:
            company = lead.company_id or self.env.company
            profile = (
                lead.partner_id.commercial_partner_id.with_company(company)
            ).lifecycle_profile_id
            if profile.order_count:
                self.env["churn.loss"]._record(
                    profile, reason, "opportunity", note=note, lead=lead
                )


class LifecycleProfile(models.Model):
    _inherit = "lifecycle.profile"

    def action_win_backs(self):
        return self._check_customers()._open_win_backs()

    def _open_win_backs(self):
        """Open the win-back opportunities of customers, made where there is none."""
        profiles = self._check_customers()
        profiles._lock_customers()
        leads = self.env["crm.lead"]
        for company, group in profiles.grouped("company_id").items():
            found = leads._find_open_win_backs(company, group.partner_id)
            busy = found.partner_id.commercial_partner_id
            missing = group.filtered(lambda p, b=busy: p.partner_id not in b)
            created = leads.browse()
            for batch in split_every(_BATCH, missing.ids, self.browse):
                created |= batch._create_win_backs(company)
            self._link_win_back_items(company, created.sudo() | found)
            readable = found.sudo(False)._filtered_access("read")
            if len(profiles) == 1 and found and not readable:
                raise UserError(
                    self.env._(
                        "%(user)s is working on winning back %(customer)s already.",
                        user=found[0].user_id.name or self.env._("Somebody"),
                        customer=profiles.display_name,
                    )
                )
            leads |= created | readable
        return self._get_win_backs_action(leads)

    def _create_win_backs(self, company):
        users = self._get_salespersons(company, self)
        tag = self.env["crm.lead"]._get_win_back_tag()
        if not tag:
            raise UserError(
                self.env._(
                    "The tag “Win-back” was deleted. Update the app Churn Scoring to "
                    "get it back."
                )
            )
        return (
            self.env["crm.lead"]
            .with_company(company)
            .create(
                [
                    {
                        "name": self.env._(
                            "Win back %s", profile.partner_id.display_name
                        ),
                        "type": "opportunity",
                        "partner_id": profile.partner_id.id,
                        "company_id": company.id,
                        "user_id": users[profile.partner_id].id,
                        "tag_ids": [fields.Command.link(tag.id)],
                        "expected_revenue": profile.clv_expected
                        or profile.average_order_value,
                        # found again where they must go: see lifecycle_privacy
                        "description": Markup(
                            '<div class="o_churn_note"><p>%s</p>%s</div>'
                        )
                        % (
                            self.env._("Why this customer may leave:"),
                            profile._get_churn_note(),
                        ),
                    }
                    for profile in self
                ]
            )
        )

    @api.model
    def _link_win_back_items(self, company, leads):
        by_partner = {lead.partner_id.commercial_partner_id.id: lead for lead in leads}
        # as in _link_calls: users see items but do not write them
        items = (
            self.env["churn.save"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", list(by_partner)),
                    ("state", "in", ("todo", "contacted", "opportunity")),
                ]
            )
        )
        items._mark_contacted()
        for item in items:
            item.write(
                {"state": "opportunity", "lead_id": by_partner[item.partner_id.id].id}
            )

    def _get_win_backs_action(self, leads):
        action = {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "domain": [("id", "in", leads.ids)],
            "name": self.env._("Win-Back Opportunities"),
            "views": [(False, "list"), (False, "form")],
        }
        if len(leads) == 1:
            action.update(views=[(False, "form")], res_id=leads.id)
        return action
