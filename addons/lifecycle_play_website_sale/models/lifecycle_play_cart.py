"""How a cart lets its customer in: by Odoo's own rule when it was left, once."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.lifecycle_crm.models.lifecycle_work_mixin import CONFLICTS

_logger = logging.getLogger(__name__)

# Days after which a cart that was left is old news, and for which a customer who
# entered hears of no other cart.
RECENT_DAYS = 7
# In the context: carts are looked at for a play, not for Odoo's own mail.
FOR_PLAY = "lifecycle_cart_for_play"


class LifecyclePlay(models.Model):
    _inherit = "lifecycle.play"

    def _do_batches(self, first):
        if first and self.entry_kind == "cart":
            self._work(self._enter_by_cart)
        return super()._do_batches(first)

    # -- which carts -----------------------------------------------------------------

    def _select_carts(self, condition=None):
        """SELECT of carts that were left, of known customers, about which nobody wrote:
        ``cart_id, partner_id, date_order``, the customer being the commercial partner.

        :param condition: on the order ``so``, when it was left ``left_at.moment``
        """
        self.ensure_one()
        # of whichever salesperson: the play acts for the company
        orders = self.env["sale.order"].sudo().with_company(self.company_id)
        query = orders._search(
            [
                ("is_abandoned_cart", "=", True),
                ("cart_recovery_email_sent", "=", False),
                ("company_id", "=", self.company_id.id),
            ]
        )
        # Odoo's search lets carts of visitors through, its field does not
        return SQL(
            """SELECT so.id AS cart_id, contact.commercial_partner_id AS partner_id,
                so.date_order
            FROM sale_order so
            JOIN website shop ON shop.id = so.website_id
            JOIN res_users visitor ON visitor.id = shop.user_id
            JOIN res_partner contact ON contact.id = so.partner_id
            CROSS JOIN LATERAL (SELECT so.date_order + make_interval(
                secs => COALESCE(NULLIF(shop.cart_abandoned_delay, 0), 1) * 3600
            ) AS moment) left_at
            WHERE so.id IN %s AND so.partner_id <> visitor.partner_id
                AND contact.active AND contact.email_normalized IS NOT NULL AND %s""",
            query.subselect(),
            condition or SQL("TRUE"),
        )

    def _select_customers_of(self, carts):
        """SELECT of ``partner_id, transition_id`` of the customers of carts."""
        return SQL(
            """SELECT DISTINCT cart.partner_id, NULL::int AS transition_id
            FROM (%s) cart""",
            carts,
        )

    def _select_today(self):
        if self.entry_kind != "cart":
            return super()._select_today()
        since = fields.Datetime.now() - timedelta(days=1)
        return self._select_customers_of(
            self._select_carts(SQL("left_at.moment > %s", since))
        )

    def _select_standing(self):
        if self.entry_kind != "cart":
            return super()._select_standing()
        return self._select_customers_of(self._select_carts())

    # -- entering --------------------------------------------------------------------

    @api.model
    def _enter_carts(self):
        """Let customers into all running plays about carts, before Odoo writes to them.

        A play that cannot be asked any more must not keep Odoo from its mails.
        """
        plays = self.sudo().search(
            [("state", "=", "running"), ("entry_kind", "=", "cart")]
        )
        for play in plays.filtered("company_id.active"):
            company = play.company_id
            play = play.with_company(company)
            play = play.with_context(allowed_company_ids=company.ids)
            try:
                with self.env.cr.savepoint():
                    play._enter_by_cart()
            except CONFLICTS:
                raise
            except Exception as error:  # whatever became of its conditions
                _logger.exception("Nobody could enter the play %s", play.id)
                self.env.invalidate_all(flush=False)
                play._pause_broken(play._get_error_text(error))

    def _enter_by_cart(self):
        """Let in who has left a cart since the play was started.

        :return: number of customers who entered
        """
        self.ensure_one()
        carts = self._find_carts()
        if not carts:
            return 0
        asked = self._select_carts(SQL("so.id = ANY(%s)", carts.ids))
        count = self._enter("cart", self._select_customers_of(asked))
        if count:
            self._take_carts(asked)
        return count

    def _find_carts(self):
        """Carts whose customers may enter now, and about which Odoo would write."""
        now = fields.Datetime.now()
        since = max(self.start_date or now, now - timedelta(days=RECENT_DAYS))
        self.env.flush_all()
        carts = self._select_carts(SQL("left_at.moment > %s", since))
        rows = self.env.execute_query(
            SQL(
                """SELECT cart.cart_id FROM (%s) cart
                WHERE cart.partner_id IN (SELECT candidate.partner_id %s)""",
                carts,
                self._get_entrants(self._select_customers_of(carts)),
            )
        )
        # a play asks for the company, whoever may see the order
        orders = self.env["sale.order"].sudo().with_context(**{FOR_PLAY: True})
        orders = orders.browse(cart_id for (cart_id,) in rows)
        return orders.browse().union(
            *(
                some._filter_can_send_abandoned_cart_mail()
                for some in orders.grouped("website_id").values()
            )
        )

    def _enter(self, source, candidates):
        count = super()._enter(source, candidates)
        if count and source != "cart" and self.entry_kind == "cart":
            self._take_carts(self._select_carts())
        return count

    def _take_carts(self, carts):
        """Note which cart a customer entered for, and leave none to Odoo's own mail.

        Two workers cannot both write about a cart: each marks it as written about, so
        that the second gets a serialization failure and does all again.

        :param carts: SELECT as :meth:`_select_carts`; the latest one of each counts
        """
        rows = self.env.execute_query(
            SQL(
                """UPDATE lifecycle_play_enrollment way SET cart_id = latest.cart_id
                FROM (
                    SELECT DISTINCT ON (cart.partner_id) cart.partner_id, cart.cart_id
                    FROM (%s) cart
                    ORDER BY cart.partner_id, cart.date_order DESC, cart.cart_id DESC
                ) latest
                WHERE way.play_id = %s AND way.state = 'running'
                    AND way.cart_id IS NULL AND way.partner_id = latest.partner_id
                RETURNING way.partner_id""",
                carts,
                self.id,
            )
        )
        self.env["lifecycle.play.enrollment"].invalidate_model(flush=False)
        customers = [partner_id for (partner_id,) in rows]
        taken = self.env.execute_query(
            SQL(
                "SELECT cart.cart_id FROM (%s) cart WHERE cart.partner_id = ANY(%s)",
                self._select_carts(),
                customers,
            )
        )
        # of whichever salesperson, as above
        orders = self.env["sale.order"].sudo().browse(cart_id for (cart_id,) in taken)
        orders.with_context(tracking_disable=True).cart_recovery_email_sent = True
        self.env.flush_all()

    @api.model
    def _find_cart_customers(self, partners, company):
        """Those of some customers who hear of a cart by a play of a company."""
        since = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        # whether, not which play
        ways = self.env["lifecycle.play.enrollment"].sudo()
        found = ways.search_fetch(
            [
                ("play_id.entry_kind", "=", "cart"),
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                "|",
                ("state", "=", "running"),
                ("entered_date", ">", since),
            ],
            ["partner_id"],
        )
        return found.partner_id
