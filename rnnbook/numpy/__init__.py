"""Recurrent networks in NumPy: forward passes, and backward passes derived by hand."""

from rnnbook.initializers import forget_bias, glorot, identity, orthogonal
from rnnbook.numpy.bidirectional import Bidirectional
from rnnbook.numpy.ctc import ctc_loss
from rnnbook.numpy.dense import Dense
from rnnbook.numpy.elman import ElmanRNN
from rnnbook.numpy.embedding import Embedding
from rnnbook.numpy.gru import GRU
from rnnbook.numpy.jordan import JordanRNN
from rnnbook.numpy.losses import mean_squared_error, softmax, softmax_cross_entropy
from rnnbook.numpy.lru import LRU
from rnnbook.numpy.lstm import LSTM
from rnnbook.numpy.min_gru import MinGRU
from rnnbook.numpy.min_lstm import MinLSTM
from rnnbook.numpy.models import SequenceClassifier
from rnnbook.numpy.optimizers import SGD, Adam, Momentum, RMSprop, clip_by_global_norm
from rnnbook.numpy.selective_ssm import SelectiveSSM
from rnnbook.numpy.slstm import SLSTM
from rnnbook.numpy.stacked import Stacked
from rnnbook.numpy.state_gradients import state_gradients
from rnnbook.numpy.training import fit
from rnnbook.numpy.weights import Model

__all__ = [
    "GRU",
    "LRU",
    "LSTM",
    "SGD",
    "SLSTM",
    "Adam",
    "Bidirectional",
    "Dense",
    "ElmanRNN",
    "Embedding",
    "JordanRNN",
    "MinGRU",
    "MinLSTM",
    "Model",
    "Momentum",
    "RMSprop",
    "SelectiveSSM",
    "SequenceClassifier",
    "Stacked",
    "clip_by_global_norm",
    "ctc_loss",
    "fit",
    "forget_bias",
    "glorot",
    "identity",
    "mean_squared_error",
    "orthogonal",
    "softmax",
    "softmax_cross_entropy",
    "state_gradients",
]
