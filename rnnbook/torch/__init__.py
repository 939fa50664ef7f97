"""Recurrent networks in PyTorch, from scratch: the loop over time is written out, autograd runs it back."""

import rnnbook

rnnbook.require("torch")

from rnnbook.torch import models
from rnnbook.torch.attention import AdditiveAttention
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.conv_gru import ConvGRU
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.ctc import ctc_loss
from rnnbook.torch.dense import Dense
from rnnbook.torch.elman import ElmanRNN
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.jordan import JordanRNN
from rnnbook.torch.lru import LRU
from rnnbook.torch.lstm import LSTM
from rnnbook.torch.min_gru import MinGRU
from rnnbook.torch.min_lstm import MinLSTM
from rnnbook.torch.models import *  # noqa: F403
from rnnbook.torch.selective_ssm import SelectiveSSM
from rnnbook.torch.slstm import SLSTM
from rnnbook.torch.stacked import Stacked
from rnnbook.torch.training import fit
from rnnbook.torch.weights import Model

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
