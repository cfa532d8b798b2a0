from . import base_partner_merge
from . import lifecycle_import_wizard
from . import lifecycle_import_wizard_steps
from . import lifecycle_import_wizard_column
from . import lifecycle_pin_wizard
from . import lifecycle_privacy_export
from . import lifecycle_profiling_wizard
from . import lifecycle_score_wizard
