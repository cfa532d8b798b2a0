from . import lifecycle_profile
