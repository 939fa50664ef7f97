"""Translators of the PyTorch and the TensorFlow wing in pairs, with the same drawn weights."""

import numpy as np

import rnnbook.tensorflow
import rnnbook.torch
from rnnbook.vocabulary import BEGIN, END, PADDING

SOURCE, TARGET = 11, 13
WINGS = {"torch": rnnbook.torch, "tensorflow": rnnbook.tensorflow}


def translator(wing: str, *, attention: bool = True, seed: int = 0, dtype: str = "float64", **options):
    """A small translator; every weight is drawn, so that none is zero as biases are at the start."""
    sizes = {"embedding_size": 5, "hidden_size": 8} | options
    model = WINGS[wing].SequenceTranslator(SOURCE, TARGET, attention=attention, dtype=dtype, **sizes)
    rng = np.random.default_rng(seed)
    model.load_params(
        {name: rng.normal(0, 0.7, array.shape).astype(dtype) for name, array in model.params().items()}
    )
    return model


def batch(seed: int = 0, lengths=(6, 1, 4, 3), targets=(5, 2, 6, 3)):
    """``(x, lengths, y)``: drawn symbols, padded; ``y`` from begin to end."""
    rng = np.random.default_rng(seed)
    x = np.full((len(lengths), max(lengths)), PADDING)
    y = np.full((len(targets), max(targets) + 2), PADDING)
    for row, (size, written) in enumerate(zip(lengths, targets, strict=True)):
        x[row, :size] = rng.integers(4, SOURCE, size)
        y[row, : written + 2] = [BEGIN, *rng.integers(4, TARGET, written), END]
    return x, np.array(lengths), y


def tensors(wing: str, *arrays):
    if wing == "torch":
        import torch

        return [torch.as_tensor(array) for array in arrays]
    import tensorflow as tf

    return [tf.convert_to_tensor(array) for array in arrays]


def logits(model, wing: str, x, y, lengths=None) -> np.ndarray:
    """What the model says in whole sequences, without dropout, as NumPy."""
    if wing == "torch":
        import torch

        model.eval()
        with torch.no_grad():
            return model(*tensors(wing, x, y), lengths).numpy()
    return model(x, y, lengths).numpy()


def loss(model, wing: str, x, lengths, y) -> float:
    if wing == "torch":
        model.eval()
    value = WINGS[wing].teacher_forcing(model, *tensors(wing, x, lengths, y))
    return value.item() if wing == "torch" else float(value)


def gradients(model, wing: str, x, lengths, y) -> dict[str, np.ndarray]:
    """Those of the loss by the canonical names."""
    if wing == "torch":
        model.eval()
        model.zero_grad()
        WINGS[wing].teacher_forcing(model, *tensors(wing, x, lengths, y)).backward()
        return {name: value.grad.numpy().copy() for name, value in weights(model).items()}
    import tensorflow as tf

    with tf.GradientTape() as tape:
        value = WINGS[wing].teacher_forcing(model, *tensors(wing, x, lengths, y))
    found = tape.gradient(value, weights(model))
    return {name: tf.convert_to_tensor(gradient).numpy() for name, gradient in found.items()}


def weights(model) -> dict:
    """The framework's own variables by canonical names."""
    inner = {"forward": "forward_layer", "backward": "backward_layer"}
    found = {}
    for name in model.params():
        part = model
        for step in name.split("."):
            part = getattr(part, inner.get(step, step))
        found[name] = part
    return found
