"""The customer in one look, and what happened to it: asked for when somebody looks.

The page of the contact form asks for both after the form is there, so that a contact
opens as fast as without.
"""

from datetime import date, datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_PAGE = 20
_MOST = 100  # lines asked for at once
_DEEPEST = 2000  # lines of one customer that anybody scrolls through


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_rhythm_summary = fields.Char(
        related="lifecycle_profile_id.rhythm_summary",
        groups="lifecycle_crm.group_lifecycle_user",
    )
    lifecycle_next_step = fields.Char(
        related="lifecycle_profile_id.next_step",
        groups="lifecycle_crm.group_lifecycle_user",
    )

    # -- the card ----------------------------------------------------------------

    def get_lifecycle_card(self):
        """What the Lifecycle page of a contact shows, in the current company.

        :return: False where there is no profile, else a dictionary of JSON values;
            money is in the currency of the company
        :raise AccessError: for who may not read the contact or the scores
        """
        self.ensure_one()
        self.check_access("read")
        self.env["lifecycle.profile"].check_access("read")
        profile = self.lifecycle_profile_id
        return self._get_lifecycle_card(profile) if profile else False

    def _get_lifecycle_card(self, profile):
        """The parts of the card by name, each a JSON value.

        An addon adds a part here and shows it with the registry
        ``lifecycle_card_parts``.
        """
        return {
            "currency_id": profile.currency_id.id,
            "rhythm": self._get_card_rhythm(profile),
            "value": self._get_card_value(profile),
            "spend": profile.spend_curve,
            "steps": self._get_card_steps(profile),
            "sections": self._get_card_sections(profile),
        }

    def _get_card_sections(self, profile):
        """What an addon says in words: ``[{name, title, rows: [{name, label, help,
        text}]}]``."""
        return []

    @api.model
    def _get_card_rhythm(self, profile):
        def day(value):
            return value and value.isoformat()

        return {
            "text": profile.rhythm_summary,
            "next": day(profile.next_order_date),
            "at_risk": day(profile.at_risk_date),
            "lapse": day(profile.lapse_date),
            "days": profile.days_since_order if profile.last_order_date else False,
            "gap": profile.gap_days,
        }

    @api.model
    def _get_card_value(self, profile):
        """The value and what it is made of: ``[{name, label, help, value, kind}]``."""
        kinds = {
            "clv_historic": "money",
            "order_count": "count",
            "average_order_value": "money",
            "first_order_date": "date",
        }
        described = profile.fields_get(list(kinds), ["string", "help"])
        return [
            {
                "name": name,
                "label": described[name]["string"],
                "help": described[name].get("help", ""),
                "value": self._to_card(profile[name]),
                "kind": kind,
            }
            for name, kind in kinds.items()
        ]

    @api.model
    def _to_card(self, value):
        return value.isoformat() if isinstance(value, date) else value

    @api.model
    def _get_card_steps(self, profile):
        """What to do, with the buttons that the user may press."""
        steps = profile._get_next_steps()
        if not self.env["sale.order"].has_access("create"):
            for step in steps:
                step["buttons"] = [
                    button
                    for button in step["buttons"]
                    if button["method"] != "action_lifecycle_quotation"
                ]
        return steps

    def action_lifecycle_quotation(self):
        """A new quotation for this contact."""
        self.ensure_one()
        self.env["sale.order"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }

    # -- what happened -------------------------------------------------------------

    @api.model
    def _get_timeline_sources(self):
        """Methods by name that tell what happened to a customer.

        Each takes a domain on customer and company, and how many lines are wanted; it
        returns the newest, as dictionaries: ``date`` (a date, or a naive UTC moment),
        ``icon``, ``title``, ``text``, and ``model`` and ``id`` of a record that can be
        opened (or False).
        """
        return {"transition": "_get_timeline_transitions"}

    def get_lifecycle_timeline(self, offset=0, limit=_PAGE):
        """Changes, plays and messages of the customer in one list, newest first.

        :param offset: lines to leave out
        :param limit: lines wanted, 100 at most
        :return: ``{lines, more}``: dictionaries as in :meth:`_get_timeline_sources`
            with ``kind`` and the ``date`` as text, and whether there are more
        :raise UserError: where the two are no whole numbers
        """
        self.ensure_one()
        self.check_access("read")
        self.env["lifecycle.profile"].check_access("read")
        if not all(isinstance(number, int) for number in (offset, limit)):
            raise UserError(
                self.env._("“offset” and “limit” must be whole numbers of lines.")
            )
        offset = min(max(offset, 0), _DEEPEST)
        limit = min(max(limit, 1), _MOST)
        wanted = offset + limit + 1
        customer = self.commercial_partner_id
        domain = Domain("partner_id", "=", customer.id)
        domain &= Domain("company_id", "=", self.env.company.id)
        lines = []
        for kind, method in self._get_timeline_sources().items():
            for number, line in enumerate(getattr(customer, method)(domain, wanted)):
                # within a day: moments before days, each source as it gave them
                moment = line["date"]
                if not isinstance(moment, datetime):
                    moment = datetime.combine(moment, time.min)
                lines.append(((moment, -number), {**line, "kind": kind}))
        lines.sort(key=lambda pair: pair[0], reverse=True)
        page = [line for _key, line in lines[offset : offset + limit]]
        for line in page:
            line["has_time"] = isinstance(line["date"], datetime)
            to_text = fields.Datetime if line["has_time"] else fields.Date
            line["date"] = to_text.to_string(line["date"])
        return {"lines": page, "more": len(lines) > offset + limit}

    def _get_timeline_transitions(self, domain, limit):
        moves = self.env["lifecycle.transition"].search(domain, limit=limit)
        kinds = dict(moves._fields["kind"]._description_selection(self.env))
        causes = dict(moves._fields["cause"]._description_selection(self.env))
        return [
            {
                "date": move.date,
                "icon": "fa-exchange",
                "title": f"{kinds[move.kind]}: {move.display_name}",
                "text": " · ".join(filter(None, (causes[move.cause], move.note))),
                "model": False,
                "id": False,
            }
            for move in moves
        ]
