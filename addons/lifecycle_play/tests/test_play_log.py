from odoo.tests import tagged

from .play_common import PlayCase


@tagged("post_install", "-at_install")
class TestPlayLog(PlayCase):
    """Who changed a play or one of its steps can be read on the play."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False})

    def _told(self, play):
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = play.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
        return set(tracked), " ".join(
            str(body) for body in play.message_ids.mapped("body")
        )

    def test_rule_of_a_play(self):
        play = self._play()
        self._told(play)
        play.write({"cooldown_days": 12, "audience_domain": "[('order_count','>',1)]"})
        tracked, _texts = self._told(play)
        self.assertLessEqual({"cooldown_days", "audience_domain"}, tracked)

    def test_steps(self):
        play = self._play()
        self._told(play)
        step = play.step_ids
        step.write({"delay_value": 3, "condition": "[('order_count', '>', 1)]"})
        _tracked, texts = self._told(play)
        self.assertIn("Step “Step 1” was changed: Wait, Only if", texts)
        step.delay_value = 3  # as it was
        self.assertEqual(self._told(play)[1].count("was changed"), 1)
        step.unlink()
        self.assertIn("Steps deleted: Step 1", self._told(play)[1])
