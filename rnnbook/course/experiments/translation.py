"""Translators of phrases and of interface strings, with attention and without it, in three seeds.

The settings were chosen on the validation sets, with seed 0.
"""

from collections.abc import Sequence
from time import process_time

import numpy as np

from rnnbook import training
from rnnbook.course.experiments import _train
from rnnbook.data import Dataset, interface, phrases
from rnnbook.tasks.translation import TextTranslator, batches, score_translations, tokenize
from rnnbook.vocabulary import Vocabulary

SEEDS = (0, 1, 2)

PHRASES = {
    "hidden_size": 128,
    "dropout": 0.1,
    "batch_size": 64,
    "learning_rate": 6e-3,
    "epochs": 12,
    "min_freq": 1,
    "score": "exact",
}
STRINGS = PHRASES | {
    "dropout": 0.3,
    "batch_size": 32,
    "learning_rate": 4e-3,
    "epochs": 25,
    "min_freq": 2,
    "score": "chrF",
}

# English to French, seed 0: what was tried, and the best validation score of the run.
TRIED = {
    "phrases": {
        "rate 0.002, 15 epochs": 0.976, "rate 0.004, 15 epochs": 0.992, "rate 0.006, 15 epochs": 0.991,
        "rate 0.004, 10 epochs": 0.965, "rate 0.004, 15 epochs, 96 hidden units": 0.989,
    },
    "phrases, without attention": {
        "rate 0.002, 15 epochs": 0.518, "rate 0.004, 15 epochs": 0.746, "rate 0.006, 15 epochs": 0.820,
    },
    "strings (chrF)": {
        "rate 0.004, 30 epochs, dropout 0.3": 52.0, "rate 0.004, 30 epochs, dropout 0.5": 50.1,
    },
}  # fmt: skip

ITEMS = (2, 3, 4, 5, 6)
LISTS = 200
SAMPLES = 12


def texts(split, language: str) -> list[str]:
    """The column of a language; strings of the interface in lower case, to have fewer different words."""
    lower = isinstance(split, interface.InterfaceStrings)
    return [str(text).lower() if lower else str(text) for text in getattr(split, language)]


def train(
    data: Dataset,
    language: str,
    settings: dict,
    *,
    seed: int,
    attention: bool = True,
    wing: str = "torch",
    progress: bool = False,
) -> tuple[TextTranslator, training.History]:
    """Train a translator from English to ``language`` and keep its best weights on validation.

    data: what ``phrases.load`` or ``interface.load`` gives. settings: ``PHRASES`` or ``STRINGS``.
    """
    english, foreign = texts(data.train, "english"), texts(data.train, language)
    source = Vocabulary.of(map(tokenize, english), min_freq=settings["min_freq"])
    target = Vocabulary.of(map(tokenize, foreign))
    model = _train.build_model(
        "SequenceTranslator",
        len(source),
        len(target),
        seed=seed,
        wing=wing,
        embedding_size=settings["hidden_size"] // 2,
        hidden_size=settings["hidden_size"],
        attention=attention,
        dropout=settings["dropout"],
    )
    translator = TextTranslator(model, source, target)

    history = _train.fit(
        model,
        batches(english, foreign, source, target, batch_size=settings["batch_size"]),
        "translation_loss",
        lambda _: evaluate(translator, data.validation, language)[1][settings["score"]],
        settings,
        seed=seed,
        wing=wing,
        progress=progress,
    )
    return translator, history


def evaluate(translator: TextTranslator, split, language: str) -> tuple[list[str], dict[str, float]]:
    """Translate a split, greedily: the translations and their scores."""
    translations, targets = translator.translate_batch(texts(split, "english")), texts(split, language)
    return translations, score_translations(translations, targets, chinese=language == "chinese")


def accuracy_by(keys: Sequence, right: Sequence[bool]) -> dict[str, list[int]]:
    """For every key how many are right, and how many there are."""
    keys, right = np.array(keys), np.array(right)
    return {str(key): [int(right[keys == key].sum()), int((keys == key).sum())] for key in np.unique(keys)}


def evaluate_phrases(translator: TextTranslator, data: Dataset, language: str) -> dict:
    """The test figures: all together, by kind, by the number of tokens, for lists of any length; errors."""
    sources, targets = texts(data.test, "english"), texts(data.test, language)
    translations, scores = evaluate(translator, data.test, language)
    right = np.array(translations) == np.array(targets)
    wrong = [list(row) for row in zip(sources, targets, translations, strict=True) if row[1] != row[2]]
    lists = {}
    for items in ITEMS:
        of = phrases.lists(items, LISTS)
        same = np.array(translator.translate_batch(of.english)) == getattr(of, language)
        lists[str(items)] = float(np.mean(same))
    return {
        "test": scores,
        "kinds": accuracy_by(data.test.kinds, right),
        "lengths": accuracy_by([len(tokenize(text)) for text in sources], right),
        "lists": lists,
        "wrong": wrong[:SAMPLES],
    }


def evaluate_strings(translator: TextTranslator, data: Dataset, language: str) -> dict:
    """The test figures, greedy and with a beam of four ranked by the mean log-probability, and samples."""
    sources, targets = texts(data.test, "english"), texts(data.test, language)
    translations, scores = evaluate(translator, data.test, language)
    beam = [translator(text, beam_width=4, length_penalty=1.0, allow_unk=True) for text in sources]
    return {
        "test": scores,
        "beam": score_translations(beam, targets, chinese=language == "chinese"),
        "samples": [list(row) for row in zip(sources[:SAMPLES], targets, translations, strict=False)],
    }


def run(seed: int) -> dict:
    """Train and test every translator of the notebook; times are those of the processor."""
    result = {}
    for name, data, settings, language, options in configurations(seed):
        start = process_time()
        translator, history = train(data, language, settings, seed=seed, **options)
        evaluate_test = evaluate_phrases if settings is PHRASES else evaluate_strings
        result[name] = {
            "validation": history.best_score,
            "best_epoch": history.best_epoch,
            "cpu_seconds": round(process_time() - start, 1),
            "num_params": int(sum(array.size for array in translator.model.params.values())),
        } | evaluate_test(translator, data, language)
    return result


def configurations(seed: int) -> list[tuple]:
    """What is trained: name, data, settings, language, options. TensorFlow has its turn with seed 0."""
    dated, strings = phrases.load(), interface.load()
    result = [
        ("french", dated, PHRASES, "french", {}),
        ("french, without attention", dated, PHRASES, "french", {"attention": False}),
        ("german", dated, PHRASES, "german", {}),
        ("chinese", dated, PHRASES, "chinese", {}),
        ("interface, french", strings, STRINGS, "french", {}),
        ("interface, chinese", strings, STRINGS, "chinese", {}),
    ]
    if seed == SEEDS[0]:
        result.append(("french, in TensorFlow", dated, PHRASES, "french", {"wing": "tensorflow"}))
    return result
