from . import test_contract_evidence
from . import test_contract_play
from . import test_contract_scores
from . import test_contract_screens
from . import test_contract_transactions
