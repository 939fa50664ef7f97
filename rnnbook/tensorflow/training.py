"""Train a TensorFlow model: one loop, in which only the step is TensorFlow's."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from rnnbook import training


def fit(
    model: keras.Model,
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    loss: Callable[..., tf.Tensor],
    score: Callable[[keras.Model], float],
    *,
    epochs: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    clip: float = 1.0,
    patience: int | None = None,
    seed: int = 0,
    progress: bool = True,
    checkpoint: str | Path | None = None,
) -> training.History:
    """Train ``model``, leave it with the weights that scored best on validation, and return the ``History``.

    model: ours, or any model of Keras that is built: all its trainable variables are trained, and all its
        variables (running statistics, say) are kept.
    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of NumPy arrays, sequences first.
    loss: ``loss(model, *batch)``, the batch's arrays as tensors; a scalar to bring down. It becomes a graph,
        and the model that it is given is one to call: with dropout.
    score: ``score(model)`` on the validation set, higher is better.
    learning_rate: the peak of the one-cycle schedule. weight_decay: AdamW's (Loshchilov and Hutter, 2019,
        'Decoupled weight decay regularization').
    clip: the largest norm of all gradients together; ``math.inf`` clips none.
    patience: stop after as many epochs without a better score; never if None.
    seed: of the batches' order and of dropout.
    progress: show a line that is written over after every epoch.
    checkpoint: a file that keeps the run after every epoch. Where it is there already, the run goes on from
        it, and ends with the numbers of one that was never stopped.

    Raises TrainingDiverged where the loss or a gradient is no longer finite, ValueError for a checkpoint of
    another run. Whatever ends it early, an interrupt too, the model has its best weights so far.
    """
    settings = training.check_settings(
        batches,
        loss,
        score,
        epochs=epochs,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        clip=clip,
        patience=patience,
        seed=seed,
        progress=progress,
        checkpoint=checkpoint,
    )
    watch = training.TerminateOnNaN()
    variables = model.trainable_variables
    if not variables:
        raise ValueError("model must have variables to train, got none that is trainable: is it built?")
    optimizer = keras.optimizers.AdamW(float(learning_rate), weight_decay=weight_decay, epsilon=1e-8)
    optimizer.build(variables)
    in_training = partial(model, training=True)
    # Each dropout of a Keras model has random numbers of its own, seeded when the model was made.
    seeds = [variable for variable in model.variables if variable.path.endswith("seed_generator_state")]
    for index, variable in enumerate(seeds):
        variable.assign(np.random.default_rng([seed, 1, index]).integers(2**32, size=2, dtype=np.uint32))

    @tf.function(reduce_retracing=True)  # batches differ in length: one graph serves all
    def gradients_of(*batch):
        with tf.GradientTape() as tape:
            value = loss(in_training, *batch)
        gradients = tape.gradient(value, [variable.value for variable in variables])
        if all(gradient is None for gradient in gradients):
            return value, None, gradients
        dense = [None if gradient is None else tf.convert_to_tensor(gradient) for gradient in gradients]
        norm = tf.linalg.global_norm(dense)
        if math.isfinite(clip):  # TensorFlow would multiply infinity by 0
            dense, _ = tf.clip_by_global_norm(dense, clip, use_norm=norm)
        return value, norm, dense

    @tf.function
    def apply(gradients):
        # What the loss does not use has no gradient and stays as it is: it does not decay either.
        pairs = [pair for pair in zip(gradients, variables, strict=True) if pair[0] is not None]
        optimizer.apply(*map(list, zip(*pairs, strict=True)))

    def step(number: int, rate: float, batch: tuple) -> float:
        value, norm, clipped = gradients_of(*map(tf.convert_to_tensor, batch))
        if norm is None:
            raise ValueError("loss must depend on the model's weights, got one without a gradient")
        watch(number, float(value), float(norm))
        optimizer.learning_rate.assign(rate)
        apply(clipped)
        return float(value)

    return training.training_loop(
        step,
        batches,
        lambda: score(model),
        _state(lambda: model.variables),
        _state(lambda: optimizer.variables),
        wing="tensorflow",
        **settings,
    )


def _state(variables: Callable[[], list[keras.Variable]]) -> training.State:
    """The values of variables, by their places in the list."""

    def get_values() -> dict[str, np.ndarray]:
        # A bfloat16 is not a number that NumPy's files know: its bits are kept.
        arrays = [tf.convert_to_tensor(variable).numpy() for variable in variables()]
        return {str(i): a.view(np.int16) if a.dtype.name == "bfloat16" else a for i, a in enumerate(arrays)}

    def set_values(arrays: Mapping[str, np.ndarray]) -> None:
        for i, variable in enumerate(variables()):
            dtype = tf.as_dtype(variable.dtype)
            array = arrays[str(i)]
            variable.assign(array.view(dtype.as_numpy_dtype) if dtype == tf.bfloat16 else array)

    return training.State(get_values, set_values)
