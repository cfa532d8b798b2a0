"""What is kept of a customer, handed out as data."""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Of the contact itself: who it is about, and how they are addressed.
_CONTACT = (
    "name",
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "lang",
    "tz",
    "vat",
    "category_id",
    "user_id",
    "lifecycle_profiling_off",
    "lifecycle_profiling_reason",
)
_MANAGERS = "lifecycle_crm.group_lifecycle_manager"


class LifecyclePrivacy(models.AbstractModel):
    _inherit = "lifecycle.privacy"

    @api.model
    def _get_personal_models(self):
        """Models with rows about a customer: ``{model: field}``, as they are exported.

        The scored ones, and those that are kept where nothing is computed: what the
        customer said, got and owns.  An addon adds its own.
        """
        return {
            **dict(reversed(self._get_scored_models().items())),
            "lifecycle.history": "partner_id",
        }

    @api.model
    def _get_logged_models(self):
        """Those of them that go, too, when a contact is erased: ``{model: field}``."""
        return {}

    @api.model
    def _get_append_only_models(self):
        """Those of them that nobody deletes row by row.

        They go with the contact, or do not name it any more.
        """
        return []

    @api.model
    def _get_contact_fields(self):
        return list(_CONTACT)

    @api.model
    def _get_export_extras(self):
        """Fields to export though they are not stored: ``{model: [name]}``."""
        return {}

    @api.model
    def _export(self, partner):
        """All that is kept of a contact and its customer, in the user's companies.

        A handful of queries for each model, however many rows there are.

        :return: what can be written as JSON
        """
        partner.ensure_one()
        if not self.env.su and not self.env.user.has_group(_MANAGERS):
            raise AccessError(
                self.env._(
                    "Only managers of Customer Lifecycle may export what is kept of a "
                    "customer. Ask one of them."
                )
            )
        partner.check_access("read")
        self.env.flush_all()
        customer = partner.commercial_partner_id
        companies = self.env.user.company_ids
        # all rows of the companies in which the user works, also those that a rule
        # shows to others only: it is the customer who asks
        env = self.sudo().with_context(active_test=False).env
        sections = {}
        for name, field in self._get_personal_models().items():
            model = env[name]
            domain = [(field, "in", (partner | customer).ids)]
            if "company_id" in model:
                domain.append(("company_id", "in", [False, *companies.ids]))
            if rows := model.search(domain):
                sections[name] = self._export_rows(rows)
        return {
            "contact": self._export_rows(env["res.partner"].browse(partner.id)),
            "customer": customer.display_name,
            "companies": companies.mapped("name"),
            "exported_on": fields.Datetime.to_string(fields.Datetime.now()),
            "kept": sections,
        }

    @api.model
    def _export_rows(self, rows):
        """Rows with what their fields are called and mean."""
        if rows._name == "res.partner":
            names = [name for name in self._get_contact_fields() if name in rows]
        else:
            names = [
                name
                for name, field in rows._fields.items()
                if field.store and field.type not in ("binary", "one2many", "many2many")
            ]
            names += self._get_export_extras().get(rows._name, [])
        described = rows.fields_get(names, ["string", "help"])
        return {
            "label": self.env["ir.model"]._get(rows._name).name,
            "fields": {
                name: {
                    "label": described[name]["string"],
                    "meaning": described[name].get("help") or "",
                }
                for name in names
            },
            "rows": [
                {name: self._export_value(row, name) for name in names} for row in rows
            ],
        }

    @api.model
    def _export_value(self, row, name):
        field, value = row._fields[name], row[name]
        if field.type in ("many2one", "many2many"):
            return ", ".join(value.mapped("display_name")) or None
        if field.type in ("date", "datetime"):
            return (value and field.to_string(value)) or None
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(value, value) or None
        if field.type in ("boolean", "integer", "float", "monetary", "json"):
            return value
        return value or None

    @api.model
    def _write_json(self, partner):
        """The export of a contact as the bytes of a file."""
        data = self._export(partner)
        text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
        return text.encode()
