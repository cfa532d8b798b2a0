from . import test_install
from . import test_ledger
from . import test_clawback
from . import test_points_expiry
from . import test_shared_card
from . import test_cashback
from . import test_club_portal
from . import test_ledger_security
