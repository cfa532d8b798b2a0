"""A real SMTP server on this machine that keeps what it gets."""

import email
import email.policy
import socketserver
import threading
from unittest.mock import patch


class _Handler(socketserver.StreamRequestHandler):
    def _say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self._say("220 sink")
        recipients = []
        while line := self.rfile.readline():
            command = line.strip().upper()
            if command.startswith((b"EHLO", b"HELO")):
                self._say("250 sink")
            elif command.startswith(b"MAIL"):
                recipients = []
                self._say("250 ok")
            elif command.startswith(b"RCPT"):
                address = line.split(b":", 1)[1].strip().split()[0]
                recipients.append(address.strip(b"<>").decode())
                self._say("250 ok")
            elif command == b"DATA":
                self._say("354 go on")
                self._keep(recipients)
                self._say("250 kept")
            elif command == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _keep(self, recipients):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        with self.server.lock:
            self.server.messages.append((recipients, message))


class SmtpSink(socketserver.ThreadingTCPServer):
    """Use it in a ``with``; :attr:`messages` are pairs of recipients and message."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages, self.lock = [], threading.Lock()

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *error):
        self.shutdown()
        return super().__exit__(*error)


class SinkMixin:
    """For tests: what waits in the queue goes to a sink."""

    def _send_queue(self):
        """Odoo's own queue, to a real server on this machine.

        :return: pairs of recipients and message
        """
        # tests send no mail unless they ask for it
        servers = self.registry["ir.mail_server"]
        with (
            SmtpSink() as sink,
            patch.object(servers, "_disable_send", lambda _s: False),
        ):
            server = self.env["ir.mail_server"].create(
                {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
            )
            self.env["mail.mail"].search([("state", "=", "outgoing")]).send()
            server.active = False
            return list(sink.messages)
