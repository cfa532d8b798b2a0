"""Where the customer stood when the lead was made, for good."""

from odoo import api, fields, models
from odoo.tools import SQL

from .lifecycle_mixin import LIFECYCLE_GROUPS


class CrmLead(models.Model):
    """Stored, because Odoo's predictive lead scoring reads columns of the lead."""

    _inherit = "crm.lead"

    lifecycle_stage_at_creation_id = fields.Many2one(
        "lifecycle.stage",
        string="Customer's Stage at Creation",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=LIFECYCLE_GROUPS,
        help="Stage of the customer when the lead was created. It stays, whatever "
        "becomes of the customer, and can be used by predictive lead scoring.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        profiles = self._find_creation_profiles(vals_list)
        # who may make leads but not see scores: the lead gets them as superuser
        field = self._fields["lifecycle_stage_at_creation_id"]
        if not self._has_field_access(field, "write"):
            leads = super().create(vals_list)
            for lead, profile in zip(leads.sudo(), profiles, strict=True):
                if profile:
                    lead.write(self._get_creation_values(profile))
            return leads
        return super().create(
            [
                # as it was: nobody chooses it
                {**vals, **self._get_creation_values(profile)} if profile else vals
                for vals, profile in zip(vals_list, profiles, strict=True)
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            self.sudo()._complete_creation_values()  # facts, whoever knows the contact
        return result

    @api.model
    def _get_creation_values(self, profile):
        """What of a customer is kept on a lead that is created; addons add to it.

        :param profile: ``lifecycle.profile``, as superuser
        """
        return {"lifecycle_stage_at_creation_id": profile.stage_id.id}

    @api.model
    def _find_creation_profiles(self, vals_list):
        """The profile of the customer of each lead to be made, or empty."""
        context = self.env.context
        default = {
            name: context.get(f"default_{name}")
            for name in ("partner_id", "company_id", "team_id", "user_id")
        }
        if "default_user_id" not in context:
            default["user_id"] = self.env.uid
        # stored on the lead where only those who may see it read it
        env = self.sudo().env
        ids = [vals.get("partner_id", default.get("partner_id")) for vals in vals_list]
        partners = env["res.partner"].browse({pid for pid in ids if pid}).exists()
        customers = {partner.id: partner.commercial_partner_id for partner in partners}
        found = {}
        if customers:
            profiles = env["lifecycle.profile"].with_context(active_test=False)
            for profile in profiles.search(
                [("partner_id", "in", partners.commercial_partner_id.ids)]
            ):
                found[profile.partner_id, profile.company_id] = profile
        nobody = env["lifecycle.profile"]
        if not found:
            return [nobody] * len(vals_list)
        return [
            found.get(
                (customers.get(pid), self._find_creation_company({**default, **vals})),
                nobody,
            )
            for pid, vals in zip(ids, vals_list, strict=True)
        ]

    @api.model
    def _find_creation_company(self, vals):
        """Whose customer it is: as the engine decides it, see the lead's owner."""
        env = self.sudo().env  # only which company it is
        for model, name in (("res.company", "company_id"), ("crm.team", "team_id")):
            record = env[model].browse(vals.get(name) or [])
            company = record if model == "res.company" else record.company_id
            if company:
                return company
        user = env["res.users"].browse(vals.get("user_id") or [])
        return user.company_id or env.company

    def _complete_creation_values(self):
        """A lead that got its contact later: the stage as it was on that day.

        Of leads whose stage is known already nothing changes.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, COALESCE(before.stage_id, after.stage_id,
                    CASE WHEN p.stage_date <= l.day THEN p.stage_id END)
                FROM (
                    SELECT l.id, l.create_date::date AS day,
                        contact.commercial_partner_id AS partner_id,
                        COALESCE(l.company_id, t.company_id, u.company_id) AS company_id
                    FROM crm_lead l
                    LEFT JOIN crm_team t ON t.id = l.team_id
                    LEFT JOIN res_users u ON u.id = COALESCE(l.user_id, l.create_uid)
                    JOIN res_partner contact ON contact.id = l.partner_id
                    WHERE l.id = ANY(%s) AND l.lifecycle_stage_at_creation_id IS NULL
                ) l
                JOIN lifecycle_profile p
                    ON p.partner_id = l.partner_id AND p.company_id = l.company_id
                LEFT JOIN LATERAL (
                    SELECT to_stage_id AS stage_id FROM lifecycle_transition
                    WHERE partner_id = l.partner_id AND company_id = l.company_id
                        AND kind = 'stage' AND date <= l.day
                    ORDER BY date DESC, id DESC LIMIT 1
                ) before ON TRUE
                LEFT JOIN LATERAL (
                    SELECT from_stage_id AS stage_id FROM lifecycle_transition
                    WHERE partner_id = l.partner_id AND company_id = l.company_id
                        AND kind = 'stage' AND date > l.day
                    ORDER BY date, id LIMIT 1
                ) after ON TRUE""",
                self.ids,
            )
        )
        for lead_id, stage_id in rows:
            if stage_id:
                self.browse(lead_id).lifecycle_stage_at_creation_id = stage_id

    @api.model
    def _backfill_creation_stages(self, company):
        """Leads from before the scores were there: the stage at the month's end before.

        So that predictive lead scoring learns from the leads of past years.  A lead
        that somebody is working on is left out.

        :return: number of leads that got a stage
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """WITH todo AS (
                    SELECT l.id FROM crm_lead l
                    WHERE l.lifecycle_stage_at_creation_id IS NULL
                        AND l.partner_id IS NOT NULL
                    FOR UPDATE SKIP LOCKED
                )
                UPDATE crm_lead l SET lifecycle_stage_at_creation_id = known.stage_id
                FROM (
                    SELECT l.id, month.stage_id
                    FROM todo JOIN crm_lead l ON l.id = todo.id
                    LEFT JOIN crm_team t ON t.id = l.team_id
                    LEFT JOIN res_users u ON u.id = COALESCE(l.user_id, l.create_uid)
                    JOIN res_partner contact ON contact.id = l.partner_id
                    JOIN LATERAL (
                        SELECT s.stage_id FROM lifecycle_snapshot s
                        WHERE s.partner_id = contact.commercial_partner_id
                            AND s.company_id = %(company)s
                            AND s.month < l.create_date::date
                            AND s.month >= l.create_date::date - 32
                        ORDER BY s.month DESC LIMIT 1
                    ) month ON month.stage_id IS NOT NULL
                    WHERE COALESCE(l.company_id, t.company_id, u.company_id)
                        = %(company)s
                ) known WHERE known.id = l.id""",
                company=company.id,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model(["lifecycle_stage_at_creation_id"], flush=False)
        return count
