from . import base_partner_merge
from . import lifecycle_import_wizard
from . import lifecycle_pin_wizard
