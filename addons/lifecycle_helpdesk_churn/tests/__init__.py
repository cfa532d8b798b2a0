from . import test_ticket_risk
from . import test_ticket_evidence
from . import test_uninstall
