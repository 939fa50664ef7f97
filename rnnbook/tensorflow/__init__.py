"""Recurrent networks in TensorFlow: the equations as Keras layers, gradients by automatic differentiation."""

import os

import rnnbook

rnnbook.require("tensorflow")

from rnnbook.tensorflow import quiet

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # fatal errors only; XLA writes when it compiles

with quiet.quiet_stderr():
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise ImportError(
            f"rnnbook.tensorflow needs the Keras backend 'tensorflow', got {keras.backend.backend()!r}; "
            "unset KERAS_BACKEND, or set it to tensorflow, before Keras is imported"
        )
    tf.zeros(1)  # the first operation looks for devices, and writes about it

from rnnbook.tensorflow import models
from rnnbook.tensorflow.attention import AdditiveAttention
from rnnbook.tensorflow.bidirectional import Bidirectional
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
