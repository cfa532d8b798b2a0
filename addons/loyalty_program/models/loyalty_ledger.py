"""The company's own record of points: written once, never changed, never deleted."""

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("opening", "Opening balance"),
    ("earn", "Earned"),
    ("redeem", "Spent"),
    ("reverse", "Given back"),
    ("clawback", "Taken back"),
    ("expire", "Expired"),
    ("cashback", "Cashback"),
    ("gift", "Gift"),
    ("manual", "Adjustment"),
    ("merge", "Cards joined"),
]


class LoyaltyLedger(models.Model):
    """One row per reason for which the points of a card changed.

    Odoo's own history has no dates to expire by and is deleted when an order is
    cancelled.  The rows are made where points change (``loyalty.card`` ``create`` and
    ``write``), so nothing that goes through the ORM can miss; ``points`` of a card is
    their sum, which ``loyalty.ledger.difference`` proves every night.

    Cards of programmes whose points are kept are recorded: loyalty cards, eWallets and
    gift cards.  Coupons and promotions use points as a mark of a single use.
    """

    _name = "loyalty.ledger"
    _description = "Points Ledger"
    _order = "day desc, id desc"
    _rec_name = "card_code"
    _log_access = False

    card_id = fields.Many2one(
        "loyalty.card", readonly=True, ondelete="set null", help="The card."
    )
    card_code = fields.Char(
        string="Code",
        readonly=True,
        help="Code of the card, also where it was deleted.",
    )
    program_id = fields.Many2one(
        "loyalty.program", string="Programme", readonly=True, ondelete="set null"
    )
    program_type = fields.Selection(related="program_id.program_type")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Whose card it was at that moment.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Company of the programme; of the document where several companies "
        "share the programme.",
    )
    date = fields.Datetime(required=True, readonly=True)
    day = fields.Date(
        required=True,
        readonly=True,
        help="Day of the change in the time zone of the company. The life of points "
        "is counted from here.",
    )
    kind = fields.Selection(
        KINDS,
        string="Reason",
        required=True,
        readonly=True,
        help="Given back: points that were spent, or taken, come back with a return "
        "or a cancelled credit note. Taken back: the purchase that gave the points "
        "was returned or cancelled. Adjustment: by a person, or by another app.",
    )
    points = fields.Float(
        required=True,
        readonly=True,
        digits=(16, 2),
        help="Points added to the card, negative where they were taken.",
    )
    shortfall = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Points that should have been taken back and were not on the card any "
        "more. They are not asked for again.",
    )
    order_id = fields.Many2one(
        "sale.order",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The invoice that was paid, or the credit note.",
    )
    res_model = fields.Char(string="Other Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Other Document",
        model_field="res_model",
        readonly=True,
        help="What another app changed the points for.",
    )
    source_id = fields.Many2one(
        "loyalty.ledger",
        string="Undoes",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The entry that this one takes back, wholly or in part.",
    )
    lot_id = fields.Many2one(
        "loyalty.ledger",
        string="Changes the Lot",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The points given whose number this entry changes. What is spent has "
        "none: the oldest points are spent first.",
    )
    base_amount = fields.Float(
        readonly=True,
        aggregator=None,
        help="Untaxed amount, in the currency of the document, of what the points "
        "were given or spent for. Returns are measured against it.",
    )
    base_line_ids = fields.Json(
        string="Order Lines", readonly=True, help="Lines that make up the amount."
    )
    final = fields.Boolean(
        string="Settles the Order",
        readonly=True,
        help="The order was cancelled: nothing of it is left to give or take.",
    )
    note = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="set null"
    )
    # cr.now(), as create_date of documents is: what existed when points were recorded
    recorded = fields.Datetime(readonly=True)

    _card_day_idx = models.Index("(card_id, day, id)")
    _program_kind_idx = models.Index("(program_id, kind, day)")

    @api.depends("kind", "points")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = f"{kinds.get(entry.kind)} {entry.points:g}"

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("The points ledger is a record: it stays as it is."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("The points ledger is a record: nothing is deleted from it.")
        )

    # -- writing ---------------------------------------------------------------

    @api.model
    def _record(self, card, points, **values):
        """Values of an entry.

        :param card: the card, which has the points already
        :param points: what was added to it
        :param values: further fields; ``kind`` is required
        """
        source = self.browse(values.get("source_id"))
        order = self.env["sale.order"].browse(values.get("order_id"))
        move = self.env["account.move"].browse(values.get("move_id"))
        company = (
            card.program_id.company_id
            or order.sudo().company_id  # the entry names its company, nothing else
            or move.sudo().company_id
            or self.env.company
        )
        return {
            "card_id": card.id,
            "card_code": card.code,
            "program_id": card.program_id.id,
            "partner_id": card.partner_id.id,
            "company_id": company.id,
            "date": fields.Datetime.now(),
            "day": company._get_lifecycle_today(),
            "points": points,
            "lot_id": source.id if source.points > 0 else False,
            "user_id": self.env.uid,
            "recorded": self.env.cr.now().replace(microsecond=0),
            **values,
        }

    # -- reading ---------------------------------------------------------------

    @api.model
    def _get_done(self, entries):
        """What was undone so far of entries that gave or spent points.

        :return: taken, missed and expired points by id of the entry; taken is negative
            where points that were spent came back
        """
        groups = self._read_group(
            [("source_id", "in", entries.ids)],
            ["source_id", "kind"],
            ["points:sum", "shortfall:sum"],
        )
        done = {entry_id: [0.0, 0.0, 0.0] for entry_id in entries.ids}
        for source, kind, points, shortfall in groups:
            found = done[source.id]
            if kind == "expire":
                found[2] -= points
            else:
                found[0] -= points
                found[1] += shortfall
        return {
            entry_id: tuple(round(value, 6) for value in values)
            for entry_id, values in done.items()
        }
