from . import loyalty_card
from . import mail_template
from . import res_partner
from . import lifecycle_play_step
from . import lifecycle_play_result
from . import res_company
from . import res_config_settings
from . import crm_lead
