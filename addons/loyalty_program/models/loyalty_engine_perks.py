"""What comes with a tier on the day it is reached or left."""

import logging

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_run_work import CONFLICTS

_logger = logging.getLogger(__name__)


class LoyaltyEngine(models.AbstractModel):
    _inherit = "loyalty.engine"

    # -- tags: what holds while the tier does, also where nobody hears of it ----------

    @api.model
    def _change_tags(self, program, company, partner_ids):
        """Make the tags of tiers on contacts those of their memberships.

        Of any programme and company: a tag stays while one membership gives it.
        """
        tags = program.with_context(active_test=False).tier_ids.tag_id.ids
        if not tags or not len(partner_ids):
            return
        partner_ids = list(map(int, partner_ids))
        due = SQL(
            """SELECT DISTINCT m.partner_id, t.tag_id
            FROM loyalty_membership m
            JOIN loyalty_tier t ON t.id = m.tier_id
            JOIN loyalty_program lp ON lp.id = m.program_id AND lp.active
            WHERE m.partner_id = ANY(%s) AND t.tag_id = ANY(%s)""",
            partner_ids,
            tags,
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM res_partner_res_partner_category_rel r
                WHERE r.partner_id = ANY(%s) AND r.category_id = ANY(%s)
                  AND NOT EXISTS (SELECT FROM (%s) due (partner_id, tag_id)
                    WHERE due.partner_id = r.partner_id
                      AND due.tag_id = r.category_id)""",
                partner_ids,
                tags,
                due,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO res_partner_res_partner_category_rel
                    (partner_id, category_id) %s ON CONFLICT DO NOTHING""",
                due,
            )
        )
        self.env["res.partner"].invalidate_model(["category_id"], flush=False)

    # -- who moved by what happened ----------------------------------------------------

    @api.model
    def _give_perks(self, program, company, partner_ids, from_ids, to_ids):
        """Coupon, activity and actions for members who moved, tier by tier.

        What fails for one kind of perk keeps nobody from the tier itself.
        """
        tiers = self.env["loyalty.tier"].sudo()  # as the engine: rules of the house
        levels = self._get_ladder(program).levels
        entered, left = {}, {}
        for partner_id, source, target in zip(
            partner_ids, from_ids, to_ids, strict=True
        ):
            rises = levels.get(int(target), -1) > levels.get(int(source), -1)
            if target > 0:
                entered.setdefault((int(target), rises), []).append(int(partner_id))
            if source > 0:
                left.setdefault(int(source), []).append(int(partner_id))
        for tier_id, ids in left.items():
            self._run_action(tiers.browse(tier_id), "exit_action_id", company, ids)
        for (tier_id, rises), ids in entered.items():
            tier = tiers.browse(tier_id)
            if rises:
                self._attempt(self._give_coupons, tier, company, ids)
                self._attempt(self._plan_activities, tier, company, ids)
            self._run_action(tier, "entry_action_id", company, ids)

    @api.model
    def _attempt(self, function, tier, company, partner_ids):
        """Do something that others configured; its failure is logged, no more."""
        try:
            with self.env.cr.savepoint():
                function(tier, company, partner_ids)
        except CONFLICTS:
            raise
        except Exception:  # whatever somebody set up
            self.env.invalidate_all(flush=False)
            _logger.exception(
                "A perk of tier %s failed for customers %s", tier.id, partner_ids
            )

    @api.model
    def _give_coupons(self, tier, company, partner_ids):
        """One coupon of the welcome programme, for who never got one of this tier."""
        program = tier.welcome_program_id
        if not program or not program.active:
            return
        if (
            program.company_id
            and program.company_id not in company | company.parent_ids
        ):
            return  # of a shared programme: the coupon is good elsewhere only
        cards = self.env["loyalty.card"].sudo()  # given by the house
        given = cards.with_context(active_test=False).search_fetch(
            [("partner_id", "in", partner_ids), ("welcome_tier_id", "=", tier.id)],
            ["partner_id"],
        )
        owed = sorted(set(partner_ids) - set(given.partner_id.ids))
        # the mail of a coupon passes the gate of messages, not Odoo's own sending
        cards.with_context(loyalty_no_mail=True).create(
            [
                {
                    "program_id": program.id,
                    "partner_id": partner_id,
                    "points": 1,
                    "welcome_tier_id": tier.id,
                    "welcome_company_id": company.id,
                    "expiration_date": program.date_to,
                }
                for partner_id in owed
            ]
        )

    @api.model
    def _plan_activities(self, tier, company, partner_ids):
        """An activity for the salesperson of each customer.

        Of a contact that companies share, only who works for this one reads it; the
        salesperson of the contact may be another company's.
        """
        kind = tier.activity_type_id
        if not kind:
            return
        partners = self.env["res.partner"].sudo().with_company(company)
        for user, members in partners.browse(partner_ids).grouped("user_id").items():
            own = user if company in user.company_ids else None
            responsible = own or tier.activity_user_id
            if not responsible:
                continue
            members.with_context(
                mail_activity_quick_update=True,
                default_lifecycle_company_id=company.id,
            ).activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("Reached tier %s", tier.name),
                user_id=responsible.id,
            )

    @api.model
    def _run_action(self, tier, name, company, partner_ids):
        if tier[name]:
            self._attempt(
                lambda tier, company, ids: self._run(tier[name], tier, company, ids),
                tier,
                company,
                partner_ids,
            )

    @api.model
    def _run(self, action, tier, company, partner_ids):
        """Run a server action for members: on their contacts or their memberships."""
        records = self.env["res.partner"].browse(partner_ids)
        if action.model_name == "loyalty.membership":
            records = self.env["loyalty.membership"].search(
                [
                    ("partner_id", "in", partner_ids),
                    ("program_id", "=", tier.program_id.id),
                    ("company_id", "=", company.id),
                ]
            )
        # who set up the tier chose the action; the engine runs for all users
        action.sudo().with_company(company).with_context(
            active_model=records._name,
            active_ids=records.ids,
            active_id=records[:1].id,
            loyalty_tier_id=tier.id,
        ).run()
