from . import lifecycle_play_start
from . import lifecycle_play_enroll
from . import lifecycle_play_dry_run
from . import lifecycle_play_dry_run_line
from . import base_partner_merge
from . import mail_compose_message
from . import sms_composer
