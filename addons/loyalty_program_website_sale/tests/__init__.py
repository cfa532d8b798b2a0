from . import test_shop_club
from . import test_shop_prices
from . import test_shop_queries
from . import test_shop_tour
