"""Two workers at once do not write twice to who may get one message."""

import threading

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestGateRace(TransactionCase):
    """On connections of their own: what a test commits it removes again."""

    def setUp(self):
        super().setUp()
        with self._connect() as env:
            company = env["res.company"].create({"name": "Race"})
            company.write({"lifecycle_message_cap": 1, "lifecycle_quiet": False})
            partner = env["res.partner"].create(
                {"name": "Race", "email": "race@gate.test"}
            )
            self.company_id, self.partner_id = company.id, partner.id
            env.cr.commit()
        self.addCleanup(self._remove)

    def _connect(self):
        return _Connection(self.env.cr.dbname)

    def _remove(self):
        with self._connect() as env:
            env.cr.execute(
                "DELETE FROM lifecycle_gate_lock WHERE company_id = %s",
                [self.company_id],
            )
            env.cr.execute(
                "DELETE FROM lifecycle_message WHERE company_id = %s", [self.company_id]
            )
            env["res.partner"].browse(self.partner_id).unlink()
            company = env["res.company"].browse(self.company_id)
            own = company.partner_id
            env["lifecycle.run"].search([("company_id", "=", company.id)]).unlink()
            for name in ("resource.calendar", "stock.warehouse", "ir.sequence"):
                if name in env and "company_id" in env[name]._fields:
                    env[name].search([("company_id", "=", company.id)]).unlink()
            company.unlink()
            own.unlink()
            env.cr.commit()

    def _send(self, env):
        company = env["res.company"].browse(self.company_id)
        partner = env["res.partner"].browse(self.partner_id)
        return env["lifecycle.gate"]._pass(partner, company, "mail")[partner.id]

    def test_two_at_once(self):
        said = []

        def second():
            with self._connect() as env:
                env.cr.execute("SELECT count(*) FROM lifecycle_message")  # its snapshot
                ready.set()
                go.wait(20)
                try:
                    said.append(self._send(env))
                except errors.SerializationFailure:
                    said.append("conflict")
                env.cr.rollback()

        ready, go = threading.Event(), threading.Event()
        thread = threading.Thread(target=second)
        thread.start()
        ready.wait(20)
        with self._connect() as env:
            self.assertFalse(self._send(env))
            go.set()
            thread.join(1)
            self.assertTrue(thread.is_alive(), "it waits for the first one")
            env.cr.commit()
        thread.join(20)
        self.assertEqual(said, ["conflict"])
        with self._connect() as env:  # as whoever is told of a conflict does
            self.assertEqual(self._send(env), "frequency_cap")
            env.cr.rollback()


class _Connection:
    """An environment on a connection of its own."""

    def __init__(self, dbname):
        self.dbname = dbname

    def __enter__(self):
        self.cr = db_connect(self.dbname).cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *_error):
        self.cr.close()
