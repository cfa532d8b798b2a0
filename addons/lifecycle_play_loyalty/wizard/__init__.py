from . import mail_compose_message
from . import loyalty_generate_wizard
