"""The gate: who may get a message now, and if not, why not.

Set-based: the number of queries is the same for one customer and for ten thousand.
"""

from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .gate_token import (
    GATE_CHANNELS,
    GATE_REASONS,
    GATE_SOURCES,
    GateToken,
    GateVerdict,
)

__all__ = ["GATE_CHANNELS", "GATE_REASONS", "GATE_SOURCES", "GateToken", "GateVerdict"]

# The frequency cap counts the messages of so many days.
CAP_DAYS = 7


class LifecycleGate(models.AbstractModel):
    _name = "lifecycle.gate"
    _description = "Gate before every Message"

    # -- asking ------------------------------------------------------------------

    @api.model
    def _check(self, partners, company, channel, play=None, at=None, key=None):
        """Why contacts would not get a message, without a trace.

        :param partners: contacts; of two of one customer, the first counts first
        :param company: the company that writes
        :param channel: ``mail`` or ``sms``
        :param play: the play that asks, for extensions
        :param at: moment, UTC; now by default
        :param key: what is sent, as ``mail.template,12``, to find duplicates
        :return: ``{contact id: code of GATE_REASONS, or False}``
        """
        verdicts = self._decide(partners, company, channel, play, at, key)
        return {
            partner_id: self._get_reason_of(verdict, at, "hold") or False
            for partner_id, verdict in verdicts.items()
        }

    @api.model
    def _pass(self, partners, company, channel, **values):
        """Let contacts through the gate, and log who passed and who was held.

        Who passes counts as written to: the message must go in this transaction.  Two
        workers cannot let one customer through at once: the second gets a
        serialization failure, and finds the log of the first when it tries again.

        :param values: fields of :class:`GateToken`
        :return: ``{contact id: code of GATE_REASONS, or False}``
        """
        token = GateToken(company=company.id, **values)
        verdicts = self._pass_under(token, partners, company, channel)
        return {
            partner_id: verdict.reason or False
            for partner_id, verdict in verdicts.items()
        }

    @api.model
    def _open(self, company=None, source="action", play=None, step=None, **values):
        """A token for the context: ``with_context(lifecycle_gate=gate._open(…))``.

        :param company: the company that writes; None: that of each record
        :param play: record of the play, ``step`` that of its step
        :param values: other fields of :class:`GateToken`
        """
        return GateToken(
            source=source,
            company=company.id if company else None,
            play=play.id if play else None,
            step=step.id if step else None,
            **values,
        )

    @api.model
    def _get_token(self):
        """The token in the context, or None."""
        token = self.env.context.get("lifecycle_gate")
        return token if isinstance(token, GateToken) else None

    @api.model
    def _pass_under(self, token, partners, company, channel, at=None):
        """Decide about contacts about whom the token does not know yet, and log it.

        :return: ``{contact id: GateVerdict}`` of all of them
        """
        scope, known = (token.key, company.id, channel), token.verdicts
        new = partners.filtered(lambda partner: (*scope, partner.id) not in known)
        if new:
            play = None
            if token.play:
                play = self.env["lifecycle.play"].browse(token.play)
            at = at or fields.Datetime.now()
            verdicts = self._decide(new, company, channel, play, at, token.key)
            verdicts = self._log(token, company, channel, verdicts, at)
            known.update({(*scope, pid): v for pid, v in verdicts.items()})
        return {partner.id: known[(*scope, partner.id)] for partner in partners}

    @api.model
    def _get_reason_of(self, verdict, at, quiet):
        if verdict.reason or quiet != "hold":
            return verdict.reason
        late = verdict.allowed_at > (at or fields.Datetime.now())
        return "quiet_hours" if late else None

    @api.model
    def _get_reason_labels(self):
        """Reasons in the language of who reads them: pairs of code and words."""
        field = self.env["lifecycle.message"]._fields["reason"]
        return field._description_selection(self.env)

    @api.model
    def _describe_held(self, reasons):
        """How many of some contacts would be left out, and why, in words.

        :param reasons: ``{contact id: reason or False}``
        """
        counts = Counter(reason for reason in reasons.values() if reason)
        if not counts:
            return False
        labels = dict(self._get_reason_labels())
        # what quiet hours hold goes later
        later = counts.pop("quiet_hours", 0)
        lines = [f"{labels[reason]}: {count}" for reason, count in counts.most_common()]
        if lines:
            lines.insert(
                0,
                self.env._(
                    "%(held)s of %(all)s contacts are left out:",
                    held=counts.total(),
                    all=len(reasons),
                ),
            )
        if later:
            lines.append(self.env._("To %s it goes after their quiet hours.", later))
        return "\n".join(lines)

    # -- deciding ----------------------------------------------------------------

    @api.model
    def _decide(self, partners, company, channel, play=None, at=None, key=None):
        """What the gate says: ``{contact id: GateVerdict}``."""
        if channel not in dict(GATE_CHANNELS):
            raise UserError(self.env._("The gate knows no channel “%s”.", channel))
        if not partners:
            return {}
        at = at or fields.Datetime.now()
        # whoever triggers it: the gate sees what the company knows
        gate = self.sudo().with_company(company)
        company = company.sudo()
        facts = gate._read_facts(partners.ids, company, channel)
        lasting = gate._find_reasons(facts, company, channel, play, at, key)
        capped = gate._count_messages(facts, company, at)
        allowed = gate._find_allowed_at(facts, company, at)
        limit = company.lifecycle_message_cap
        verdicts, addresses = {}, set()
        for partner_id in partners.ids:
            fact = facts.get(partner_id)
            if fact is None:  # deleted meanwhile
                verdicts[partner_id] = GateVerdict("archived")
                continue
            reason = lasting.get(partner_id)
            if not reason and fact.address in addresses:
                reason = "duplicate"  # two contacts, one person
            if not reason and 0 < limit <= capped[fact.customer_id]:
                reason = "frequency_cap"
            if not reason:
                capped[fact.customer_id] += 1
                addresses.add(fact.address)
            verdicts[partner_id] = GateVerdict(
                reason, fact.address, allowed.get(partner_id, at)
            )
        return verdicts

    @api.model
    def _find_reasons(self, facts, company, channel, play, at, key):
        """Reasons of each contact that do not depend on the others.

        An addon adds its reason by extending this, or one of the hooks.

        :param facts: ``{contact id: GateFact}``
        :return: ``{contact id: reason}``, without those who have none
        """
        found = {}
        for reasons in (
            self._find_contact_reasons(facts),
            self._find_blacklisted(facts, channel),
            self._find_consent_reasons(facts, company),
            dict.fromkeys(
                self._get_list_opt_outs(facts, company, play), "list_opt_out"
            ),
            self._find_complaints(facts, company),
            self._find_duplicates(facts, company, channel, at, key),
        ):
            for partner_id, reason in reasons.items():
                found.setdefault(partner_id, reason)
        return found

    @api.model
    def _count_messages(self, facts, company, at):
        """Messages of the last days, by customer: a Counter."""
        if company.lifecycle_message_cap <= 0:
            return Counter()
        rows = self.env.execute_query(
            SQL(
                """SELECT family.commercial_partner_id, count(*)
                FROM res_partner AS family
                JOIN lifecycle_message AS message ON message.partner_id = family.id
                WHERE family.commercial_partner_id = ANY(%s)
                    AND message.company_id = %s
                    AND message.state = 'sent'
                    AND message.date > %s
                GROUP BY family.commercial_partner_id""",
                sorted({fact.customer_id for fact in facts.values()}),
                company.id,
                at - timedelta(days=CAP_DAYS),
            )
        )
        return Counter(dict(rows))

    # -- by hand -----------------------------------------------------------------

    @api.model
    def _is_gated_by_hand(self, wanted, model, count):
        """Whether a mass message that somebody writes passes the gate.

        To lists of customers it does, and only a manager may let it go past.  To one
        customer it is a letter.

        :param wanted: what the sender chose
        :param model: name of the model of the list
        :param count: number of records
        """
        customers = count > 1 and self._is_customer_list(model)
        manager = "lifecycle_crm.group_lifecycle_manager"
        return wanted or (customers and not self.env.user.has_group(manager))

    @api.model
    def _is_customer_list(self, model):
        """Whether what many records of a model get by hand goes to customers.

        Documents are not meant: who is waiting for an invoice must get it.

        :param model: its name
        """
        return model in ("res.partner", "crm.lead") or self._is_customer_model(model)

    # -- hooks -------------------------------------------------------------------

    @api.model
    def _is_customer_model(self, model):
        """Whether the records of a model are customers and nothing else.

        What is sent from there passes the gate, if nobody says otherwise.

        :param model: its name
        """
        return (model or "").startswith("lifecycle.")

    @api.model
    def _get_list_opt_outs(self, facts, company, play):
        """Ids of contacts who left the mailing list; for the addon that has lists."""
        return set()

    @api.model
    def _get_open_complaints(self, facts, company):
        """Ids of contacts with an open complaint; an addon with tickets adds theirs."""
        return set()

    @api.model
    def _find_complaints(self, facts, company):
        if not company.lifecycle_complaint_hold:
            return {}
        found = set(self._get_open_complaints(facts, company))
        if tags := company.lifecycle_complaint_tag_ids:
            families = {fact.customer_id for fact in facts.values()}
            rows = self.env.execute_query(
                SQL(
                    """SELECT partner_id FROM res_partner_res_partner_category_rel
                    WHERE category_id = ANY(%s) AND partner_id = ANY(%s)""",
                    tags.ids,
                    sorted(families | facts.keys()),
                )
            )
            tagged = {partner_id for (partner_id,) in rows}
            found.update(
                partner_id
                for partner_id, fact in facts.items()
                if partner_id in tagged or fact.customer_id in tagged
            )
        return dict.fromkeys(found, "open_complaint")
