from . import lifecycle_engine
from . import lifecycle_profile
from . import lifecycle_transaction
from . import res_company
from . import res_config_settings
