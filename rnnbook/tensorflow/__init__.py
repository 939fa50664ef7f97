"""Recurrent networks in TensorFlow: the equations as Keras layers, differentiated by tape or by hand.

``use_bias``, ``recurrent_dropout`` and ``mask_zero`` are those of Keras. For other options of its layers, the
way. What is set on a weight is not saved in a ``.keras`` file: set it again on the layer that was loaded.

    initializer     layer.U.assign(keras.initializers.RandomNormal(seed=0)(layer.U.shape))
    regularizer     layer.U.regularizer = keras.regularizers.L2(0.01)
    constraint      layer.U.constraint = keras.constraints.MaxNorm(0.5)
    dropout         x = keras.layers.Dropout(0.5, noise_shape=(None, 1, D), seed=0)(x, training=True)
    stateful        outputs, state = layer(x, state)
    go_backwards    outputs = keras.layers.RNN(Cell(layer), return_sequences=True, go_backwards=True)(x)
    merge_mode      outputs = tf.add_n(tf.split(outputs, 2, axis=-1))
"""

import os

import rnnbook

rnnbook.require("tensorflow")

from rnnbook.tensorflow import quiet

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # fatal errors only; XLA writes when it compiles

with quiet.quiet_stderr():
    import keras  # and TensorFlow with it

    if keras.backend.backend() != "tensorflow":
        raise ImportError(
            f"rnnbook.tensorflow needs the Keras backend 'tensorflow', got {keras.backend.backend()!r}; "
            "unset KERAS_BACKEND, or set it to tensorflow, before Keras is imported"
        )

from rnnbook.tensorflow import models
from rnnbook.tensorflow.attention import AdditiveAttention
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.cell import Cell
from rnnbook.tensorflow.conv_gru import ConvGRU
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.ctc import ctc_loss
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.elman import ElmanRNN
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.jordan import JordanRNN
from rnnbook.tensorflow.lru import LRU
from rnnbook.tensorflow.lstm import LSTM
from rnnbook.tensorflow.min_gru import MinGRU
from rnnbook.tensorflow.min_lstm import MinLSTM
from rnnbook.tensorflow.models import *  # noqa: F403
from rnnbook.tensorflow.selective_ssm import SelectiveSSM
from rnnbook.tensorflow.slstm import SLSTM
from rnnbook.tensorflow.stacked import Stacked
from rnnbook.tensorflow.training import fit
from rnnbook.tensorflow.weights import Model

__all__ = [
    "GRU",
    "LRU",
    "LSTM",
    "SLSTM",
    "AdditiveAttention",
    "Bidirectional",
    "Cell",
    "ConvGRU",
    "Convolution",
    "Dense",
    "ElmanRNN",
    "Embedding",
    "JordanRNN",
    "MinGRU",
    "MinLSTM",
    "Model",
    "SelectiveSSM",
    "Stacked",
    "ctc_loss",
    "fit",
]
__all__ += models.__all__
