from . import test_bad_rating
