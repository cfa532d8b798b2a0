from . import loyalty_tier, mailing_mailing
