from . import test_pos_changes
from . import test_pos_margin
from . import test_pos_transactions
