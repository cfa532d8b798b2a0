from . import lifecycle_play
from . import lifecycle_play_step
from . import lifecycle_play_enrollment
from . import lifecycle_play_execution
