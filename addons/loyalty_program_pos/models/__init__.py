from . import loyalty_program
from . import loyalty_reward
from . import loyalty_tier
from . import pos_order
from . import pos_order_returns
from . import res_partner
