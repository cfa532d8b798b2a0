"""Files and messages of a record are for who may read the record."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .rights_common import RightsCase
from .test_rights_models import SILENT


@tagged("post_install", "-at_install")
class TestRightsFiles(RightsCase):
    """What hangs on the rows of ours: attachments, notes, what was tracked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = [
            (name, key, samples.known[name])
            for key, samples in cls.samples.items()
            for name in cls.models
            if name in samples.known
        ]

    def _may_read(self, user, name, row_id):
        model = self._as(user)[name]
        if not model.has_access("read"):
            return False
        rows = model.with_context(active_test=False)
        return bool(rows.search_count([("id", "=", row_id)]))

    @mute_logger(*SILENT)
    def test_attachments(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": name, "res_model": name, "res_id": row, "raw": b"secret"}
                for name, _key, row in self.rows
            ]
        )
        shown = 0
        for user in [*self.users.values(), self.foreigner]:
            found = self._ask(
                user, "ir.attachment", "search", [("id", "in", files.ids)]
            )
            for file, (name, key, row) in zip(files, self.rows, strict=True):
                allowed = self._may_read(user, name, row)
                with self.subTest(user=user.login, model=name, of=key):
                    if not allowed:
                        self.assertNotIn(file.id, found)
                        self._refused(user, "ir.attachment", "read", file.ids, ["raw"])
                shown += allowed and file.id in found
        self.assertGreater(shown, 50)

    @mute_logger(*SILENT)
    def test_messages(self):
        threads = [
            (name, key, row)
            for name, key, row in self.rows
            if "message_ids" in self.env[name]._fields
        ]
        self.assertTrue(threads)
        messages = self.env["mail.message"].create(
            [
                {"model": name, "res_id": row, "body": "secret", "subtype_id": subtype}
                for name, _key, row in threads
                for subtype in [self.env.ref("mail.mt_note").id]
            ]
        )
        shown = 0
        for user in [*self.users.values(), self.foreigner]:
            kind, found = self._outcome(
                user, "mail.message", "search", [("id", "in", messages.ids)]
            )
            found = found if kind == "ok" else []
            for message, (name, key, row) in zip(messages, threads, strict=True):
                allowed = self._may_read(user, name, row)
                with self.subTest(user=user.login, model=name, of=key):
                    if not allowed:
                        self.assertNotIn(message.id, found)
                        self._refused(
                            user, "mail.message", "read", message.ids, ["body"]
                        )
                shown += allowed and message.id in found
        self.assertTrue(shown)

    def test_nothing_hidden_is_tracked(self):
        """A change in the chatter is read by who reads the contact or the document."""
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                if not getattr(field, "tracking", False) or name in self.models:
                    continue
                if field._modules and field._modules[0] in self.addons:
                    with self.subTest(model=name, field=field.name):
                        self.assertFalse(field.groups)
