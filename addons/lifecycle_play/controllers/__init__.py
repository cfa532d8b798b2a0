from . import portal
from . import referral
from . import unsubscribe
