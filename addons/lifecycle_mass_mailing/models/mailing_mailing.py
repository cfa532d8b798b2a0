"""To whom: a stage, a segment, an audience, or customers by any filter."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS
from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS

from .lifecycle_mailing_text import TEXTS


class MailingMailing(models.Model):
    """The choice sets an ordinary filter over contacts.

    So Odoo counts it while it is edited, and asks it anew when the mailing is sent.
    """

    _inherit = "mailing.mailing"

    lifecycle_company_id = fields.Many2one(
        "res.company",
        string="Writes for",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="The company that writes: whose customers are meant, whose limits on "
        "messages hold, and for whom customers unsubscribed.",
    )
    lifecycle_target = fields.Selection(
        [
            ("all", "All customers"),
            ("stage", "A stage"),
            ("segment", "A segment"),
            ("audience", "An audience"),
            ("filter", "Customers who…"),
        ],
        string="Customers",
        groups=LIFECYCLE_GROUPS,
        help="Chooses customers by what is known of their purchases: one message to "
        "each customer, not to each contact. Who is meant is asked again when the "
        "mailing is sent.",
    )
    lifecycle_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Stage",
        groups=LIFECYCLE_GROUPS,
        help="Customers who stand there when the mailing is sent.",
    )
    lifecycle_segment_id = fields.Many2one(
        "lifecycle.segment",
        string="Segment",
        groups=LIFECYCLE_GROUPS,
        help="Customers who are in it when the mailing is sent.",
    )
    lifecycle_audience_id = fields.Many2one(
        "lifecycle.audience",
        string="Audience",
        groups=LIFECYCLE_GROUPS,
        help="Customers who are in it when the mailing is sent.",
    )
    lifecycle_filter = fields.Char(
        string="Customers Who",
        groups=LIFECYCLE_GROUPS,
        help="A filter over the list of customers. Dates can be relative, such as "
        "“today -30d”.",
    )
    lifecycle_user_id = fields.Many2one(
        "res.users",
        string="Recipients Chosen by",
        readonly=True,
        copy=False,
        help="Who last changed the recipients. The mailing goes to whom this user may "
        "see.",
    )

    # -- the filter ------------------------------------------------------------------

    @api.model
    def _get_lifecycle_choices(self):
        """Field that each choice needs: ``{target: field name}``."""
        return {
            "stage": "lifecycle_stage_id",
            "segment": "lifecycle_segment_id",
            "audience": "lifecycle_audience_id",
            "filter": "lifecycle_filter",
        }

    @api.depends(
        "lifecycle_target",
        "lifecycle_stage_id",
        "lifecycle_segment_id",
        "lifecycle_audience_id",
        "lifecycle_filter",
        "lifecycle_company_id",
    )
    def _compute_mailing_domain(self):
        return super()._compute_mailing_domain()

    def _get_default_mailing_domain(self):
        mailing = self.sudo()  # of the choice, only the filter that it makes is shown
        if mailing.lifecycle_target and self.mailing_model_name == "res.partner":
            return mailing._get_lifecycle_domain()
        return super()._get_default_mailing_domain()

    def _get_lifecycle_domain(self):
        """The customers chosen, as a domain over contacts; nobody where none are."""
        self.ensure_one()
        name = self._get_lifecycle_choices().get(self.lifecycle_target)
        if name and not self[name]:
            return [("id", "in", [])]
        if self.lifecycle_target == "audience":
            return [("lifecycle_audience_ids", "in", self.lifecycle_audience_id.ids)]
        profile = [("company_id", "=", self.lifecycle_company_id.id)]
        profile += self._get_lifecycle_profile_domain()
        return [("lifecycle_profile_ids", "any", profile)]

    def _get_lifecycle_profile_domain(self):
        """The customers chosen, as a list of conditions over their profile."""
        if self.lifecycle_target == "stage":
            return [("stage_id", "=", self.lifecycle_stage_id.id)]
        if self.lifecycle_target == "segment":
            return [("segment_id", "=", self.lifecycle_segment_id.id)]
        if self.lifecycle_target == "filter":
            rules = self.env["lifecycle.domain.mixin"]
            try:
                domain = rules._parse_text(self.lifecycle_filter)
            except REFUSALS:
                return [("id", "in", [])]  # the constraint says what is wrong
            return list(domain) if domain else []
        return []

    @api.onchange("lifecycle_target")
    def _onchange_lifecycle_target(self):
        if self.lifecycle_target:
            self.mailing_model_id = self.env["ir.model"]._get("res.partner")
            self.mailing_filter_id = False

    @api.onchange("mailing_model_id")
    def _onchange_lifecycle_model(self):
        mailing = self.sudo()  # who may not see the choice, may still change the rest
        if mailing.lifecycle_target and self.mailing_model_id.model != "res.partner":
            mailing.lifecycle_target = False

    @api.model_create_multi
    def create(self, vals_list):
        contacts = self.env["ir.model"]._get_id("res.partner")
        vals_list = [
            {"mailing_model_id": contacts, **vals}
            if vals.get("lifecycle_target")
            else vals
            for vals in vals_list
        ]
        mailings = super().create(vals_list)
        mailings._lifecycle_sign()
        return mailings

    def write(self, vals):
        names = {"mailing_domain", "mailing_model_id", "mailing_filter_id"}
        names |= {"lifecycle_target", "lifecycle_company_id"}
        names |= set(self._get_lifecycle_choices().values())
        result = super().write(vals)
        if not names.isdisjoint(vals):
            self._lifecycle_sign()
        elif not TEXTS.keys().isdisjoint(vals):
            # whose placeholders are filled in, must be allowed to see them
            self.sudo().filtered("lifecycle_scored").sudo(self.env.su)._lifecycle_sign()
        return result

    def _lifecycle_sign(self):
        """Whose rights decide to whom it goes."""
        if not self.env.su:
            # who chose, whatever they may write of a mailing
            self.sudo().lifecycle_user_id = self.env.user

    # -- refusing --------------------------------------------------------------------

    @api.constrains("lifecycle_target", "mailing_model_id", "lifecycle_filter")
    def _check_lifecycle_target(self):
        for mailing in self:
            # as constraints are, to read what was chosen
            chosen = mailing.sudo()
            if not chosen.lifecycle_target:
                continue
            if mailing.mailing_model_id.model != "res.partner":
                raise ValidationError(
                    self.env._(
                        "Customers: the recipients of this mailing are “%s”, not "
                        "contacts. Choose contacts as recipients, or take the choice "
                        "of customers out.",
                        mailing.mailing_model_id.name,
                    )
                )
            if chosen.lifecycle_target == "filter":
                rules = self.env["lifecycle.play.rule.mixin"]
                label = self._fields["lifecycle_filter"]._description_string(self.env)
                rules._check_filter(
                    chosen.lifecycle_filter, mailing.lifecycle_company_id, label
                )

    def _check_lifecycle_choice(self):
        """Refuse to send to a choice that was begun only."""
        for mailing in self.sudo():  # what was chosen, for whoever sends it
            name = self._get_lifecycle_choices().get(mailing.lifecycle_target)
            if name and name != "lifecycle_filter" and not mailing[name]:
                raise UserError(
                    self.env._(
                        "%s: it is empty. Choose who is to get the mailing.",
                        self._fields[name]._description_string(self.env),
                    )
                )

    def action_put_in_queue(self):
        self._check_lifecycle_choice()
        return super().action_put_in_queue()

    # -- from elsewhere -----------------------------------------------------------

    @api.model
    def _open_for_customers(self, name, target, **values):
        """The form of a new mailing to customers.

        :param name: what the window is called
        :param target: value of ``lifecycle_target``
        :param values: other fields of the mailing
        """
        if not self.has_access("create"):
            raise AccessError(
                self.env._(
                    "Mailings are written in Email Marketing. Ask an administrator for "
                    "access to it."
                )
            )
        values = {
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_type": "mail",
            "lifecycle_target": target,
            **values,
        }
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mailing.mailing",
            "views": [(False, "form")],
            "context": {f"default_{key}": value for key, value in values.items()},
        }

    # -- when it is sent ----------------------------------------------------------

    def _get_recipients(self):
        if not self.lifecycle_scored:
            return super()._get_recipients()
        return super(MailingMailing, self._lifecycle_as_author())._get_recipients()

    def _get_recipients_domain(self):
        domain = super()._get_recipients_domain()
        model = self.env[self.mailing_model_real]
        if self.lifecycle_scored and "company_id" in model:
            domain &= Domain("company_id", "in", [False, self.lifecycle_company_id.id])
        if self.lifecycle_scored and model._name == "res.partner":
            # also “not in this stage” is chosen by what was computed
            objectors = model.sudo()._search(
                [("commercial_partner_id.lifecycle_profiling_off", "=", True)],
                active_test=False,
            )
            domain &= Domain("id", "not in", objectors)
        return domain
