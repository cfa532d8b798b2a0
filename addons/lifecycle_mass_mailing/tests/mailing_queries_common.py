"""How many more queries the form of a mailing asks with what we add to it."""

from .mailing_common import MailingCase

# What the mailing form reads of ours.
_OURS = "lifecycle_"
# Queries that we may add: of the choice, of what the gate did, and of the verdict.
_MORE = 3


class MailingQueriesCase(MailingCase):
    def _specify(self, ours):
        views = self.env["mailing.mailing"].get_views([(False, "form")])
        fields = views["models"]["mailing.mailing"]["fields"]
        arch = views["views"]["form"]["arch"]
        return {
            name: {"fields": {"display_name": {}}}
            if field["type"] == "many2one"
            else {}
            for name, field in fields.items()
            if f'name="{name}"' in arch and (ours or not name.startswith(_OURS))
        }

    def _count(self, mailing, specification):
        # rules and settings are read once, whoever asks first: both start with them
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            mailing.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        mailing.web_read(specification)
        return self.env.cr.sql_log_count - before

    def _compare(self, mailing):
        mailing = mailing.with_user(self.marketer)
        with_ours, without = self._specify(True), self._specify(False)
        self.assertIn("lifecycle_target", with_ours)
        self.assertIn("lifecycle_held_count", with_ours)
        more = self._count(mailing, with_ours) - self._count(mailing, without)
        self.assertLessEqual(more, _MORE, "queries more than without")

    def _count_new(self, specification):
        mailings = self.env["mailing.mailing"].with_user(self.marketer)
        for _time in range(2):
            self.env.invalidate_all()
            mailings.onchange({}, [], specification)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        values = mailings.onchange({}, [], specification)["value"]
        self.assertIn("mailing_domain", values)
        return self.env.cr.sql_log_count - before

    def _compare_new(self):
        with_ours, without = (self._specify(ours) for ours in (True, False))
        more = self._count_new(with_ours) - self._count_new(without)
        self.assertLessEqual(more, _MORE, "queries more than without")
