from . import loyalty_perk_report
from . import loyalty_tier
from . import sale_order
from . import sale_order_line
