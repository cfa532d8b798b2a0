from . import base_partner_merge
from . import churn_loss_wizard
from . import crm_lead_lost
from . import lifecycle_score_wizard
