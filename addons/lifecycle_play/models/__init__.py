# plays
from . import lifecycle_play_rule
from . import lifecycle_play
from . import lifecycle_play_entry
from . import lifecycle_play_stop
from . import lifecycle_play_check
from . import lifecycle_play_preview
from . import lifecycle_play_state
from . import lifecycle_play_budget
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
from . import res_partner_play

# messages
from . import lifecycle_gate
from . import lifecycle_gate_facts
from . import lifecycle_gate_consent
from . import lifecycle_gate_recipients
from . import lifecycle_gate_log
from . import lifecycle_message
from . import lifecycle_consent
from . import lifecycle_audience
from . import lifecycle_audience_tag
from . import lifecycle_profile_write
from . import lifecycle_run_audience
from . import ir_actions_server_gate
from . import mail_mail
from . import mail_template
from . import mail_thread
from . import sms_sms
from . import sms_template
from . import res_company_gate
from . import res_config_settings_gate
from . import res_partner_consent

# what plays earn, and referrals
from . import lifecycle_play_outcome
from . import lifecycle_play_result
from . import lifecycle_play_verdict
from . import lifecycle_profile_terms
from . import lifecycle_referral
from . import crm_lead_referral
from . import res_partner_birthday
