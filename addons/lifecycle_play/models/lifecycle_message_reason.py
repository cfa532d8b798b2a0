"""Why a customer got a message, in the customer's own words."""

from odoo import models


class LifecycleMessage(models.Model):
    """What is told is the occasion: what was computed of the customer is not."""

    _inherit = "lifecycle.message"

    def _get_customer_words(self):
        """What the privacy page tells of messages, in the language of who reads it.

        As many queries for a page of them as for one.

        :return: list of dicts: ``date``, ``company``, ``channel``, ``subject`` (or
            False), ``name`` (what the play is called for customers, or False) and
            ``reason``
        """
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return [
            {
                "date": message.date,
                "company": message.company_id.name,
                "channel": channels[message.channel],
                "subject": message.mail_message_id.subject,
                "name": message.play_id.customer_name,
                "reason": message._get_customer_reason(),
            }
            for message in self
        ]

    def _get_customer_reason(self):
        self.ensure_one()
        if self.source == "hand":
            return self.env._("A colleague wrote to you.")
        if self.source != "play":
            return self.env._("It is sent by itself on a certain occasion.")
        way = self.execution_id.enrollment_id
        if not way:
            return self.env._(
                "What let us write to you has been deleted since, and is not known "
                "any more."
            )
        if way.source == "hand":
            return self.env._("A colleague chose you for it.")
        if way.source == "date":
            return self._get_customer_date(way.play_id.date_field_id)
        return self._get_customer_change(way.transition_id)

    def _get_customer_date(self, field):
        if field.model == "res.partner":
            return self.env._("Because of a date: %s.", field.field_description)
        if field.name == "first_order_date":
            return self.env._("Because of the day of your first order.")
        # the others are computed from the days of orders
        return self.env._("Because of the days on which you ordered.")

    def _get_customer_change(self, transition):
        """The occasion of a change, never its ends: these are what was computed."""
        if transition.kind == "tier":
            return self.env._("Because something changed in your membership.")
        texts = {
            "purchase": self.env._("Because you ordered."),
            "refund": self.env._("Because of a return or a cancelled order."),
            "time": self.env._("Because you had not ordered for some time."),
            "ranking": self.env._(
                "Because of your orders, beside those of other customers."
            ),
            "first": self.env._("Because you turned to us for the first time."),
            "manual": self.env._("A colleague chose you for it."),
        }
        return texts.get(transition.cause) or self.env._(
            "Because of your orders so far."
        )
