from . import lifecycle_play_start
from . import lifecycle_play_enroll
from . import lifecycle_play_dry_run
from . import lifecycle_play_dry_run_line
from . import base_partner_merge
