"""Perks of a tier on quotations and orders, by Odoo's own hooks."""

from odoo import api, fields, models
from odoo.tools import float_round
from odoo.tools.sql import column_exists, create_column

from .loyalty_tier_lookup import HELD_KEY, HeldTiers


class SaleOrder(models.Model):
    _inherit = "sale.order"

    order_tier_id = fields.Many2one(
        "loyalty.tier",
        string="Tier of the Order",
        compute="_compute_order_tier_id",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="lifecycle_crm.group_lifecycle_user",
        help="Tier of the customer when the order was made or confirmed: what it was "
        "given by.",
    )
    order_tier_multiplier = fields.Float(
        compute="_compute_order_tier_id",
        store=True,
        copy=False,
        digits=(6, 3),
        aggregator=None,
        groups="lifecycle_crm.group_lifecycle_user",
        help="Points were multiplied by this when the order was made or confirmed.",
    )

    def _auto_init(self):
        # orders from before: nothing was given by a tier
        if not column_exists(self.env.cr, "sale_order", "order_tier_id"):
            create_column(self.env.cr, "sale_order", "order_tier_id", "int4")
            create_column(self.env.cr, "sale_order", "order_tier_multiplier", "numeric")
        return super()._auto_init()

    @api.depends("partner_id", "company_id", "state")
    def _compute_order_tier_id(self):
        for company, orders in self.grouped("company_id").items():
            tiers = self.env["loyalty.tier"]
            perks = tiers._get_perks()
            found = tiers._find_tiers(orders.partner_id.ids, company)
            for order in orders:
                if order.state == "cancel":
                    # what was given, was given
                    order.order_tier_id = order.order_tier_id
                    order.order_tier_multiplier = order.order_tier_multiplier
                    continue
                tier_id = next(iter(found.get(order.partner_id.id, ())), False)
                order.order_tier_id = tier_id
                order.order_tier_multiplier = tier_id and perks[tier_id].multiplier

    def _asking_once(self):
        """These orders, with tiers asked for once while they are worked on."""
        tiers = self.env["loyalty.tier"]
        if tiers._get_held() is not None or not tiers._get_perks():
            return self
        return self.with_context(**{HELD_KEY: HeldTiers()})

    def action_confirm(self):
        return super(SaleOrder, self._asking_once()).action_confirm()

    # -- points --------------------------------------------------------------------

    def _program_check_compute_points(self, programs):
        """Points of the programme of a tier are multiplied by what the tier says."""
        result = super()._program_check_compute_points(programs)
        for program_id, multiplier in self._get_tier_multipliers().items():
            program = self.env["loyalty.program"].browse(program_id)
            points = result.get(program, {}).get("points")
            if points and multiplier != 1:
                result[program]["points"] = [
                    float_round(point * multiplier, precision_digits=2)
                    for point in points
                ]
        return result

    def _get_tier_multipliers(self):
        """``{program id: what its points are multiplied by}``.

        A confirmed order keeps what it was confirmed with, although it may have raised
        its own customer.
        """
        tiers = self.env["loyalty.tier"]
        perks = tiers._get_perks()
        if not perks:
            return {}
        held = tiers._find_tiers(self.partner_id.ids, self.company_id)
        multipliers = {
            perks[tier_id].program_id: perks[tier_id].multiplier
            for tier_id in held.get(self.partner_id.id, ())
        }
        if self.state != "sale":
            return multipliers
        order = self.sudo()  # the tier of then decides, it is shown to nobody
        if not order.order_tier_id:
            return {}
        program_id = order.order_tier_id.program_id.id
        return {**multipliers, program_id: order.order_tier_multiplier}

    # -- programmes and rewards for a tier only ---------------------------------------

    def _get_tier_domain(self, name):
        """Condition that a tier asked for is open to the customer of the order."""
        if not self.env["loyalty.tier"]._get_perks():
            # what asks for a tier of a programme that was archived stays closed
            return [(name, "=", False)]
        return [(name, "in", [False, *self._get_open_tiers()])]

    def _get_open_tiers(self):
        """Ids of the tiers open to the customer, now or when it was confirmed."""
        tiers = self.env["loyalty.tier"]
        opened = tiers._get_open_tiers(self.partner_id, self.company_id)
        if self.state == "sale":
            # what was given with the order stays; it is shown to nobody
            opened += tiers._get_tiers_below(self.sudo().order_tier_id.ids)
        return opened

    def _get_program_domain(self):
        return [*super()._get_program_domain(), *self._get_tier_domain("min_tier_id")]

    def _get_trigger_domain(self):
        domain = self._get_tier_domain("program_id.min_tier_id")
        return [*super()._get_trigger_domain(), *domain]

    def _is_open_reward(self, reward):
        """Whether the customer's tier lets it have a reward."""
        # which tier it needs is asked for whoever buys, also in the shop
        needed = reward.sudo().min_tier_id
        return not needed or needed.id in self._get_open_tiers()

    def _get_claimable_rewards(self, forced_coupons=None):
        result = super()._get_claimable_rewards(forced_coupons)
        if not any(rewards.sudo().min_tier_id for rewards in result.values()):
            return result
        opened = {}
        for coupon, rewards in result.items():
            if kept := rewards.filtered(self._is_open_reward):
                opened[coupon] = kept
        return opened

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if not self._is_open_reward(reward):
            return {
                "error": self.env._(
                    "This reward is for members of tier “%s” and above.",
                    reward.sudo().min_tier_id.name,  # as the reward itself says
                )
            }
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _update_programs_and_rewards(self):
        """A reward that the customer's tier does not open any more goes."""
        order = self._asking_once()
        lines = order.order_line.filtered(
            lambda line: line.reward_id and not order._is_open_reward(line.reward_id)
        )
        if lines:
            lines.unlink()
        return super(SaleOrder, order)._update_programs_and_rewards()

    # -- payment terms -----------------------------------------------------------------

    def _compute_payment_term_id(self):
        result = super()._compute_payment_term_id()
        tiers = self.env["loyalty.tier"]
        perks = tiers._get_perks()
        if not any(perk.payment_term_id for perk in perks.values()):
            return result
        open_orders = self.filtered(lambda o: o.partner_id and not o.payment_term_id)
        for company, orders in open_orders.grouped("company_id").items():
            found = tiers._find_tiers(orders.partner_id.ids, company)
            terms = self.env["account.payment.term"].browse(
                {perk.payment_term_id for perk in perks.values()} - {None}
            )
            # those of other companies, and archived ones, are not for this order;
            # sudo: whether they can be used, they are shown to nobody
            usable = terms.sudo().filtered("active")
            usable = usable.filtered_domain(usable._check_company_domain(company))
            for order in orders:
                held = (
                    perks[tier_id].payment_term_id
                    for tier_id in found.get(order.partner_id.id, ())
                )
                term_ids = (term_id for term_id in held if term_id in usable._ids)
                order.payment_term_id = next(term_ids, False)
        return result
