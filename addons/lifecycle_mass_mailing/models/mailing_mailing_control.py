"""A share of the customers does not get the mailing, to compare with."""

import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_mixin import LIFECYCLE_GROUPS
from odoo.addons.lifecycle_play.scoring.arms import get_arm


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    lifecycle_control_share = fields.Float(
        string="Hold Out",
        digits=(4, 3),
        help="Share of the customers who do not get the mailing, by chance, always the "
        "same ones, also when it is sent in parts or again. Only beside them can be "
        "told what the mailing earned. 0: everybody gets it.",
    )
    lifecycle_seed = fields.Char(
        string="Seed of the Comparison",
        readonly=True,
        copy=False,
        required=True,
        default=lambda self: str(uuid.uuid4()),
        help="Decides, with the customer, who is held out.",
    )
    lifecycle_outcome_days = fields.Integer(
        string="Time That Counts",
        default=30,
        help="Days: what customers buy within so many days after the mailing is "
        "compared between those who got it and those held out.",
    )
    lifecycle_play_id = fields.Many2one(
        "lifecycle.play",
        string="Report",
        compute="_compute_lifecycle_play_id",
        compute_sudo=True,
        groups=LIFECYCLE_GROUPS,
        help="Customers who got the mailing beside those held out.",
    )
    lifecycle_play_ids = fields.One2many(
        "lifecycle.play",
        "mailing_id",
        string="Plays",
        context={"active_test": False},
        groups=LIFECYCLE_GROUPS,
    )

    _lifecycle_control_share_range = models.Constraint(
        "CHECK(lifecycle_control_share >= 0 AND lifecycle_control_share <= 0.5)",
        "Hold Out: choose a share from 0 to 50 %.",
    )
    _lifecycle_outcome_days_range = models.Constraint(
        "CHECK(lifecycle_outcome_days BETWEEN 1 AND 365)",
        "Time That Counts: choose 1 to 365 days.",
    )

    @api.depends("lifecycle_play_ids")
    def _compute_lifecycle_play_id(self):
        for mailing in self:
            mailing.lifecycle_play_id = mailing.lifecycle_play_ids[:1]

    def write(self, vals):
        if "lifecycle_control_share" in vals:
            share = vals["lifecycle_control_share"]
            for mailing in self:
                same = abs(mailing.lifecycle_control_share - share) < 1e-9
                if mailing.state in ("sending", "done") and not same:
                    raise UserError(
                        self.env._(
                            "Hold Out: “%s” is being sent, or was. Who is held out "
                            "stays as it is.",
                            mailing.display_name,
                        )
                    )
        return super().write(vals)

    # -- who is held out ----------------------------------------------------------

    def _lifecycle_get_seed(self):
        """Of mailings that are tried against each other, the one of the first.

        Who is held out of one of them is held out of all, the winner too.
        """
        self.ensure_one()
        if not self.ab_testing_enabled:
            return self.lifecycle_seed
        # whose seed it is, is no secret to who sends
        family = self.sudo()._get_ab_testing_siblings_mailings() | self.sudo()
        return family.sorted("id")[0].lifecycle_seed

    def _lifecycle_get_held_out(self, partners):
        """Ids of those of some contacts whose customer does not get the mailing."""
        self.ensure_one()
        if not self.lifecycle_control_share:
            return set()
        seed = self._lifecycle_get_seed()
        return {
            partner_id
            for partner_id, customer_id in self._lifecycle_get_customers(
                partners
            ).items()
            if get_arm(seed, customer_id, self.lifecycle_control_share) == "control"
        }

    def _lifecycle_enter(self, entered):
        """Write down who got the mailing and who was held out, once a customer.

        :param entered: ``{arm: contact ids}``
        """
        self.ensure_one()
        if not self.lifecycle_control_share or not any(entered.values()):
            return
        play = self._lifecycle_get_play()
        rows = [(pid, arm) for arm, ids in entered.items() for pid in sorted(ids)]
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """INSERT INTO lifecycle_play_enrollment (play_id, partner_id,
                    profile_id, company_id, arm, state, source, entered_date,
                    entered_day, user_id, entry_stage_id, entry_order_count, end_date,
                    logged_state)
                SELECT DISTINCT ON (partner.id) %(play)s, partner.id, profile.id,
                    %(company)s, reached.arm, 'done', 'hand', %(now)s::timestamp,
                    %(today)s::date, %(user)s::int, profile.stage_id,
                    COALESCE(profile.order_count, 0), %(now)s::timestamp, 'done'
                FROM unnest(%(ids)s::int[], %(arms)s::varchar[]) reached (id, arm)
                JOIN res_partner contact ON contact.id = reached.id
                JOIN res_partner partner
                    ON partner.id = COALESCE(contact.commercial_partner_id, contact.id)
                LEFT JOIN lifecycle_profile profile
                    ON profile.partner_id = partner.id
                    AND profile.company_id = %(company)s
                WHERE NOT EXISTS (SELECT FROM lifecycle_play_enrollment known
                    WHERE known.play_id = %(play)s AND known.partner_id = partner.id)
                ORDER BY partner.id""",
                play=play.id,
                company=self.lifecycle_company_id.id,
                now=now,
                today=self.lifecycle_company_id._get_lifecycle_today(),
                user=self.user_id.id or None,
                ids=[row[0] for row in rows],
                arms=[row[1] for row in rows],
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)

    def _lifecycle_get_play(self):
        """The play that stands for the mailing in the reports, made at its first use.

        Archived and over: it never does anything, and is in no list of plays.
        """
        self.ensure_one()
        # the report of a mailing is made for whoever sends it
        mailing = self.sudo()
        if mailing.lifecycle_play_id:
            return mailing.lifecycle_play_id
        plays = mailing.env["lifecycle.play"].with_context(tracking_disable=True)
        return plays.create(
            {
                "name": mailing.subject,
                "active": False,
                "mailing_id": mailing.id,
                "company_id": mailing.lifecycle_company_id.id,
                "user_id": mailing.user_id.id or mailing.env.uid,
                "state": "done",
                "start_date": fields.Datetime.now(),
                "entry_kind": "hand",
                "control_share": mailing.lifecycle_control_share,
                "seed": mailing._lifecycle_get_seed(),
                "outcome_days": mailing.lifecycle_outcome_days,
            }
        )
