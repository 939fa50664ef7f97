import numpy as np


def right_1(lengths):
    """Plain Python sums."""
    steps = [sum(int(n) for n in worker) for worker in lengths]
    total = sum(steps)
    return np.array([len(lengths) * s / total for s in steps])


def wrong_1(lengths):
    """Forgets that the wrapper divides by the number of workers."""
    steps = np.array([np.sum(worker) for worker in lengths])
    return steps / steps.sum()


def wrong_2(lengths):
    """Weighs each worker by the number of its sequences, not of its steps."""
    counts = np.array([len(worker) for worker in lengths], dtype=float)
    return counts / counts.mean()


def wrong_3(lengths):
    """Upside down: gives a worker with many steps a small factor, and one with none 0."""
    steps = np.array([float(np.sum(n)) for n in lengths])
    factors = np.zeros(len(steps))
    some = steps > 0
    factors[some] = steps.mean() / steps[some]
    return factors
