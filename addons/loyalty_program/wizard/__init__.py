from . import base_partner_merge
from . import base_partner_merge_cards
from . import loyalty_card_update_balance
from . import loyalty_pin_wizard
