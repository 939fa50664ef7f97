import numpy as np


def right_1(operator, arrays):
    """Doubling: each sweep joins with the position `step` later."""
    T = len(arrays[0])
    done = tuple(np.array(a) for a in arrays)
    step = 1
    while step < T:
        joined = operator(tuple(a[:-step] for a in done), tuple(a[step:] for a in done))
        done = tuple(np.concatenate([j, a[-step:]]) for j, a in zip(joined, done))
        step *= 2
    return done


def wrong_1(operator, arrays):
    """The order of the arguments turned round: the later one comes first."""
    arrays = tuple(arrays)
    T, step = arrays[0].shape[0], 1
    while step < T:
        late = tuple(a[step:] for a in arrays)
        early = tuple(a[:-step] for a in arrays)
        new = operator(late, early)
        arrays = tuple(np.concatenate([n, a[T - step :]]) for n, a in zip(new, arrays))
        step = 2 * step
    return arrays


def wrong_2(operator, arrays):
    """One step after another: T - 1 calls of the operator."""
    T = len(arrays[0])
    out = [a.copy() for a in arrays]
    for t in range(T - 2, -1, -1):
        joined = operator(tuple(a[t : t + 1] for a in arrays), tuple(o[t + 1 : t + 2] for o in out))
        for o, j in zip(out, joined):
            o[t] = j[0]
    return tuple(out)


def wrong_3(operator, arrays):
    """A scan from the beginning: all from the start up to each position."""
    result = tuple(arrays)
    step = 1
    while step < len(result[0]):
        joined = operator(tuple(a[:-step] for a in result), tuple(a[step:] for a in result))
        result = tuple(np.concatenate([a[:step], j]) for a, j in zip(result, joined))
        step *= 2
    return result
