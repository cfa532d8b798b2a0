from . import helpdesk_ticket
from . import lifecycle_ticket_rule
