from . import loyalty_tier
from . import sale_order
