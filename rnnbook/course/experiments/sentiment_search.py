"""What was tried on the validation set before the settings of ``sentiment`` were chosen."""

from functools import cache
from itertools import product

import numpy as np

from rnnbook.course.experiments import sentiment
from rnnbook.data import opinions

SEEDS = (0, 1, 2)

# Changes to the settings, one or two at a time.
NETWORKS = (
    {},
    {"shares": False},
    {"learning_rate": 3e-3},
    {"learning_rate": 2e-2},
    {"epochs": 8},
    {"dropout": 0.5},
    {"embedding_size": 128},
    {"hidden_size": 32},
    {"at_least": 1},
    {"bidirectional": False},
    {"pooling": "max"},
    {"pooling": "last"},
    {"cell": "LSTM"},
    {"cell": "LSTM", "pooling": "max"},
    {"cell": "ElmanRNN", "learning_rate": 3e-3},
)
# Seed 0 tries all of them; the other seeds those that say what targets, pooling and cell are worth.
FINALISTS = tuple(NETWORKS[place] for place in (0, 1, 10, 12, 14))

RUNS = ((1, 1), (1, 2), (1, 3))
STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)


def name_of(runs: tuple[int, int], strength: float, with_shares: bool) -> str:
    return f"runs {runs[0]} to {runs[1]}, strength {strength}, {'shares' if with_shares else 'labels'}"


@cache  # no seed is in it
def linear_models() -> dict[str, float]:
    data, scores = opinions.load(), {}
    for runs, strength, with_shares in product(RUNS, STRENGTHS, (True, False)):
        margins = sentiment.linear(data.train, runs=runs, strength=strength, with_shares=with_shares)
        right = (margins(data.validation.texts) > 0) == data.validation.positive
        scores[name_of(runs, strength, with_shares)] = float(np.mean(right))
    return scores


def run(seed: int) -> dict:
    """The validation accuracy of every network and of every linear model, by what was changed."""
    data, networks = opinions.load(), {}
    for changes in NETWORKS if seed == 0 else FINALISTS:
        _, record = sentiment.train(data, seed=seed, **changes)
        name = ", ".join(f"{key} {value}" for key, value in changes.items()) or "as chosen"
        networks[name] = record.best_score
        print(f"  {record.best_score:.3f}  {name}", flush=True)
    return {"networks": networks, "linear": linear_models()}
