"""One thread a process: what must stand in the environment before NumPy, PyTorch or TensorFlow load.

On sequences as short as the course's, more threads gain nothing, and beside another program they cost a lot.
"""

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
