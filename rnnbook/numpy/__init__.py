"""Recurrent networks in NumPy: forward passes, and backward passes derived by hand."""

from rnnbook.initialisers import forget_bias, glorot, identity, orthogonal
from rnnbook.numpy.bidirectional import Bidirectional
from rnnbook.numpy.classifier import SequenceClassifier
from rnnbook.numpy.dense import Dense
from rnnbook.numpy.elman import ElmanRNN
from rnnbook.numpy.embedding import Embedding
from rnnbook.numpy.gru import GRU
from rnnbook.numpy.jordan import JordanRNN
from rnnbook.numpy.losses import mean_squared_error, softmax, softmax_cross_entropy
from rnnbook.numpy.lstm import LSTM
from rnnbook.numpy.model import Model
from rnnbook.numpy.optimisers import SGD, Adam, Momentum, RMSprop, clip_by_global_norm
from rnnbook.numpy.stacked import Stacked
from rnnbook.numpy.training import fit

__all__ = [
    "GRU",
    "LSTM",
    "SGD",
    "Adam",
    "Bidirectional",
    "Dense",
    "ElmanRNN",
    "Embedding",
    "JordanRNN",
    "Model",
    "Momentum",
    "RMSprop",
    "SequenceClassifier",
    "Stacked",
    "clip_by_global_norm",
    "fit",
    "forget_bias",
    "glorot",
    "identity",
    "mean_squared_error",
    "orthogonal",
    "softmax",
    "softmax_cross_entropy",
]
