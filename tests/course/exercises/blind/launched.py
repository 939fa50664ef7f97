import numpy as np


def right_1(launch, run):
    """Walks the kernels one after the other."""
    done = 0.0
    for n, seconds in enumerate(run, start=1):
        done = max(done, n * launch) + seconds
    return len(run) * launch, done


def wrong_1(launch, run):
    """Runs the kernels only after the last launch: launches and runs are all added."""
    last_call = launch * len(run)
    return last_call, last_call + np.sum(run)


def wrong_2(launch, run):
    """Only one regime: as if the GPU were always busy after the first launch."""
    N = len(run)
    return N * launch, launch + run.sum()


def wrong_3(launch, run):
    """The calls are counted from 0, so a kernel may start before its call has returned."""
    done = 0
    for n in range(len(run)):
        start = max(done, n * launch)
        done = start + run[n]
    return len(run) * launch, done
