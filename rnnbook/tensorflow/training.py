"""Train a TensorFlow model: one loop, in which only the step is TensorFlow's."""

from collections.abc import Callable, Iterable
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from rnnbook import training
from rnnbook.tensorflow.weights import Model


def fit(
    model: Model,
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    loss: Callable[..., tf.Tensor],
    score: Callable[[Model], float],
    *,
    epochs: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    clip: float = 1.0,
    patience: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> training.History:
    """Train ``model``, leave it with the weights that scored best on validation, and return the ``History``.

    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of NumPy arrays, sequences first.
    loss: ``loss(model, *batch)``, the batch's arrays as tensors; a scalar to bring down. It becomes a graph,
        and the model that it is given is one to call: with dropout.
    score: ``score(model)`` on the validation set, higher is better.
    learning_rate: the peak of the one-cycle schedule. weight_decay: AdamW's (Loshchilov and Hutter, 2019,
        'Decoupled weight decay regularization').
    clip: the largest norm of all gradients together.
    patience: stop after as many epochs without a better score; never if None.
    seed: of the batches' order. That of dropout is drawn when the model is made.
    progress: show a line that is written over after every epoch.

    Raises TrainingDiverged where the loss is no longer finite.
    """
    watch = training.TerminateOnNaN()
    variables = model.trainable_variables
    optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay, epsilon=1e-8)
    optimizer.build(variables)
    in_training = partial(model, training=True)

    @tf.function(reduce_retracing=True)  # batches differ in length: one graph serves all
    def gradients_of(*batch):
        with tf.GradientTape() as tape:
            value = loss(in_training, *batch)
        gradients = tape.gradient(value, [variable.value for variable in variables])
        clipped, norm = tf.clip_by_global_norm(
            [tf.convert_to_tensor(gradient) for gradient in gradients], clip
        )
        return value, norm, clipped

    @tf.function
    def apply(gradients):
        optimizer.apply(gradients, variables)

    def step(number: int, rate: float, batch: tuple) -> float:
        value, norm, clipped = gradients_of(*map(tf.convert_to_tensor, batch))
        watch(number, float(value), float(norm))
        optimizer.learning_rate.assign(rate)
        apply(clipped)
        return float(value)

    return training.training_loop(
        step,
        batches,
        lambda: score(model),
        get_weights=lambda: model.params,
        set_weights=model.load_params,
        epochs=epochs,
        learning_rate=learning_rate,
        patience=patience,
        seed=seed,
        progress=progress,
    )
