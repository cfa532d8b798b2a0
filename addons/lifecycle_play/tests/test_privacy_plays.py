from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPrivacyPlays(PlayCase):
    """Who is not profiled is in no play, and gets nothing that one has queued."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Shy")
        cls.other = cls._customer("Open")
        for partner in (cls.partner, cls.other):
            cls._order(partner, "2026-05-01", 100)

    def _count(self, partner):
        privacy = self.env["lifecycle.privacy"]
        self.env.flush_all()
        return {
            name: self.env[name]
            .sudo()
            .with_context(active_test=False)
            .search_count([(field, "=", partner.id)])
            for name, field in privacy._get_scored_models().items()
        }

    def _started(self, **values):
        play = self._play(**values)
        self._start(play)
        return play

    def test_ways_and_what_they_did_are_removed(self):
        self._recompute()
        play = self._started()
        self._enroll(play, self.partner | self.other)
        self._run_plays()
        before = self._count(self.partner)
        self.assertEqual(before["lifecycle.play.enrollment"], 1)
        self.assertEqual(before["lifecycle.play.execution"], 1)
        self.assertIn("Win back", str(self.partner.message_ids.mapped("body")))
        others = self._count(self.other)
        self.partner._lifecycle_set_profiling(True, "Phone")
        counts = self._count(self.partner)
        self.assertEqual(counts, dict.fromkeys(counts, 0))
        self.env.invalidate_all()
        self.assertNotIn("Win back", str(self.partner.message_ids.mapped("body")))
        self.assertIn("Win back", str(self.other.message_ids.mapped("body")))
        self.assertEqual(self._count(self.other), others)

    def test_what_a_play_queued_does_not_go(self):
        self._recompute()
        play = self._started()
        self._enroll(play, self.partner | self.other)
        self._run_plays()
        mine, theirs = self._mails(self.partner), self._mails(self.other)
        by_hand = self.env["mail.mail"].create(
            {"subject": "Your invoice", "recipient_ids": [(4, self.partner.id)]}
        )
        self.assertEqual((mine.state, theirs.state), ("outgoing", "outgoing"))
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.assertEqual((mine.state, theirs.state), ("cancel", "outgoing"))
        self.assertEqual(by_hand.state, "outgoing")
        log = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual((log.state, log.reason), ("held", "no_profiling"))

    def test_nobody_enters(self):
        self._recompute()
        self.partner._lifecycle_set_profiling(True, "Phone")
        lapse = self._started()
        by_hand = self._started(entry_kind="hand", to_stage_id=False)
        self._enroll(by_hand, self.partner | self.other)
        self._recompute(day="2027-06-01")
        self.assertEqual(self._ways(by_hand).partner_id, self.other)
        self.assertEqual(self._ways(lapse).partner_id, self.other)
        # nor on a date of the contact, which no engine computes
        field = self.env["ir.model.fields"]._get("res.partner", "lifecycle_birthday")
        dated = self._started(
            entry_kind="date",
            to_stage_id=False,
            date_field_id=field.id,
            date_yearly=True,
        )
        (self.partner | self.other).lifecycle_birthday = "1980-06-16"
        self._run_plays(day="2026-06-16")
        self.assertEqual(self._ways(dated).partner_id, self.other)

    def test_tag_of_an_audience_is_taken_off(self):
        self._recompute()
        kept, own = self.env["res.partner.category"].create(
            [{"name": "Kept"}, {"name": "Own"}]
        )
        audience = self.env["lifecycle.audience"].create(
            {"name": "All", "company_id": self.company.id, "tag_id": kept.id}
        )
        (self.partner | self.other).category_id = own
        audience._keep_tags()
        self.assertEqual(self.partner.category_id, kept | own)
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.assertEqual(self.partner.category_id, own)
        self.assertEqual(self.other.category_id, kept | own)
        self._refresh()
        audience._keep_tags()
        self.env.invalidate_all()
        self.assertEqual(self.partner.category_id, own)


@tagged("post_install", "-at_install")
class TestMessageReasons(PlayCase):
    """Why somebody got a message is told by its occasion, without any score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer")
        cls._order(cls.partner, "2026-05-01", 100)

    def _reason(self):
        messages = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.partner.id), ("state", "=", "sent")]
        )
        [words] = messages._get_customer_words()
        return words

    def _send(self, day="2026-06-15", enroll=False, **values):
        play = self._play(name="Lapsed and worth much", **values)
        with self.at(day):
            self._start(play)
            if enroll:
                self._enroll(play, self.partner)
        return play

    def test_by_hand(self):
        self._recompute()
        self._send(enroll=True, customer_name="Greetings")
        self._run_plays()
        words = self._reason()
        self.assertEqual(words["reason"], "A colleague chose you for it.")
        self.assertEqual(words["name"], "Greetings")
        self.assertEqual(words["subject"], "Buyer, we miss you")
        self.assertEqual(words["company"], self.company.name)

    def test_by_a_change_without_its_ends(self):
        self._recompute()
        self._send()
        self._recompute(day="2027-06-01")
        self._run_plays(day="2027-06-01")
        words = self._reason()
        self.assertEqual(words["reason"], "Because you had not ordered for some time.")
        # the name that colleagues gave it tells what was computed
        self.assertFalse(words["name"])
        self.assertNotIn("apsed", str(words))

    def test_by_a_date(self):
        self._recompute()
        fields = self.env["ir.model.fields"]
        self._send(
            entry_kind="date",
            to_stage_id=False,
            date_field_id=fields._get("res.partner", "lifecycle_birthday").id,
            date_yearly=True,
        )
        self.partner.lifecycle_birthday = "1980-06-16"
        self._run_plays(day="2026-06-16")
        self.assertIn("Because of a date: ", self._reason()["reason"])

    def test_by_a_computed_date(self):
        self._recompute()
        profile = self._profile(self.partner)
        fields = self.env["ir.model.fields"]
        self._send(
            entry_kind="date",
            to_stage_id=False,
            date_field_id=fields._get("lifecycle.profile", "at_risk_date").id,
        )
        self._run_plays(day=profile.at_risk_date)
        self.assertEqual(
            self._reason()["reason"], "Because of the days on which you ordered."
        )

    def test_after_it_was_deleted(self):
        self._recompute()
        self._send(enroll=True)
        self._run_plays()
        self._mails(self.partner).write({"state": "sent"})
        self.partner._lifecycle_set_profiling(True, "Phone")
        self.assertIn("has been deleted since", self._reason()["reason"])

    def test_as_many_queries_for_many(self):
        self._recompute()
        play = self._play(steps=({}, {}, {}, {}, {}))
        self._start(play)
        self._enroll(play, self.partner)
        for _step in play.step_ids:
            self._run_plays()
        messages = self.env["lifecycle.message"].search(
            [("partner_id", "=", self.partner.id)]
        )
        self.assertEqual(len(messages), 5)
        counts = []
        for some in (messages[:1], messages):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._get_customer_words()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
