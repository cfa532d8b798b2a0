from odoo.exceptions import UserError
from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayPreview(PlayCase):
    """Dry runs, and what a change of rules would let in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._customer("Buyer", lang="en_US")
        cls._order(cls.partner, "2025-01-01", 100)
        cls._order(cls.partner, "2025-01-31", 100)

    def setUp(self):
        super().setUp()
        self._recompute(day="2025-02-10")
        self.lapse = self._profile(self.partner).lapse_date

    def _dry_run(self, play):
        return self.env["lifecycle.play.dry.run"].browse(
            play.action_dry_run()["res_id"]
        )

    def test_who_would_enter_today(self):
        play = self._play()
        with self.at("2025-02-11"):
            dry_run = self._dry_run(play)
            self.assertEqual((dry_run.entering_count, dry_run.standing_count), (0, 0))
        with self.at(self.lapse):
            before = self._dry_run(play)  # the run of the day is to come
            self._recompute(reason="nightly")
            after = self._dry_run(play)
        for dry_run in (before, after):
            self.assertEqual(dry_run.entering_count, 1)
            self.assertEqual(dry_run.line_ids.partner_id, self.partner)
            [message] = dry_run.message_ids
            self.assertEqual(message.subject, "Buyer, we miss you")
            self.assertIn("Dear Buyer, come back.", message.body)
            self.assertFalse(message.reason)
        with self.at(self.today):
            later = self._dry_run(play)
        self.assertEqual((later.entering_count, later.standing_count), (0, 1))
        self.assertEqual(later.message_ids.partner_id, self.partner)
        self.assertTrue(later.sample_note)
        self.assertFalse(self._ways(play))
        self.assertFalse(self._mails(self.partner))

    def test_enters_who_was_announced(self):
        play = self._play()
        with self.at("2025-02-11"):
            self._start(play)
        with self.at(self.lapse):
            announced = self._dry_run(play).line_ids.partner_id
            self._recompute(reason="nightly")
            self.assertEqual(self._ways(play).partner_id, announced)
            self.assertEqual(self._dry_run(play).entering_count, 0, "they are in it")

    def test_who_would_be_held_out_or_held(self):
        self.env["mail.blacklist"]._add(self.partner.email)
        self._order(self._customer("Second"), "2025-01-31", 100)
        self._recompute(day="2025-02-10")
        play = self._play(to_stage_id=self._stage("active").id)
        with self.at("2025-02-11"):
            wizard = self._dry_run(play)
            wizard.action_show_standing()
            line = wizard.line_ids.filtered(
                lambda line: line.partner_id == self.partner
            )
            self.assertEqual(line.reason, "blacklisted")
            play.control_share = 0.5
            wizard._fill()
        self.assertEqual(
            wizard.control_count,
            len(wizard.line_ids.filtered(lambda line: line.arm == "control")),
        )
        self.assertEqual(
            wizard.treated_count + wizard.control_count, wizard.entering_count
        )

    def test_on_a_date(self):
        field = self.env["ir.model.fields"]._get("lifecycle.profile", "lapse_date")
        play = self._play(entry_kind="date", date_field_id=field.id, date_offset=1)
        for days, count in ((0, 0), (1, 1), (2, 0)):
            with self.at(self.lapse.fromordinal(self.lapse.toordinal() + days)):
                self.assertEqual(self._dry_run(play).entering_count, count)

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_BE")
        self.template.lang = "{{ object.lang }}"
        self.template.with_context(lang="fr_BE").subject = "Bonjour {{ object.name }}"
        self.partner.lang = "fr_BE"
        with self.at(self.lapse):
            [message] = self._dry_run(self._play()).message_ids
        self.assertEqual((message.subject, message.lang), ("Bonjour Buyer", "fr_BE"))

    def test_put_in_who_is_there_already(self):
        play = self._play()
        with self.at(self.today):
            self._recompute(quiet=True)
            wizard = self._dry_run(play)
            wizard.action_show_standing()
            with self.assertRaises(UserError):
                wizard.action_enroll()
            self._start(play)
            wizard.action_enroll()
        [way] = self._ways(play)
        self.assertEqual((way.partner_id, way.source), (self.partner, "hand"))
        self.assertEqual(way.user_id, self.env.user)

    # -- a change of rules -------------------------------------------------------------

    def _change_rules(self, play):
        with self.at("2025-02-11"):
            self._start(play)
            self._stage("loyal").domain = "[('order_count', '>=', 2)]"
            self._process_pending()
        self.assertEqual(self._profile(self.partner).stage_id, self._stage("loyal"))
        self.assertFalse(self._ways(play))

    def test_a_change_of_rules_asks_and_shows_how_many(self):
        play = self._play(to_stage_id=self._stage("loyal").id)
        elsewhere = self._play()
        with self.at("2025-02-11"):
            self._start(elsewhere)
        self._change_rules(play)
        self.assertEqual((play.missed_count, elsewhere.missed_count), (1, 0))
        activity = play.activity_ids
        self.assertEqual(activity.user_id, play.user_id)
        self.assertIn("1 customers", activity.summary)
        self.assertFalse(elsewhere.activity_ids)
        wizard = self.env["lifecycle.play.dry.run"].browse(
            play.action_view_missed()["res_id"]
        )
        self.assertEqual(wizard.line_ids.partner_id, self.partner)
        wizard.action_enroll()
        self.assertEqual(self._ways(play).partner_id, self.partner)
        self.assertEqual(play.missed_count, 0)

    def test_left_out_on_purpose(self):
        play = self._play(to_stage_id=self._stage("loyal").id)
        self._change_rules(play)
        play.action_forget_missed()
        play.invalidate_recordset()
        self.assertEqual(play.missed_count, 0)
        self.assertFalse(self._ways(play))

    def test_the_stage_says_it_before_the_rule_is_saved(self):
        play = self._play(to_stage_id=self._stage("loyal").id)
        with self.at("2025-02-11"):
            self._start(play)
            stage = self._stage("loyal")
            draft = stage.new(origin=stage)
            draft.domain = "[('order_count', '>=', 2)]"
            warning = draft._onchange_domain_plays()["warning"]
        self.assertIn("1 customers", warning["message"])
        self.assertIn(play.name, warning["message"])

    def test_who_enters_and_when_in_words(self):
        fields_ = self.env["ir.model.fields"]
        lapsed = self._play()
        self.assertEqual(lapsed.entry_text, "Stage: to Lapsed")
        self.assertEqual(self._play(to_stage_id=False).entry_text, "Stage: any change")
        lapsed.from_stage_id = self._stage("active")
        self.assertEqual(lapsed.entry_text, "Stage: Active → Lapsed")
        lapsed.to_stage_id = False
        self.assertEqual(lapsed.entry_text, "Stage: from Active")
        self.assertEqual(self._play(entry_kind="hand").entry_text, "By hand only")
        dated = self._play(
            entry_kind="date",
            date_field_id=fields_._get("lifecycle.profile", "next_order_date").id,
            date_offset=-3,
        )
        name = dated.date_field_id.field_description
        self.assertEqual(dated.entry_text, f"3 days before {name}")
        dated.write({"date_offset": 0, "date_yearly": True})
        self.assertEqual(dated.entry_text, f"{name}, every year")
        step = lapsed.step_ids
        for values, text in (
            ({}, "At once"),
            ({"delay_value": 1}, "1 day later"),
            ({"delay_value": 0, "delay_from": "entry"}, "On entering"),
            ({"delay_value": 1.5, "delay_kind": "hours"}, "1.5 hours after entering"),
            (
                {"delay_from": "previous", "delay_kind": "days", "working_hours": True},
                "1.5 days later, in working hours",
            ),
        ):
            step.write(values)
            self.assertEqual(step.timing_text, text)
