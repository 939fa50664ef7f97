"""What was tried on the validation set before the settings of ``sentiment`` were chosen."""

from functools import cache
from itertools import product

import numpy as np

from rnnbook.course.experiments import sentiment
from rnnbook.data import opinions

SEEDS = (0, 1, 2)
TRIED = {}  # all that was tried is what this experiment returns

# Changes to the settings, one or two at a time.
NETWORKS = (
    {},
    {"soft_labels": False},
    {"learning_rate": 3e-3},
    {"learning_rate": 2e-2},
    {"epochs": 8},
    {"dropout": 0.5},
    {"embedding_size": 128},
    {"hidden_size": 32},
    {"min_freq": 1},
    {"bidirectional": False},
    {"pooling": "max"},
    {"pooling": "last"},
    {"cell": "LSTM"},
    {"cell": "LSTM", "pooling": "max"},
    {"cell": "ElmanRNN", "learning_rate": 3e-3},
)
# Seed 0 tries all of them; the other seeds those that say what targets, pooling and cell are worth.
FINALISTS = tuple(NETWORKS[place] for place in (0, 1, 10, 12, 14))

NGRAM_RANGES = ((1, 1), (1, 2), (1, 3))
C_VALUES = (0.03, 0.1, 0.3, 1.0, 3.0)


def name_of(ngram_range: tuple[int, int], C: float, soft: bool) -> str:
    first, last = ngram_range
    return f"runs of {first} to {last}, C {C}, {'soft' if soft else 'hard'} labels"


@cache  # no seed is in it
def linear_models() -> dict[str, float]:
    data, scores = opinions.load(), {}
    for ngram_range, C, soft in product(NGRAM_RANGES, C_VALUES, (True, False)):
        margins = sentiment.linear(data.train, ngram_range=ngram_range, C=C, soft=soft)
        right = (margins(data.validation.texts) > 0) == data.validation.positive
        scores[name_of(ngram_range, C, soft)] = float(np.mean(right))
    return scores


def run(seed: int) -> dict:
    """The validation accuracy of every network and of every linear model, by what was changed."""
    data, networks = opinions.load(), {}
    for changes in NETWORKS if seed == 0 else FINALISTS:
        _, history = sentiment.train(data, seed=seed, **changes)
        name = ", ".join(f"{key} {value}" for key, value in changes.items()) or "as chosen"
        networks[name] = history.best_score
        print(f"  {history.best_score:.3f}  {name}", flush=True)
    return {"networks": networks, "linear": linear_models()}
