"""Solutions for chapters/08-trends/03-the-parallel-scan.ipynb."""


def combine_steps(first, then):
    """Two steps as one: each is a pair A (..., H, H), b (..., H), which turns h into A h + b."""
    (A, b), (A_then, b_then) = first, then
    return A_then @ A, (A_then @ b[..., None])[..., 0] + b_then


def scan_by_sweeps(operator, arrays):
    """Every position joined with all before it: arrays is a tuple, each array with time first."""
    arrays = tuple(array.copy() for array in arrays)
    reach = 1
    while reach < len(arrays[0]):
        first = tuple(array[:-reach] for array in arrays)
        then = tuple(array[reach:] for array in arrays)
        for array, joined in zip(arrays, operator(first, then), strict=True):
            array[reach:] = joined
        reach *= 2
    return arrays
