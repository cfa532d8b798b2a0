from . import lifecycle_play
from . import lifecycle_play_cart
from . import lifecycle_play_enrollment
from . import lifecycle_play_step
from . import sale_order
from . import website
