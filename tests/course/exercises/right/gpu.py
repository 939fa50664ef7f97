"""Right answers to 09-faq/04-gpu, written in other ways."""


def least_seconds(work, moved, peak, bandwidth):
    limited_by_memory = moved / bandwidth > work / peak
    return moved / bandwidth if limited_by_memory else work / peak


def crossing_width(seconds_a_call, calls, peak, B):
    low, high = 0.0, 1e9
    for _ in range(200):
        H = (low + high) / 2
        low, high = (H, high) if 48 * B * H * H / peak < seconds_a_call * calls else (low, H)
    return low
