"""Recurrent networks in TensorFlow: the equations as Keras layers, gradients by automatic differentiation."""

import os

from rnnbook.tensorflow.quiet import quiet_stderr

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # fatal errors only; XLA writes when it compiles

with quiet_stderr():
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise ImportError(
            f"rnnbook.tensorflow needs the Keras backend 'tensorflow', got {keras.backend.backend()!r}; "
            "unset KERAS_BACKEND, or set it to tensorflow, before Keras is imported"
        )
    tf.zeros(1)  # the first operation looks for devices, and writes about it

from rnnbook.tensorflow.attention import AdditiveAttention
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.classifier import SequenceClassifier
from rnnbook.tensorflow.conv_gru import ConvGRU
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.elman import ElmanRNN
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.jordan import JordanRNN
from rnnbook.tensorflow.lstm import LSTM
from rnnbook.tensorflow.stacked import Stacked
from rnnbook.tensorflow.training import fit
from rnnbook.tensorflow.translator import SequenceTranslator, teacher_forcing
from rnnbook.tensorflow.weights import Model

__all__ = [
    "GRU",
    "LSTM",
    "AdditiveAttention",
    "Bidirectional",
    "ConvGRU",
    "Convolution",
    "Dense",
    "ElmanRNN",
    "Embedding",
    "JordanRNN",
    "Model",
    "SequenceClassifier",
    "SequenceTranslator",
    "Stacked",
    "fit",
    "teacher_forcing",
]
