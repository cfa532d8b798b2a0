from . import test_cart_entry
from . import test_cart_mail
from . import test_cart_shop
from . import test_cart_stop
