"""How many recurrent weights can go? The GRU of chapter 6 that reads names, its U pruned and retrained.

Pruned at once by magnitude, then retrained with the mask held (Han et al., 2015). Beside it, at the same
number of recurrent weights and of epochs: a mask drawn at random, and a dense network with fewer units (as in
Zhu and Gupta, 2017, 'To prune, or not to prune'). Sparsity 0 gets the same extra epochs: else the pruned
network would be compared with one that has seen less. Validation chooses; the test is read for the dense
network and for the one that was chosen.
"""

import numpy as np
import torch

from rnnbook import training
from rnnbook.batching import batches_of, pad
from rnnbook.course.experiments import languages
from rnnbook.data import Dataset
from rnnbook.tasks.sparsity import magnitude_mask, random_mask
from rnnbook.tasks.text import TextClassifier
from rnnbook.torch import fit

SEEDS = (0, 1, 2)
SPARSITIES = (0.0, 0.5, 0.8, 0.9, 0.95, 1.0)
COMPARED = (0.8, 0.9, 0.95)  # with random masks, and with smaller networks
EPOCHS = 4  # of retraining
LEARNING_RATE = 0.02  # the best of 0.005, 0.01 and 0.02 on validation, with seed 0, at 0, 90 % and 95 %
LOST = 0.01  # how much accuracy on validation the chosen sparsity may cost


def score(classifier: TextClassifier, data: Dataset) -> float:
    """The share of the validation names that are judged rightly."""
    return languages.right(languages.guesses(classifier, data.validation.texts), data.validation.languages)


@torch.no_grad()
def prune(classifier: TextClassifier, mask: np.ndarray) -> None:
    """Set to zero the recurrent weights where ``mask (3H, H)`` is False."""
    classifier.model.encoder.U.mul_(torch.as_tensor(mask))


def retrain(
    classifier: TextClassifier,
    mask: np.ndarray,
    data: Dataset,
    *,
    seed: int,
    learning_rate: float = LEARNING_RATE,
) -> training.Run:
    """Train on with ``mask`` held: what is pruned is zero whenever the network is used."""
    cross_entropy = languages.cross_entropy("torch")

    def loss(model, *batch):
        prune(classifier, mask)  # the optimiser's momentum has moved them
        return cross_entropy(model, *batch)

    def validate(_):
        prune(classifier, mask)
        return score(classifier, data)

    x, lengths = pad([classifier.vocabulary.encode(text) for text in data.train.texts])
    batches = batches_of(x, lengths, data.train.languages, batch_size=languages.BATCH_SIZE)
    return fit(
        classifier.model,
        batches,
        loss,
        validate,
        epochs=EPOCHS,
        learning_rate=learning_rate,
        weight_decay=languages.TRAINING["weight_decay"],
        seed=seed,
        progress=False,
    )


def smaller(hidden_size: int, sparsity: float) -> int:
    """The units of a dense network with about as many recurrent weights as ``sparsity`` leaves."""
    return round(hidden_size * np.sqrt(1 - sparsity))


def run(seed: int) -> dict:
    """Accuracy on validation by sparsity: pruned, retrained, with a random mask, and of smaller networks."""
    data = languages.load()
    classifier, _ = languages.train(data, seed=seed)
    trained = classifier.model.params()
    hidden_size = trained["encoder.U"].shape[1]
    found = {"hidden size": hidden_size, "pruned": {}, "retrained": {}, "random": {}, "smaller": {}}
    kept = {}
    for sparsity in SPARSITIES:
        mask = magnitude_mask(trained["encoder.U"], sparsity)
        classifier.model.load_params(trained)
        prune(classifier, mask)
        found["pruned"][str(sparsity)] = score(classifier, data)
        found["retrained"][str(sparsity)] = retrain(classifier, mask, data, seed=seed).best_score
        kept[sparsity] = classifier.model.params()
        if sparsity in COMPARED:
            classifier.model.load_params(trained)
            drawn = random_mask(mask.shape, sparsity, np.random.default_rng([seed, 3]))
            prune(classifier, drawn)
            found["random"][str(sparsity)] = retrain(classifier, drawn, data, seed=seed).best_score
            units = smaller(hidden_size, sparsity)
            small, _ = languages.train(data, seed=seed, hidden_size=units)
            every = np.ones((3 * units, units), bool)
            found["smaller"][str(sparsity)] = retrain(small, every, data, seed=seed).best_score

    enough = found["retrained"]["0.0"] - LOST
    chosen = max(one for one in SPARSITIES if found["retrained"][str(one)] >= enough)
    found |= {"chosen": chosen, "test": {}}
    for sparsity in sorted({0.0, chosen}):
        classifier.model.load_params(kept[sparsity])
        believed = languages.guesses(classifier, data.test.texts)
        found["test"][str(sparsity)] = languages.right(believed, data.test.languages)
    return found
