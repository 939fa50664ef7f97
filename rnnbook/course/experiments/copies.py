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
TRIED = {}  # the penalty is chosen by every seed
C_VALUES = (0.3, 1, 3, 10, 30, 100)  # 1 over the penalty


def fit(train: Comments, *c_values: float) -> tuple[TfidfVectorizer, list[LogisticRegression]]:
    """What counts the letters, and a regression for each ``C``; both learned from ``train``."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    x = vectorizer.fit_transform(train.texts)
    return vectorizer, [LogisticRegression(C=c, max_iter=1000).fit(x, train.positive) for c in c_values]


def fit_and_score(
    train: Comments, validation: Comments, test: Comments
) -> tuple[float, list[float], np.ndarray]:
    """The ``C`` that did best on validation, what each did there, and which test verdicts are right."""
    vectorizer, models = fit(train, *C_VALUES)
    x = vectorizer.transform(validation.texts)
    scores = [float(model.score(x, validation.positive)) for model in models]
    best = int(np.argmax(scores))
    right = models[best].predict(vectorizer.transform(test.texts)) == test.positive
    return C_VALUES[best], scores, right


def run_lines(seed: int) -> dict:
    """Test on lines drawn at random: all, and apart those that stand in training too and the others."""
    texts, positive = customers.lines()
    order = np.random.default_rng(seed).permutation(len(texts))
    parts = np.split(order, [round(0.7 * len(texts)), round(0.85 * len(texts))])
    train, validation, test = (Comments(texts[part], positive[part]) for part in parts)
    c, scores, right = fit_and_score(train, validation, test)
    known = set(train.texts)
    copied = np.array([text in known for text in test.texts])
    return {
        "C": c,
        "validation_by_C": scores,
        "test": float(right.mean()),
        "copied_share": float(copied.mean()),
        "copied": float(right[copied].mean()),
        "new": float(right[~copied].mean()),
        "counts": [len(train.texts), len(validation.texts), len(test.texts)],
    }


@cache  # the split is fixed
def run_texts() -> dict:
    """Test on texts that stand once: no copy, and no near copy, is on both sides."""
    data = customers.load()
    c, scores, right = fit_and_score(data.train, data.validation, data.test)
    return {"C": c, "validation_by_C": scores, "test": float(right.mean())}


def run(seed: int) -> dict:
    """Both splits; the seed draws the one of the lines."""
    return {"lines": run_lines(seed), "texts": run_texts()}
