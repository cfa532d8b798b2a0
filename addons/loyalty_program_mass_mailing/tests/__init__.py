from . import test_mailing_tier
