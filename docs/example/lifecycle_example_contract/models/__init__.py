from . import example_contract
from . import example_contract_charge
from . import lifecycle_transaction
from . import lifecycle_profile
from . import lifecycle_engine
from . import churn_evidence
from . import lifecycle_play
from . import lifecycle_dashboard
