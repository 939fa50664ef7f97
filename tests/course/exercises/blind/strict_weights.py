import numpy as np


def right_1(own, saved, renamed):
    """Renames into a new dict, then compares the key sets."""
    new = {}
    for name, array in saved.items():
        for old, fresh in renamed.items():
            if name.startswith(old):
                name = fresh + name[len(old):]
                break
        new[name] = array
    if new.keys() != own.keys():
        raise KeyError(sorted(new.keys() ^ own.keys()))
    for name in own:
        if new[name].shape != own[name].shape:
            raise ValueError(name)
    return {name: new[name] for name in own}


def wrong_1(own, saved, renamed):
    """Replaces the old prefix wherever it stands in the name, and as often as it stands there."""
    new = {}
    for name, array in saved.items():
        for old in renamed:
            if name.startswith(old):
                name = name.replace(old, renamed[old])
                break
        new[name] = array
    if set(new) != set(own):
        raise KeyError("names differ")
    if any(new[n].shape != own[n].shape for n in own):
        raise ValueError("shapes differ")
    return {n: new[n] for n in own}


def wrong_2(own, saved, renamed):
    """Overlooks names of the file that the model lacks: no KeyError for them."""
    def rename(name):
        for old, new in renamed.items():
            if name.startswith(old):
                return new + name.removeprefix(old)
        return name

    table = {rename(n): a for n, a in saved.items()}
    out = {}
    for name, mine in own.items():
        if table[name].shape != mine.shape:
            raise ValueError(f"{name}: {table[name].shape}")
        out[name] = table[name]
    return out


def wrong_3(own, saved, renamed):
    """Compares the number of elements instead of the shape, so a transposed array passes."""
    new = {}
    for name in saved:
        old = next((p for p in renamed if name.startswith(p)), None)
        key = name if old is None else renamed[old] + name[len(old):]
        new[key] = saved[name]
    for name in list(own) + list(new):
        if name not in own or name not in new:
            raise KeyError(name)
    for name in own:
        if np.size(own[name]) != np.size(new[name]):
            raise ValueError(name)
    return {name: new[name] for name in own}
