from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.lifecycle_crm.models.lifecycle_domain_mixin import REFUSALS


class LifecycleAudience(models.Model):
    """A named group of customers of a company: filters over profile and contact.

    Others ask :meth:`_get_domain` for its customers; it is safe to ask as superuser.
    """

    _name = "lifecycle.audience"
    _inherit = "lifecycle.domain.mixin"
    _description = "Audience"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The company whose customers are in it.",
    )
    description = fields.Text(
        translate=True,
        help="Who these customers are, what they want, how to speak to them.",
    )
    profile_domain = fields.Char(
        string="Customers",
        default="[]",
        help="Which customers are in it, by what is known of their purchases: stage, "
        "segment, value, days since the last order. Dates can be relative, such as "
        "“today -30d”.",
    )
    partner_domain = fields.Char(
        string="Contacts",
        default="[]",
        help="Which of them, by their contact: country, language, tags, salesperson.",
    )
    customer_count = fields.Integer(
        string="In it Now",
        compute="_compute_customer_count",
        help="Customers who match now and whom you may see.",
    )
    tag_id = fields.Many2one(
        "res.partner.category",
        string="Kept as Tag",
        ondelete="restrict",
        copy=False,
        help="Who is in the audience carries this tag, nobody else does: it is put on "
        "and taken off by itself, every night and after each recompute. Everybody who "
        "sees a contact sees its tags, in every company.",
    )
    tag_date = fields.Datetime(
        string="Tagged on", readonly=True, copy=False, help="When the tag was last kept."
    )

    _tag_uniq = models.Constraint(
        "UNIQUE(tag_id)",
        "Another audience keeps this tag: each needs one of its own.",
    )

    @api.depends("profile_domain", "partner_domain", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        # with the rights of who looks
        profiles = self.env["lifecycle.profile"].with_context(active_test=False)
        for audience in self:
            try:
                # one that cannot be asked any more must not close the list
                with self.env.cr.savepoint():
                    domain = audience._get_domain(profiles)
                    audience.customer_count = profiles.search_count(domain)
            except REFUSALS:
                audience.customer_count = 0

    # -- the customers in it -------------------------------------------------------

    def _get_domain(self, profiles=None):
        """The customers in it, as a domain over ``lifecycle.profile``.

        Of the company of the audience only, whatever it says.  Archived contacts are
        in it only where they are asked for.

        :param profiles: empty profiles with the rights to ask with; superuser's by
            default: it was checked with the rights of who saved it
        :raises ValidationError: in words, where it cannot be used
        """
        self.ensure_one()
        company = self.company_id
        # what is in it, not what may be seen
        profiles = self.env["lifecycle.profile"].sudo() if profiles is None else profiles
        profiles = profiles.with_company(company)
        as_of = company._get_lifecycle_today()
        domain = Domain("company_id", "=", company.id)
        for name, model in self._get_filters(profiles).items():
            part = self._read_filter(name, model, as_of)
            if part is None:
                continue
            if model._name == "res.partner":
                part = Domain("partner_id", "any", part)
            domain &= part
        if not self._asks_for_archived():
            domain &= Domain("partner_id.active", "=", True)
        return domain

    def _get_filters(self, profiles):
        """Filters of the audience and the model that each is over."""
        return {
            "profile_domain": profiles,
            "partner_domain": profiles.env["res.partner"],
        }

    def _read_filter(self, name, model, as_of):
        """A filter as a Domain that is safe to ask, None where there is none."""
        try:
            domain = self._parse_text(self[name])
            if domain is None:
                return None
            return self._resolve_domain(domain, model, as_of, self.company_id)
        except REFUSALS as error:
            raise self._get_filter_error(name, error, model) from error

    def _asks_for_archived(self):
        text = f"{self.profile_domain or ''} {self.partner_domain or ''}"
        return "'active'" in text or '"active"' in text or ".active" in text

    def _get_filter_error(self, name, error, model, condition=None):
        return ValidationError(
            self.env._(
                "Audience “%(audience)s”, %(field)s: %(reason)s\n"
                "Open the filter, mend or remove that condition and save again. "
                "It was: %(text)s",
                audience=self.name,
                field=self._fields[name]._description_string(self.env),
                reason=self._explain(error, condition, model._name),
                text=(self[name] or "")[:500],
            )
        )

    @api.constrains("profile_domain", "partner_domain", "company_id")
    def _check_filters(self):
        # constraints run as superuser, but nobody may ask more than they may read
        profiles = self.env["lifecycle.profile"].sudo(False)
        for audience in self:
            company = audience.company_id
            as_of = company._get_lifecycle_today()
            asked = profiles.with_company(company)
            for name, model in audience._get_filters(asked).items():
                domain = audience._read_filter(name, model, as_of)
                try:
                    # some of what is wrong shows only when it is asked
                    with self.env.cr.savepoint():
                        model.search(domain or Domain.TRUE, limit=1)
                except REFUSALS as error:
                    culprit = audience._find_culprit(domain, model)
                    raise audience._get_filter_error(
                        name, culprit[0] if culprit else error, model, *culprit[1:]
                    ) from error

    @api.model
    def _find_culprit(self, domain, model):
        """The first condition that cannot be asked alone: (error, condition) or ()."""
        for condition in list(domain.iter_conditions())[:50]:
            try:
                with self.env.cr.savepoint():
                    model.search(condition, limit=1)
            except REFUSALS as error:
                return error, condition
        return ()

    # -- actions -------------------------------------------------------------------

    def action_preview(self):
        """Its customers, in the list of customers."""
        self.ensure_one()
        profiles = self.env["lifecycle.profile"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_profile"
        )
        domain = self._get_domain(profiles.with_context(active_test=False))
        return {
            **action,
            "display_name": self.name,
            "domain": list(domain),
            "context": {"active_test": False},
        }

    def action_add_filter(self):
        """Put the audience among the saved filters of who asks."""
        self.ensure_one()
        filters = self.env["ir.filters"]
        # relative dates stay as they are: the filter is asked on other days
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= self._parse_text(self.profile_domain) or Domain.TRUE
        if contacts := self._parse_text(self.partner_domain):
            domain &= Domain("partner_id", "any", contacts)
        values = {
            "name": self.name,
            "model_id": "lifecycle.profile",
            "user_ids": [self.env.uid],
            "domain": repr(list(domain)),
            "context": "{}",
            "sort": "[]",
        }
        mine = filters.search(
            [
                ("name", "=", self.name),
                ("model_id", "=", "lifecycle.profile"),
                ("user_ids", "=", self.env.uid),
            ],
            limit=1,
        )
        mine.write(values) if mine else filters.create(values)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "“%s” is among your favourites in the list of customers.",
                    self.name,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_keep_tag(self):
        """Put the tag on and take it off now."""
        self.check_access("write")
        self._keep_tags()
