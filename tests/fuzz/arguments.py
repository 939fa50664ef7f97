"""Random arguments at every door: a result comes back, or ValueError or TypeError in the project's words.

Each case is a valid call of which up to three arguments are spoiled: another type, dtype, byte order, layout,
shape, size, or a number out of bounds.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module

import numpy as np

from rnnbook import batching, initializers, vocabulary
from rnnbook.tasks import decoding, metrics

B, T, D, H, V = 2, 5, 3, 4, 7
Case = tuple[str, Callable, dict]  # what is called, by which name, and valid arguments by name

NUMBERS = (-1, 0, 1, 2, 3, 6, 0.5, -0.0, 2.5, float("nan"), float("inf"), -(2**63), 2**40, 10**30, 1e300, 1j)
THINGS = (
    None,
    True,
    "",
    "three",
    b"3",
    [],
    [1],
    [[1, 2], [3]],
    [None],
    (),
    {},
    {"W": 1},
    {1, 2},
    object(),
    np.int8(2),
    np.float16(0.5),
    np.array(3),
    np.array(["a", "b"]),
    np.zeros(0),
    np.zeros((2, 0)),
)
DTYPES = (
    "?",
    "u1",
    "i1",
    "u2",
    "i2",
    "u4",
    "i4",
    "u8",
    "i8",
    "f2",
    "f4",
    "f8",
    "c8",
    "O",
    "U3",
    "M8[s]",
    "g",
)


# Spoiling


def spoiled(value, rng: np.random.Generator):
    """Something in the place of ``value``: like it, or not at all."""
    if isinstance(value, np.ndarray) and rng.random() < 0.85:
        return _spoiled_array(value, rng)
    if isinstance(value, tuple | list) and value and rng.random() < 0.8:
        parts = list(value)
        place = rng.integers(len(parts))
        if rng.random() < 0.7:
            parts[place] = spoiled(parts[place], rng)
        else:
            parts = parts[:place] if rng.random() < 0.5 else [*parts, parts[place]]
        return type(value)(parts)
    if isinstance(value, dict) and value and rng.random() < 0.8:
        key = list(value)[rng.integers(len(value))]
        others = {name: part for name, part in value.items() if name != key}
        return others if rng.random() < 0.3 else others | {key: spoiled(value[key], rng)}
    pool = NUMBERS if rng.random() < 0.5 else THINGS
    return pool[rng.integers(len(pool))]


def _spoiled_array(array: np.ndarray, rng: np.random.Generator):
    ways = (
        lambda a: a.astype(DTYPES[rng.integers(len(DTYPES))]),
        lambda a: a.astype(a.dtype.newbyteorder(">")),
        lambda a: np.asfortranarray(a),
        lambda a: np.repeat(a, 2, axis=-1)[..., ::2] if a.ndim else a,
        lambda a: a[::-1],
        lambda a: np.broadcast_to(a[:1], a.shape),
        lambda a: a[..., None],
        lambda a: a[0],
        lambda a: a[:0],
        lambda a: a[..., :0],
        lambda a: a[..., :-1],
        lambda a: np.concatenate([a, a]),
        lambda a: a.tolist(),
        lambda a: np.ma.masked_array(a, mask=a == a),
        lambda a: -a - 1,
        lambda a: a * 1000,
        lambda a: (
            np.where(rng.random(a.shape) < 0.3, np.float32(np.nan), a) if a.dtype.kind == "f" else a * 2
        ),
        lambda a: (
            np.where(rng.random(a.shape) < 0.3, np.float32(np.inf), a) if a.dtype.kind == "f" else a * 2
        ),
    )
    try:
        return ways[rng.integers(len(ways))](array)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


# The doors


def _floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def _ids(*shape: int, low: int = 0) -> np.ndarray:
    return np.random.default_rng(0).integers(low, 5, shape)


LENGTHS = np.array([T, 2])
OPTIONS = {"dtype": "float32", "rng": 0}
LAYERS = {
    "ElmanRNN": {"input_size": D, "hidden_size": H, "activation": "tanh"},
    "JordanRNN": {"input_size": D, "hidden_size": H, "output_size": 2, "decay": 0.5},
    "LSTM": {"input_size": D, "hidden_size": H, "peephole": True},
    "GRU": {"input_size": D, "hidden_size": H, "reset_after": True},
    "SLSTM": {"input_size": D, "hidden_size": H},
    "MinGRU": {"input_size": D, "hidden_size": H, "method": "loop"},
    "MinLSTM": {"input_size": D, "hidden_size": H, "method": "sweeps"},
    "LRU": {
        "input_size": D,
        "hidden_size": H,
        "output_size": 2,
        "r_min": 0.5,
        "r_max": 0.9,
        "max_phase": 1.0,
    },
    "SelectiveSSM": {"input_size": D, "state_size": 2, "method": "chunked"},
}
OTHERS = {
    "Dense": ({"input_size": D, "output_size": 2, "activation": "relu"}, {"x": _floats(B, T, D)}),
    "Embedding": ({"vocab_size": V, "size": 3}, {"x": _ids(B, T)}),
    "Convolution": (
        {"input_size": D, "output_size": 2, "kernel_size": 3, "stride": 2, "activation": "relu"},
        {"x": _floats(B, D, 6, 6)},
    ),
    "ConvGRU": (
        {"input_size": D, "hidden_size": H, "kernel_size": 3},
        {"x": _floats(B, T, D, 4, 4), "state": _floats(B, H, 4, 4)},
    ),
    "AdditiveAttention": (
        {"query_size": 3, "memory_size": 4, "size": 2},
        {"query": _floats(B, 3), "memory": _floats(B, T, 4), "lengths": LENGTHS},
    ),
}
SYMBOLS = {"x": _ids(B, T), "lengths": LENGTHS}
SOUND = {"x": _floats(B, T, D), "lengths": LENGTHS}
MODELS = {
    "SequenceClassifier": (
        {"vocab_size": V, "num_classes": 3, "embedding_size": 3, "hidden_size": 4, "pooling": "attention"}
        | {"cell": "GRU", "bidirectional": True, "dropout": 0.5},
        {"": SYMBOLS, "probabilities": SYMBOLS, "attention_weights": SYMBOLS},
    ),
    "SequenceTagger": (
        {"input_size": D, "num_classes": 3, "hidden_size": 4, "cell": "LSTM", "dropout": 0.1},
        {"": SOUND, "probabilities": SOUND},
    ),
    "G2P": (
        {"vocab_size": V, "num_classes": 4, "embedding_size": 3, "hidden_size": 2, "num_layers": 2},
        {"": SYMBOLS, "log_probabilities": SYMBOLS},
    ),
    "WindowG2P": (
        {"vocab_size": V, "num_classes": 4, "context_size": 1, "embedding_size": 3, "hidden_size": 2},
        {"": SYMBOLS},
    ),
    "CTCRecognizer": (
        {"input_size": D, "num_classes": 4, "hidden_size": 4, "kernel_size": 3, "stride": 2, "dropout": 0.1},
        {"": SOUND, "log_probabilities": SOUND},
    ),
    "WindowCTCRecognizer": ({"input_size": D, "num_classes": 4, "hidden_size": 4}, {"": SOUND}),
    "SequenceTranslator": (
        {"source_vocab_size": V, "target_vocab_size": V, "embedding_size": 3, "hidden_size": 4}
        | {"attention": True, "dropout": 0.1},
        {
            "": {"x": _ids(B, T), "y": _ids(B, 3), "lengths": LENGTHS},
            "encode": SYMBOLS,
            "attention_weights": {"x": _ids(B, T), "y": _ids(B, 3), "lengths": LENGTHS},
        },
    ),
    "TransformerTranslator": (
        {"source_vocab_size": V, "target_vocab_size": V, "hidden_size": 4, "num_layers": 1}
        | {"num_heads": 2, "dropout": 0.1},
        {
            "": {"x": _ids(B, T), "y": _ids(B, 3), "lengths": LENGTHS},
            "encode": SYMBOLS,
            "attention_weights": {"x": _ids(B, T), "y": _ids(B, 3), "lengths": LENGTHS},
        },
    ),
    "VideoClassifier": (
        {"image_size": 8, "num_classes": 3, "num_features": 4, "hidden_size": 4},
        {"": {"x": _floats(B, T, 8, 8), "lengths": LENGTHS}},
    ),
    "EarlyFusionClassifier": (
        {"num_frames": T, "image_size": 8, "num_classes": 3, "num_features": 4},
        {"": {"x": _floats(B, T, 8, 8)}},
    ),
    "Detector": ({"num_classes": 2, "hidden_size": 3, "num_frames": 2}, {"": {"x": _floats(B, 2, 1, 8, 8)}}),
    "WindowDetector": ({"num_classes": 2, "hidden_size": 3}, {"maps": {"x": _floats(B, 2, 1, 8, 8)}}),
    "PianoRollModel": (
        {"num_keys": 6, "hidden_size": 4, "context_size": 1, "key_size": 3, "dropout": 0.1},
        {"": {"x": _floats(B, T, 6), "lengths": LENGTHS}, "init_state": {"batch": 2}},
    ),
    "SATBModel": (
        {"vocab_size": 5, "hidden_size": 4, "head_size": 3},
        {"": {"x": _ids(B, T, 4), "lengths": LENGTHS}, "init_state": {"batch": 2}},
    ),
    "AcousticModel": (
        {"num_phonemes": V, "num_speakers": 5, "output_size": 3, "embedding_size": 2, "hidden_size": 4},
        {
            "": {"frame_phonemes": _ids(B, T), "speaker": _ids(B), "positions": _floats(B, T, 4)}
            | {"phoneme_ids": _ids(B, 3), "lengths": LENGTHS, "phoneme_lengths": np.array([3, 1])}
        },
    ),
    "AutoregressiveAcousticModel": (
        {"num_phonemes": V, "num_speakers": 5, "output_size": 3, "embedding_size": 2, "hidden_size": 4},
        {"generate": {"frame_phonemes": _ids(B, T), "speaker": _ids(B), "positions": _floats(B, T, 4)}},
    ),
}
OF_NUMPY = ("probabilities", "log_probabilities", "attention_weights", "encode", "maps", "init_state")


def _step(tokens, state):
    return np.log(np.full((len(tokens), 4), 0.25)), state


def plain_doors() -> Iterator[Case]:
    """Functions that know no framework."""
    sequences = [_floats(3, 2), _floats(1, 2)]
    rng = np.random.default_rng(0)
    yield "pad", batching.pad, {"sequences": sequences, "value": 0, "max_len": 4}
    yield "pad", batching.pad, {"sequences": [_ids(3), _ids(2).astype("u1")], "value": 1}
    arguments = {"lengths": _ids(9, low=1), "batch_size": 2, "rng": rng, "pool": 2}
    yield "bucket_by_length", batching.bucket_by_length, arguments
    arguments = {"x": _ids(B, T), "lengths": LENGTHS, "batch_size": 2}
    yield "make_batches", lambda **a: batching.make_batches(**a)(), arguments
    arguments = arguments | {"function": lambda x, lengths: x}
    yield "map_batched", batching.map_batched, arguments
    yield "sequence_mask", batching.sequence_mask, {"lengths": LENGTHS, "max_len": T}
    known = vocabulary.Vocabulary("abc")
    yield "Vocabulary", vocabulary.Vocabulary, {"symbols": ["a", "b"]}
    yield "Vocabulary.of", vocabulary.Vocabulary.of, {"sequences": ["ab", "b"], "min_freq": 1}
    yield "encode", known.encode, {"tokens": ["a", "x"], "add_bos_eos": True}
    yield "decode", known.decode, {"integers": np.array([2, 4, 5, 3])}
    yield "char_tokenize", vocabulary.char_tokenize, {"text": "An Rnn"}
    yield "word_tokenize", vocabulary.word_tokenize, {"text": "An Rnn"}
    state = (_floats(1, 2),)
    arguments = {"step": _step, "state": state, "max_len": 3}
    yield "greedy_search", decoding.greedy_search, arguments
    arguments = arguments | {"beam_width": 2, "length_penalty": 0.5}
    yield "beam_search", decoding.beam_search, arguments
    yield "ctc_collapse", decoding.ctc_collapse, {"path": np.array([0, 1, 1, 0, 2])}
    scores = {"log_probabilities": _floats(B, T, 4), "lengths": LENGTHS}
    yield "ctc_greedy_search", decoding.ctc_greedy_search, scores
    arguments = {"log_probabilities": _floats(T, 4), "beam_width": 2}
    yield "ctc_beam_search", decoding.ctc_beam_search, arguments
    boxes = np.abs(_floats(B, 3, 4))
    yield "box_iou", metrics.box_iou, {"boxes1": boxes, "boxes2": boxes[:, :2]}
    arguments = {"pred_boxes": boxes, "scores": _floats(B, 3), "gt_boxes": boxes[:, :2]}
    arguments = arguments | {"gt_mask": np.ones((B, 2), bool), "iou_threshold": 0.5}
    yield "match_detections", metrics.match_detections, arguments
    arguments = {"scores": _floats(5), "is_true_positive": _floats(5) > 0, "num_gt": 4, "weights": _floats(5)}
    yield "average_precision", metrics.average_precision, arguments
    yield "edit_distance", metrics.edit_distance, {"prediction": "abc", "reference": _ids(3)}
    for drawn in (initializers.glorot, initializers.orthogonal):
        yield drawn.__name__, drawn, {"shape": (6, 2), "rng": rng, "blocks": 3}
    yield "identity", initializers.identity, {"shape": (6, 2), "scale": 1.0, "blocks": 3}
    yield "forget_bias", initializers.forget_bias, {"hidden_size": 3, "value": 1.0}


def numpy_doors() -> Iterator[Case]:
    """What the NumPy wing has alone: passes back, losses, optimizers."""
    wing = import_module("rnnbook.numpy")
    logits, targets = _floats(B, T, 4), _ids(B, T) % 4
    mask = np.ones((B, T), bool)
    arguments = {"logits": logits, "targets": targets, "mask": mask}
    yield "softmax_cross_entropy", wing.softmax_cross_entropy, arguments
    arguments = {"predictions": logits, "targets": logits, "mask": mask}
    yield "mean_squared_error", wing.mean_squared_error, arguments
    yield "softmax", wing.softmax, {"logits": logits}
    layer = wing.LSTM(D, H, rng=0)
    x, d = _floats(B, T, D), _floats(B, T, H)
    state = (_floats(B, H), _floats(B, H))
    _, _, tape = layer.forward(x)
    yield "LSTM.backward", layer.backward, {"tape": tape, "d_outputs": d, "d_state": state}
    arguments = {"layer": layer, "x": x, "d_outputs": d, "state": state, "d_state": state}
    yield "state_gradients", wing.state_gradients, arguments
    gradients = {name: 0.1 * array for name, array in layer.params.items()}
    yield "clip_by_global_norm", wing.clip_by_global_norm, {"gradients": [gradients], "max_norm": 1.0}
    for rule in ("SGD", "Momentum", "RMSprop", "Adam"):
        optimizer = getattr(wing, rule)
        yield rule, optimizer, {"layers": [layer], "learning_rate": 0.1}
        yield f"{rule}.step", optimizer([wing.LSTM(D, H, rng=0)]).step, {"gradients": [gradients]}


def wing_doors(name: str) -> Iterator[Case]:
    """Layers and models of a wing: how they are built, called and loaded."""
    wing = import_module(f"rnnbook.{name}")
    method = "forward" if name == "numpy" else "__call__"
    for kind, arguments in LAYERS.items():
        make = getattr(wing, kind)
        yield kind, make, arguments | OPTIONS
        layer = make(**arguments, rng=0)
        state = tuple(_floats(B, width) for width in layer.spec.state.values())
        call = {"x": _floats(B, T, D), "state": state if len(state) > 1 else state[0], "lengths": LENGTHS}
        yield f"{kind}()", getattr(layer, method), call
        yield f"{kind}.load_params", layer.load_params, {"params": dict(layer.params)}
    both = wing.Bidirectional(wing.GRU(D, H, rng=0), wing.ElmanRNN(D, 2, rng=0))
    states = (_floats(B, H), _floats(B, 2))
    yield "Bidirectional", wing.Bidirectional, {"forward": wing.GRU(D, H), "backward": wing.LSTM(D, H)}
    yield "Bidirectional()", getattr(both, method), {**SOUND, "state": states}
    yield "Bidirectional.load_params", both.load_params, {"params": dict(both.params)}
    stack = wing.Stacked([wing.GRU(D, H, rng=0), wing.GRU(H, 2, rng=0)])
    yield "Stacked", wing.Stacked, {"layers": [wing.GRU(D, H), wing.LSTM(H, 2)]}
    yield "Stacked()", getattr(stack, method), {**SOUND, "state": states}
    loss = {"logits": _floats(B, T, 6), "targets": _ids(B, 2, low=1), "lengths": np.array([T, 4])}
    yield "ctc_loss", wing.ctc_loss, loss | {"target_lengths": np.array([2, 1])}
    for kind, (arguments, call) in OTHERS.items():
        if hasattr(wing, kind):
            yield kind, getattr(wing, kind), arguments | OPTIONS
            yield f"{kind}()", getattr(getattr(wing, kind)(**arguments, rng=0), method), call
    for kind, (arguments, calls) in MODELS.items():
        if hasattr(wing, kind):
            yield kind, getattr(wing, kind), arguments | OPTIONS
            model = getattr(wing, kind)(**arguments, rng=0)
            for called, call in calls.items():
                yield f"{kind}.{called}()", getattr(model, called or method), call


def doors(wing: str) -> list[tuple[str, Case]]:
    """Every door of a wing, and the wing whose arrays it takes."""
    cases = [("numpy", case) for case in (*plain_doors(), *numpy_doors())] if wing == "numpy" else []
    return cases + [(wing, case) for case in wing_doors(wing)]


@cache
def _doors(*wings: str) -> list[tuple[str, Case]]:
    return [door for wing in wings for door in doors(wing)]


def draw(rng: np.random.Generator, wings: tuple[str, ...] = ("numpy", "torch")) -> Callable:
    """One call at one door, with up to three arguments spoiled."""
    known = _doors(*wings)
    wing, (name, function, valid) = known[rng.integers(len(known))]
    arguments = dict(valid)
    for place in rng.permutation(list(valid))[: rng.integers(1, 4)]:
        arguments[str(place)] = spoiled(valid[place], rng)
    own = name.rstrip("()").rpartition(".")[2] in OF_NUMPY or "load_params" in name
    if not own and rng.random() < 0.95:
        arguments = {key: _to_wing(value, wing) for key, value in arguments.items()}
    return partial(function, **arguments)


CASES = {
    "arguments": draw,
    "tensorflow-arguments": partial(draw, wings=("tensorflow",)),
}


def _to_wing(value, wing: str):
    if isinstance(value, tuple | list):
        return type(value)(_to_wing(part, wing) for part in value)
    if wing == "numpy" or not isinstance(value, np.ndarray) or isinstance(value, np.ma.MaskedArray):
        return value
    try:
        if wing == "torch":
            import torch

            return torch.from_numpy(value.copy())
        import tensorflow as tf

        return tf.constant(value)
    except (TypeError, ValueError):  # a dtype that the framework does not know
        return value
