"""What came of the save lists: set by itself, by set."""

from odoo import api, models
from odoo.tools import SQL


class ChurnSave(models.Model):
    _inherit = "churn.save"

    @api.model
    def _settle(self, company, partner_ids=None, as_of=None):
        """Bring the items of a company to where their customers stand.

        Saved when the customer has bought since, lost when it has lapsed or was
        recorded as lost; in between, an opportunity that somebody made or lost.  A
        lapse settles nothing while the opportunity is open: it may still be won.

        :param partner_ids: customers to look at, default all
        :param as_of: default today in the time zone of the company
        """
        self.env.flush_all()
        scope = {
            "company": company.id,
            "today": as_of or company._get_lifecycle_today(),
            "asked": SQL("TRUE")
            if partner_ids is None
            else SQL("s.partner_id = ANY(%s)", list(partner_ids)),
        }
        for query in (
            self._get_saved_query(scope),
            self._get_recorded_query(scope),
            self._get_opportunity_query(scope),
            self._get_opportunity_lost_query(scope),
            self._get_lost_query(scope),
            self._get_money_query(scope),
        ):
            self.env.cr.execute(query)
        self.invalidate_model(flush=False)

    @api.model
    def _get_saved_query(self, scope):
        return SQL(
            """UPDATE churn_save s
            SET state = 'saved', outcome_date = p.last_order_date
            FROM lifecycle_profile p
            WHERE p.partner_id = s.partner_id AND p.company_id = s.company_id
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state IN ('todo', 'contacted', 'opportunity')
              AND p.last_order_date > s.last_order_date
              AND p.last_order_date <= %(today)s""",
            **scope,
        )

    @api.model
    def _get_lost_query(self, scope):
        return SQL(
            """UPDATE churn_save s
            SET state = 'lost', outcome_date = p.lapse_date
            FROM lifecycle_profile p
            WHERE p.partner_id = s.partner_id AND p.company_id = s.company_id
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state IN ('todo', 'contacted', 'opportunity')
              AND p.lapse_date <= %(today)s
              AND NOT EXISTS (SELECT FROM crm_lead l
                WHERE l.id = s.lead_id AND l.active AND l.won_status = 'pending')""",
            **scope,
        )

    @api.model
    def _get_recorded_query(self, scope):
        return SQL(
            """UPDATE churn_save s
            SET state = 'lost', outcome_date = x.date
            FROM churn_loss x
            WHERE x.partner_id = s.partner_id AND x.company_id = s.company_id
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state IN ('todo', 'contacted', 'opportunity')
              AND x.date >= s.last_order_date AND x.date <= %(today)s""",
            **scope,
        )

    @api.model
    def _get_opportunity_query(self, scope):
        """Somebody made a win-back opportunity past the list."""
        return SQL(
            """UPDATE churn_save s
            SET state = 'opportunity', lead_id = l.id,
                contact_date = COALESCE(s.contact_date, %(today)s)
            FROM crm_lead l JOIN res_partner c ON c.id = l.partner_id
            WHERE c.commercial_partner_id = s.partner_id AND l.win_back AND l.active
              AND l.won_status = 'pending'
              AND (l.company_id = s.company_id OR l.company_id IS NULL)
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state IN ('todo', 'contacted')""",
            **scope,
        )

    @api.model
    def _get_opportunity_lost_query(self, scope):
        """The opportunity is lost, the customer may not be."""
        return SQL(
            """UPDATE churn_save s SET state = 'contacted'
            FROM crm_lead l
            WHERE l.id = s.lead_id AND l.won_status = 'lost'
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state = 'opportunity'""",
            **scope,
        )

    @api.model
    def _get_money_query(self, scope):
        """Revenue in the year after the listing, of who bought after a contact.

        What the customer had brought when it was listed is known; the difference
        grows with each order until the year is over.
        """
        return SQL(
            """UPDATE churn_save s
            SET saved_revenue = p.revenue_total - s.revenue_before
            FROM lifecycle_profile p
            WHERE p.partner_id = s.partner_id AND p.company_id = s.company_id
              AND s.company_id = %(company)s AND %(asked)s
              AND s.state = 'saved' AND s.contact_date <= s.outcome_date
              AND s.list_date > %(today)s - 365
              AND s.saved_revenue
                IS DISTINCT FROM p.revenue_total - s.revenue_before""",
            **scope,
        )
