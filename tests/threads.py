"""One thread a process: set before NumPy, PyTorch or TensorFlow load, and inherited by notebook kernels.

`pyproject.toml` has pytest load this first of all (`-p tests.threads`): for unit tests, for notebooks, and in
every worker. One thread makes results repeatable, and keeps the workers from fighting over the processor.
"""

import os

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

os.environ.update(ENVIRONMENT)
