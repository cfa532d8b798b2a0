"""Files and messages of a record are for who may read the record."""

from odoo.tools import mute_logger

from .rights_common import SILENT


class RightsFiles:
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
            may = files.with_env(self._as(user))._filtered_access("read").ids
            hidden = files.browse()
            for file, (name, key, row) in zip(files, self.rows, strict=True):
                allowed = self._may_read(user, name, row)
                with self.subTest(user=user.login, model=name, of=key):
                    if not allowed:
                        self.assertNotIn(file.id, found)
                        self.assertNotIn(file.id, may)
                        hidden = file
                shown += allowed and file.id in found
            self._refused(user, "ir.attachment", "read", hidden.ids, ["raw"])
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
            kind, found = self._try(
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

    def test_nothing_hidden_is_shown_in_the_chatter(self):
        """Who reads a contact reads of its changes what is shown on it."""
        tracked = [
            field
            for name, model in self.env.registry.items()
            for field in model._fields.values()
            if getattr(field, "tracking", False)
            and field._modules
            and field._modules[0] in self.addons
        ]
        self.assertTrue(tracked)
        message = self.env["mail.message"].create({"body": "Something changed"})
        for field in tracked:
            row = self.env["ir.model.fields"]._get(field.model_name, field.name)
            value = self.env["mail.tracking.value"].create(
                {"field_id": row.id, "mail_message_id": message.id}
            )
            for user in self.users.values():
                env = self._as(user)
                may = env[field.model_name]._has_field_access(field, "read")
                with self.subTest(field=str(field), user=user.login):
                    self.assertEqual(bool(value._filter_has_field_access(env)), may)
