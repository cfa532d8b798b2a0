"""What the gate says, and under what it is said."""

from dataclasses import dataclass, field
from datetime import datetime

# Why a message is held, the lasting reasons first: the first that holds is told.
GATE_REASONS = [
    ("archived", "Archived contact"),
    ("internal", "Own company or internal user"),
    ("no_address", "No address"),
    ("invalid_address", "Address that cannot work"),
    ("blacklisted", "Blacklisted address"),
    ("no_profiling", "Objects to profiling"),
    ("opted_out", "Opted out"),
    ("no_consent", "No consent given"),
    ("list_opt_out", "Opted out of the mailing list"),
    ("open_complaint", "Open complaint"),
    ("duplicate", "Had the same message lately"),
    ("frequency_cap", "Had enough messages this week"),
    ("quiet_hours", "Quiet hours"),
]
GATE_CHANNELS = [("mail", "Email"), ("sms", "SMS")]
GATE_SOURCES = [
    ("play", "Play"),
    ("automation", "Automation rule"),
    ("action", "Server action"),
    ("hand", "By hand"),
]


@dataclass(frozen=True)
class GateVerdict:
    """What the gate says about one contact."""

    reason: str | None  # of GATE_REASONS, None where the message may go
    address: str | None = None  # normalized e-mail or number
    allowed_at: datetime | None = None  # UTC; later than asked in quiet hours
    message_id: int | None = None  # row of the log


@dataclass(eq=False)
class GateToken:
    """What is sent under it passes the gate.

    It stands in the context under ``lifecycle_gate``.  Being an object, no client can
    put it there, and what a client puts there is no token.

    :ivar source: what sends, of :data:`GATE_SOURCES`
    :ivar company: id of the company that writes; None: that of each record
    :ivar executions: execution of the play by contact, ids
    :ivar quiet: ``delay``: what falls into quiet hours waits in the queue until they
        end; ``hold``: it is not sent, the caller comes again
    :ivar key: what is sent now, as ``mail.template,12``
    :ivar model: model of the server action that sends
    :ivar verdicts: :class:`GateVerdict` by (key, company, channel, contact), ids;
        shared with the tokens that are made from this one
    :ivar records: the record for which a contact is written to, by the same
    """

    source: str = "action"
    company: int | None = None
    play: int | None = None
    step: int | None = None
    action: int | None = None
    executions: dict = field(default_factory=dict)
    quiet: str = "delay"
    key: str | None = None
    model: str | None = None
    verdicts: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)

    def get_reasons(self):
        """What was said in all: ``{(channel, contact id): [reason or False, …]}``."""
        reasons = {}
        for (*_scope, channel, partner_id), verdict in self.verdicts.items():
            said = reasons.setdefault((channel, partner_id), [])
            said.append(verdict.reason or False)
        return reasons
