from . import base_partner_merge
from . import lifecycle_pin_wizard
