from . import lifecycle_transaction
from . import lifecycle_transaction_terms
from . import pos_order
