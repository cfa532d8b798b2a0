from . import helpdesk_ticket
from . import lifecycle_ticket_rule
from . import churn_evidence_tickets
from . import churn_evidence_neighbours
from . import churn_evidence_sentence
