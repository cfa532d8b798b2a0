"""How much a customer gets, and when; and what it costs to ask."""

from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .gate_common import GateCase


@tagged("post_install", "-at_install")
class TestGateLimits(GateCase):
    def test_frequency_cap(self):
        self.company.lifecycle_message_cap = 2
        partner = self._customer()
        for channel in ("mail", "sms"):
            self.assertFalse(
                self.gate._pass(partner, self.company, channel)[partner.id]
            )
        self.assertEqual(self._ask(partner), "frequency_cap")
        self.assertEqual(self._ask(partner, "sms"), "frequency_cap")
        # what is held is no message
        self.gate._pass(partner, self.company, "mail")
        self.assertEqual(
            self._log_of(partner).mapped("state"), ["sent", "sent", "held"]
        )
        week = datetime(2026, 6, 15, 12) + timedelta(days=7)
        self.assertEqual(
            self._ask(partner, at=week - timedelta(seconds=1)), "frequency_cap"
        )
        self.assertFalse(self._ask(partner, at=week))
        # other companies have their own
        self.assertFalse(self._ask(partner, company=self._create_company("Other")))

    def test_the_cap_is_of_the_customer(self):
        """Not of each of its contacts, also within one call."""
        self.company.lifecycle_message_cap = 2
        head = self._customer(is_company=True)
        contacts = head.browse()
        for _number in range(3):
            contacts |= self._customer(parent_id=head.id)
        self.assertEqual(
            list(self.gate._pass(contacts, self.company, "mail").values()),
            [False, False, "frequency_cap"],
        )
        self.assertEqual(self._ask(head), "frequency_cap")

    def test_what_waits_counts(self):
        self.company.lifecycle_message_cap = 1
        partner = self._customer()
        with self.at(datetime(2026, 6, 15, 23)):
            self.gate._pass(partner, self.company, "mail")
            self.assertEqual(self._ask(partner), "frequency_cap")

    # -- twice the same ------------------------------------------------------------

    def test_duplicate(self):
        self.company.lifecycle_duplicate_days = 7
        partner, key = self._customer(), "mail.template,1"
        same = self._customer(email=partner.email)
        self.gate._pass(partner, self.company, "mail", key=key)
        self.assertEqual(self._ask(partner, key=key), "duplicate")
        self.assertEqual(self._ask(same, key=key), "duplicate")
        self.assertFalse(self._ask(partner, key="mail.template,2"))
        self.assertFalse(self._ask(partner))
        later = datetime(2026, 6, 15, 12) + timedelta(days=7)
        self.assertFalse(self._ask(partner, key=key, at=later))

    def test_two_contacts_of_one_address(self):
        first = self._customer(email="twin@gate.test")
        second = self._customer(email="twin@gate.test")
        self.assertEqual(
            self.gate._pass(first | second, self.company, "mail"),
            {first.id: False, second.id: "duplicate"},
        )

    # -- time ----------------------------------------------------------------------

    def test_quiet_hours_of_the_customer(self):
        night = datetime(2026, 6, 15, 23)
        us = self.env.ref("base.us").id
        cases = (
            ({"tz": "UTC"}, datetime(2026, 6, 16, 8)),
            ({"tz": "Asia/Tokyo"}, night),  # eight in the morning
            ({"tz": "Asia/Tehran"}, datetime(2026, 6, 16, 4, 30)),
            ({"tz": False, "country_id": self.env.ref("base.jp").id}, night),
            ({"tz": False, "country_id": False}, datetime(2026, 6, 16, 8)),
            # afternoon all over the country
            ({"tz": False, "country_id": us}, night),
        )
        for values, moment in cases:
            with self.subTest(values=values):
                partner = self._customer(**values)
                found = self.gate._get_allowed_at(partner, self.company, night)
                self.assertEqual(found, {partner.id: moment})
                reason = "quiet_hours" if moment > night else False
                self.assertEqual(self._ask(partner, at=night), reason)
        self.company.lifecycle_quiet = False
        self.assertFalse(self._ask(self._customer(), at=night))

    def test_quiet_hours_hold_where_the_caller_comes_again(self):
        partner = self._customer()
        with self.at(datetime(2026, 6, 15, 23)):
            passed = self.gate._pass(partner, self.company, "mail", quiet="hold")
        self.assertEqual(passed, {partner.id: "quiet_hours"})
        self.assertEqual(self._log_of(partner).state, "held")

    def test_lasting_reasons_first(self):
        partner = self._customer()
        for reason in ("frequency_cap", "open_complaint", "opted_out", "blacklisted"):
            self._make_reason(reason, partner)
            self.assertEqual(self._ask(partner), reason)

    # -- what it costs ---------------------------------------------------------------

    def test_a_constant_number_of_queries(self):
        """Whether ten are asked about, or two hundred."""
        self.company.write({"lifecycle_message_cap": 2, "lifecycle_duplicate_days": 7})
        partners = self.env["res.partner"].create(
            [
                {"name": f"Many {n}", "email": f"many{n}@gate.test", "tz": "UTC"}
                for n in range(420)
            ]
        )
        self._say(partners[0])
        self.env.flush_all()
        key = "mail.template,1"
        self.gate._pass(partners[:1], self.company, "mail", key=key)  # warm
        counts = {}
        for some in (partners[10:20], partners[20:220]):
            self.env.invalidate_all()
            begin = self.env.cr.sql_log_count
            self.gate._check(some, self.company, "mail", key=key)
            checked = self.env.cr.sql_log_count
            self.gate._pass(some, self.company, "mail", key=key)
            counts[len(some)] = (
                checked - begin,
                self.env.cr.sql_log_count - checked,
            )
        self.assertEqual(counts[10], counts[200])
        with self.assertQueryCount(12):
            self.gate._check(partners[220:420], self.company, "mail", key=key)

    def test_a_template_for_many_asks_as_often_as_for_few(self):
        """Whom it would go to is found out for all of them at once."""
        partners = self.env["res.partner"].create(
            [{"name": f"Few {n}", "email": f"few{n}@gate.test"} for n in range(240)]
        )
        template, counts = self.templates["res.partner"], []
        for some in (partners[:10], partners[10:20], partners[20:220]):
            self.env.flush_all()
            self.env.invalidate_all()
            token = self.gate._open(self.company)
            begin = self.env.cr.sql_log_count
            asked = template.with_context(lifecycle_gate=token)
            asked = asked._lifecycle_narrow(token)
            self.assertEqual(asked._lifecycle_pass(some.ids), some.ids)
            counts.append(self.env.cr.sql_log_count - begin)
        self.assertEqual(counts[1], counts[2])

    def test_a_mail_to_many_asks_once(self):
        """Sending costs for each; the gate before it does not."""
        action = self._action()
        partners = self.env["res.partner"].browse()
        for _number in range(60):
            partners |= self._customer()
        held = partners[:10]
        for partner in held:
            self._say(partner)
        self._run(action, partners)
        self.assertEqual(len(self._log_of(partners)), 60)
        self.assertEqual(self._log_of(held).mapped("reason"), ["opted_out"] * len(held))
        self.assertFalse(self._mails_to(held[0]))
        self.assertTrue(all(self._mails_to(p) for p in partners[10:]))

    def test_log_stays(self):
        partner = self._customer()
        self.gate._pass(partner, self.company, "mail")
        with self.assertRaisesRegex(UserError, "stay as is"):
            self._log_of(partner).write({"state": "held"})
        self.assertEqual(self._log_of(partner).date.date(), date(2026, 6, 15))

    def test_merged_contacts(self):
        """What one of them said and was sent, is of the one that stays."""
        stays, goes = self._customer(), self._customer()
        self.company.lifecycle_message_cap = 2
        self.gate._pass(stays | goes, self.company, "mail")
        self._say(goes)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((stays | goes).ids, stays)
        self.assertEqual(self._ask(stays), "opted_out")
        self.assertEqual(len(self._log_of(stays)), 2)
