from . import unsubscribe
from . import referral
