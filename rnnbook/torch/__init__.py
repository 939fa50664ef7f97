"""Recurrent networks in PyTorch, from scratch.

Every layer has its equation (``step``), the loop over it under autograd (``loop``), and what a call runs: for
Elman, GRU and LSTM, whole sequences there and back by hand; for linear recurrences, a scan; else the loop.

torch.nn's ``bias`` is ``use_bias`` here, ``num_layers`` and ``dropout`` are those of ``Stacked``, and a
``PackedSequence`` is taken as it is. For other options of the libraries, the way:

    initialiser     torch.nn.init.xavier_normal_(layer.U)
    regulariser     loss = loss + 0.01 * layer.U.square().sum()
    constraint      torch.nn.utils.parametrizations.orthogonal(layer, "U")
    stateful        outputs, state = layer(x, state)
    go_backwards    outputs, state = layer(x.flip(1))
    merge_mode      outputs = outputs.unflatten(-1, (2, H)).sum(-2)
    proj_size       layer.load_params({"W": W, "U": U @ P, "b": b}); outputs = layer(x)[0] @ torch.tensor(P.T)
    padding_idx     outputs, state = layer(embedding(ids), lengths=lengths)
"""

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
