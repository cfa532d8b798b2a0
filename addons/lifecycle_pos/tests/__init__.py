from . import test_pos_changes
from . import test_pos_transactions
