from . import test_ticket_risk
from . import test_ticket_evidence
