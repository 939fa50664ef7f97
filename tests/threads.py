"""One thread a process: set before NumPy, PyTorch or TensorFlow load, and inherited by notebook kernels.

`pyproject.toml` has pytest load this first of all (`-p tests.threads`): for unit tests, for notebooks, and in
every worker. One thread makes results repeatable, and keeps the workers from fighting over the processor.
"""

import os

from rnnbook.course.threads import ONE_THREAD

ENVIRONMENT = ONE_THREAD | {"TF_CPP_MIN_LOG_LEVEL": "3"}

os.environ.update(ENVIRONMENT)
