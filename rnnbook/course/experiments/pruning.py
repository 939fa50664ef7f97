"""How many recurrent weights can go? The GRU of chapter 6 that reads names, its U pruned and retrained.

Pruned at once by magnitude, then retrained with the mask held (Han et al., 2015). Beside it, at the same
number of recurrent weights and of epochs: a mask drawn at random, and a dense network with fewer units. And a
dense network with no more weights *in all* (as in Zhu and Gupta, 2017, 'To prune, or not to prune'), which
has more units than that one, since the input and readout weights count, too. Sparsity 0 gets the same extra
epochs: else the pruned network would be compared with one that has seen less. Validation chooses; the test is
read for the dense network and for the one that was chosen.
"""

import numpy as np
import torch

from rnnbook import training
from rnnbook.batching import make_batches, pad
from rnnbook.course.experiments import _train, languages
from rnnbook.data import Dataset
from rnnbook.tasks.sparsity import magnitude_mask, random_mask
from rnnbook.tasks.text import TextClassifier

SEEDS = (0, 1, 2)
SPARSITIES = (0.0, 0.5, 0.8, 0.9, 0.95, 1.0)
COMPARED = (0.8, 0.9, 0.95)  # with random masks, and with smaller networks
EPOCHS = 4  # of retraining
LEARNING_RATE = 0.02
TRIED = {"learning rate, seed 0, sparsity 0, 0.9 and 0.95": {"0.005": None, "0.01": None, "0.02": None}}
MAX_ACCURACY_DROP = 0.01  # how much accuracy on validation the chosen sparsity may cost


def validation_accuracy(classifier: TextClassifier, data: Dataset) -> float:
    """The share of the validation names that are judged rightly."""
    probabilities = languages.predict_proba(classifier, data.validation.texts)
    return languages.accuracy(probabilities, data.validation.languages)


@torch.no_grad()
def prune(classifier: TextClassifier, mask: np.ndarray) -> None:
    """Set to zero the recurrent weights where ``mask (3H, H)`` is False."""
    classifier.model.encoder.U.mul_(torch.as_tensor(mask))


def retrain(classifier: TextClassifier, mask: np.ndarray, data: Dataset, *, seed: int) -> training.History:
    """Train on with ``mask`` held: what is pruned is zero whenever the network is used."""
    cross_entropy = languages.cross_entropy("torch")

    def loss(model, *batch):
        prune(classifier, mask)  # the optimizer's momentum has moved them
        return cross_entropy(model, *batch)

    def score(_):
        prune(classifier, mask)
        return validation_accuracy(classifier, data)

    x, lengths = pad([classifier.vocabulary.encode(text) for text in data.train.texts])
    batches = make_batches(x, lengths, data.train.languages, batch_size=languages.BATCH_SIZE)
    settings = languages.TRAINING | {"epochs": EPOCHS, "learning_rate": LEARNING_RATE}
    return _train.fit(classifier.model, batches, loss, score, settings, seed=seed)


def matched_hidden_size(hidden_size: int, sparsity: float) -> int:
    """The units of a dense network with about as many recurrent weights as ``sparsity`` leaves."""
    return round(hidden_size * np.sqrt(1 - sparsity))


def equal_hidden_size(params: dict[str, np.ndarray], sparsity: float) -> int:
    """The most units of a dense network with no more weights in all than ``params``, its U pruned."""
    (num_symbols, embedding_size), (num_labels, hidden_size) = (
        params[name].shape for name in ("embedding.E", "readout.W")
    )

    def num_weights(H: int) -> int:
        return num_symbols * embedding_size + 3 * H * (embedding_size + H + 2) + num_labels * (H + 1)

    most = num_weights(hidden_size) - round(sparsity * params["encoder.U"].size)
    return max(H for H in range(1, hidden_size + 1) if num_weights(H) <= most)


def smaller_accuracy(data: Dataset, *, seed: int, hidden_size: int) -> float:
    """On validation: a dense network, trained from the start for as many epochs as a pruned one in all."""
    classifier, _ = languages.train(data, seed=seed, hidden_size=hidden_size)
    every = np.ones((3 * hidden_size, hidden_size), bool)
    return retrain(classifier, every, data, seed=seed).best_score


def run(seed: int) -> dict:
    """Accuracy on validation by sparsity: pruned, retrained, with a random mask, and of smaller networks."""
    data = languages.load()
    classifier, _ = languages.train(data, seed=seed)
    trained = classifier.model.params
    hidden_size = trained["encoder.U"].shape[1]
    result = {"hidden_size": hidden_size, "pruned": {}, "retrained": {}, "random": {}, "smaller": {}}
    result["equal"] = {}
    retrained = {}
    for sparsity in SPARSITIES:
        mask = magnitude_mask(trained["encoder.U"], sparsity)
        classifier.model.load_params(trained)
        prune(classifier, mask)
        result["pruned"][str(sparsity)] = validation_accuracy(classifier, data)
        result["retrained"][str(sparsity)] = retrain(classifier, mask, data, seed=seed).best_score
        retrained[sparsity] = classifier.model.params
        if sparsity in COMPARED:
            classifier.model.load_params(trained)
            random = random_mask(mask.shape, sparsity, np.random.default_rng([seed, 3]))
            prune(classifier, random)
            result["random"][str(sparsity)] = retrain(classifier, random, data, seed=seed).best_score
            widths = {
                "smaller": matched_hidden_size(hidden_size, sparsity),
                "equal": equal_hidden_size(trained, sparsity),
            }
            for name, width in widths.items():
                result[name][str(sparsity)] = smaller_accuracy(data, seed=seed, hidden_size=width)

    min_accuracy = result["retrained"]["0.0"] - MAX_ACCURACY_DROP
    chosen = max(s for s in SPARSITIES if result["retrained"][str(s)] >= min_accuracy)
    result |= {"chosen": chosen, "test": {}}
    for sparsity in sorted({0.0, chosen}):
        classifier.model.load_params(retrained[sparsity])
        probabilities = languages.predict_proba(classifier, data.test.texts)
        result["test"][str(sparsity)] = languages.accuracy(probabilities, data.test.languages)
    return result
