from . import lifecycle_transaction
from . import pos_order
