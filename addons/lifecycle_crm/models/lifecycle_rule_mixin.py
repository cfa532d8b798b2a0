from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class LifecycleRuleMixin(models.AbstractModel):
    """A named rule that sorts customers: a stage, a segment.

    A change of a rule moves customers without anything having happened, so it
    asks for a quiet recompute: no automation fires.  Who changed it, stands in its
    chatter.
    """

    _name = "lifecycle.rule.mixin"
    _inherit = "mail.thread"
    _description = "Rule that Sorts Customers"

    # field of the profile that holds the rule which applies
    _profile_field = ""
    # fields whose change moves customers
    _rule_fields = {"sequence", "active", "company_id"}

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Only this company uses it. Empty: every company does.",
        tracking=True,
    )
    color = fields.Integer(help="Colour of the badge.")
    description = fields.Text(
        translate=True, help="Who these customers are and what to do for them."
    )
    customer_count = fields.Integer(
        compute="_compute_customer_count",
        string="Customers",
        help="Customers of the current company, as of the last run.",
    )

    @api.depends_context("company")
    def _compute_customer_count(self):
        groups = self.env["lifecycle.profile"]._read_group(
            [
                ("company_id", "=", self.env.company.id),
                (self._profile_field, "in", self.ids),
            ],
            [self._profile_field],
            ["__count"],
        )
        counts = {rule.id: count for rule, count in groups}
        for rule in self:
            rule.customer_count = counts.get(rule.id, 0)

    @api.constrains("name", "company_id", "active")
    def _check_unique_name(self):
        """Two of one name, seen by one company, cannot be told apart."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        # names only, and of the companies that see the same rules
        others = self.sudo().search([("active", "=", True)])
        for rule in self:
            if not rule._get_name_key():
                raise ValidationError(
                    self.env._("Name: it is empty. Say who is in it.")
                )
            keys = {
                lang: rule.with_context(lang=lang)._get_name_key() for lang in languages
            }
            same = rule.active and others.filtered(
                lambda other, rule=rule, keys=keys: (
                    other != rule
                    and other._is_beside(rule)
                    and any(
                        other.with_context(lang=lang)._get_name_key() == key
                        for lang, key in keys.items()
                    )
                )
            )
            if same:
                raise ValidationError(
                    self.env._(
                        "Name: there is already one called “%(name)s”. Choose "
                        "another name, or change the one that is there.",
                        name=rule.name,
                    )
                )

    def _get_name_key(self):
        """The name as people tell names apart."""
        return " ".join((self.name or "").split()).casefold()

    def _is_beside(self, other):
        """Whether a company uses both."""
        return (
            not self.company_id
            or not other.company_id
            or self.company_id == other.company_id
        )

    def copy_data(self, default=None):
        """A copy says that it is one: no two have the same name."""
        vals_list = super().copy_data(default)
        if "name" in (default or {}):
            return vals_list
        # names only, to choose another one
        # pylint: disable-next=no-search-all
        taken = {rule._get_name_key() for rule in self.sudo().search([])}
        for rule, vals in zip(self, vals_list, strict=True):
            name, number = self.env._("%s (copy)", rule.name), 1
            while " ".join(name.split()).casefold() in taken:
                number += 1
                name = self.env._(
                    "%(name)s (copy %(number)s)", name=rule.name, number=number
                )
            taken.add(" ".join(name.split()).casefold())
            vals["name"] = name
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._request_recompute(rules._get_companies())
        return rules

    def write(self, vals):
        moves = bool(vals.keys() & self._rule_fields)
        companies = self._get_companies() if moves else self.env["res.company"]
        result = super().write(vals)
        if "company_id" in vals:
            # nor may a rule be handed to a company out of reach
            self.check_access("write")
        if moves:
            self._request_recompute(companies | self._get_companies())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_history(self):
        """Past months would not know any more who stood where."""
        snapshots = self.env["lifecycle.snapshot"].sudo()  # whether, not whose
        if used := snapshots._find_used_rules(self):
            raise UserError(
                self.env._(
                    "%(names)s: customers stood there in past months, and the monthly "
                    "history says so. Archive it instead of deleting it: nobody comes "
                    "there any more, and the history stays.",
                    names=", ".join(used.mapped("name")),
                )
            )

    def unlink(self):
        companies, ids = self._get_companies(), self.ids
        result = super().unlink()
        self.env["lifecycle.profile"]._forget_targets(self._name, ids)
        self._request_recompute(companies)
        return result

    def _get_companies(self):
        """Companies whose customers these rules sort."""
        # a shared rule concerns every company, also those out of reach
        if any(not rule.company_id for rule in self):
            # pylint: disable-next=no-search-all
            return self.env["res.company"].sudo().search([])
        return self.company_id.sudo()  # to ask for a run, nothing is shown

    @api.model
    def _request_recompute(self, companies):
        if self.env.context.get("install_mode"):
            return  # rules that come with an addon: installing asks for a run itself
        # purchases stay what they are
        runs = self.env["lifecycle.run"]
        runs._request(companies, reason="rules", quiet=True, full=False)

    @api.model
    def _get_for_company(self, company):
        """The rules of a company, in their order."""
        return self.search([("company_id", "in", (False, company.id))])

    def action_view_customers(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lifecycle_crm.action_lifecycle_profile"
        )
        return {
            **action,
            "domain": [(self._profile_field, "=", self.id)],
            "context": {},
        }
