"""What a test score is worth when copies of the test stand in the training data: Chinese comments.

The same model, a logistic regression on single letters and pairs of letters, on two splits: of the lines as
the files hold them, at random; and of texts that stand once. On each, validation chooses the penalty.
"""

from functools import cache

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from rnnbook.data import customers
from rnnbook.data.customers import Comments

SEEDS = (0, 1, 2)
STRENGTHS = (0.3, 1, 3, 10, 30, 100)  # 1 over the penalty


def fit(train: Comments, *strengths: float) -> tuple[TfidfVectorizer, list[LogisticRegression]]:
    """What counts the letters, and a regression a strength; both learned from ``train``."""
    letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    x = letters.fit_transform(train.texts)
    return letters, [LogisticRegression(C=one, max_iter=1000).fit(x, train.positive) for one in strengths]


def verdicts(train: Comments, validation: Comments, test: Comments) -> tuple[float, list[float], np.ndarray]:
    """The strength that did best on validation, what each did there, and which test verdicts are right."""
    letters, models = fit(train, *STRENGTHS)
    seen = letters.transform(validation.texts)
    scores = [float(model.score(seen, validation.positive)) for model in models]
    best = int(np.argmax(scores))
    right = models[best].predict(letters.transform(test.texts)) == test.positive
    return STRENGTHS[best], scores, right


def on_lines(seed: int) -> dict:
    """Test on lines drawn at random: all, and apart those that stand in training too and the others."""
    texts, positive = customers.lines()
    order = np.random.default_rng(seed).permutation(len(texts))
    parts = np.split(order, [round(0.7 * len(texts)), round(0.85 * len(texts))])
    train, validation, test = (Comments(texts[part], positive[part]) for part in parts)
    strength, scores, right = verdicts(train, validation, test)
    known = set(train.texts)
    copied = np.array([text in known for text in test.texts])
    return {
        "strength": strength,
        "validation": scores,
        "test": float(right.mean()),
        "copied share": float(copied.mean()),
        "copied": float(right[copied].mean()),
        "new": float(right[~copied].mean()),
        "counts": [len(train.texts), len(validation.texts), len(test.texts)],
    }


@cache  # the split is fixed
def on_texts() -> dict:
    """Test on texts that stand once: no copy, and no near copy, is on both sides."""
    data = customers.load()
    strength, scores, right = verdicts(data.train, data.validation, data.test)
    return {"strength": strength, "validation": scores, "test": float(right.mean())}


def run(seed: int) -> dict:
    """Both splits; the seed draws the one of the lines."""
    return {"lines": on_lines(seed), "texts": on_texts()}
