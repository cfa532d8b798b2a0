from . import test_ticket_tier
