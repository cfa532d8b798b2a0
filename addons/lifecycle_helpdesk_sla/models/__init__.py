from . import lifecycle_ticket_rule
from . import helpdesk_ticket
