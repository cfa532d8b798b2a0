from . import loyalty_tier
from . import product_pricelist
from . import sale_order
from . import website
from . import website_club
