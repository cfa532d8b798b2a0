from . import helpdesk_ticket
from . import lifecycle_play
from . import lifecycle_play_enrollment
