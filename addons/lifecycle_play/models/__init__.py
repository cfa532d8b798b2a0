# plays
from . import lifecycle_play_rule
from . import lifecycle_play
from . import lifecycle_play_entry
from . import lifecycle_play_stop
from . import lifecycle_play_check
from . import lifecycle_play_preview
from . import lifecycle_play_state
from . import lifecycle_play_run
from . import lifecycle_play_step
from . import lifecycle_play_action
from . import lifecycle_play_step_check
from . import lifecycle_play_sample
from . import lifecycle_play_timing
from . import lifecycle_play_batch
from . import lifecycle_play_perform
from . import lifecycle_play_log
from . import lifecycle_play_render
from . import lifecycle_play_enrollment
from . import lifecycle_play_execution
from . import lifecycle_store
from . import lifecycle_run_play
from . import lifecycle_profile
from . import ir_actions_server_step
from . import mail_template_step

# messages
from . import lifecycle_message
from . import lifecycle_gate
from . import lifecycle_gate_facts
from . import lifecycle_gate_log
from . import lifecycle_gate_consent
from . import lifecycle_consent
from . import lifecycle_audience
from . import lifecycle_audience_tag
from . import lifecycle_run_audience
from . import res_company_gate
from . import res_config_settings_gate
