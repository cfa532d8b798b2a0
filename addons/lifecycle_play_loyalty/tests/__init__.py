from . import test_coupons
from . import test_win_back
from . import test_win_back_tour
