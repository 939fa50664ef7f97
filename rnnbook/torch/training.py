"""Train a PyTorch model: one loop, in which only the step is PyTorch's."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from rnnbook import training


def fit(
    model: nn.Module,
    batches: Callable[[np.random.Generator], Iterable[tuple]],
    loss: Callable[..., torch.Tensor],
    score: Callable[[nn.Module], float],
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

    model: ours, or any module: all its parameters are trained that want gradients, and all its parameters and
        buffers (running statistics, say) are kept.
    batches: ``batches(rng)`` gives an epoch's batches, each a tuple of NumPy arrays, sequences first.
    loss: ``loss(model, *batch)``, the batch's arrays as tensors; a scalar to bring down.
    score: ``score(model)`` on the validation set, higher is better; called without gradients and dropout.
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
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not parameters:
        raise ValueError("model must have parameters to train, got none that requires a gradient")
    optimizer = torch.optim.AdamW(parameters, learning_rate, weight_decay=weight_decay, fused=True)
    device = parameters[0].device
    cuda = [device] if device.type == "cuda" else []

    def step(number: int, rate: float, batch: tuple) -> float:
        model.train()
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        value = loss(model, *(torch.as_tensor(array, device=device) for array in batch))
        if not getattr(value, "requires_grad", False):  # a float has none either
            raise ValueError("loss must depend on the model's weights, got one without a gradient")
        value.backward()
        norm = nn.utils.clip_grad_norm_(parameters, clip)
        watch(number, value.item(), norm.item())
        optimizer.step()
        return value.item()

    def validate() -> float:
        model.eval()
        with torch.no_grad():
            return score(model)

    def get_state() -> dict[str, np.ndarray]:
        return {name: _to_array(tensor) for name, tensor in _tensors(model).items()}

    @torch.no_grad()
    def set_state(arrays: Mapping[str, np.ndarray]) -> None:
        for name, tensor in _tensors(model).items():
            tensor.copy_(_to_tensor(arrays[name], tensor.dtype))

    def get_memory() -> dict[str, np.ndarray]:
        state = optimizer.state_dict()["state"]
        slots = {
            f"{i}/{name}": _to_array(tensor) for i, slot in state.items() for name, tensor in slot.items()
        }
        generators = {"rng/cpu": torch.get_rng_state().numpy()}
        for index in cuda:
            generators["rng/cuda"] = torch.cuda.get_rng_state(index).numpy()
        return slots | generators

    def set_memory(arrays: Mapping[str, np.ndarray]) -> None:
        state: dict[int, dict[str, torch.Tensor]] = {}
        for path, array in arrays.items():
            index, _, name = path.partition("/")
            if index != "rng":
                # Adam's count of steps is a float32, its averages are of the parameter's own dtype.
                dtype = torch.float32 if name == "step" else parameters[int(index)].dtype
                state.setdefault(int(index), {})[name] = _to_tensor(array, dtype)
        optimizer.load_state_dict(optimizer.state_dict() | {"state": state})
        torch.set_rng_state(torch.from_numpy(arrays["rng/cpu"]))
        for index in cuda:
            torch.cuda.set_rng_state(torch.from_numpy(arrays["rng/cuda"]), index)

    try:
        with torch.random.fork_rng(devices=cuda):  # the caller's random numbers are left as they were
            torch.manual_seed(seed)
            return training.training_loop(
                step,
                batches,
                validate,
                training.State(get_state, set_state),
                training.State(get_memory, set_memory),
                wing="torch",
                **settings,
            )
    finally:
        model.eval()


def _tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """Everything that training may change in the model: its parameters and its buffers."""
    return dict(model.named_parameters()) | dict(model.named_buffers())


def _to_array(tensor: torch.Tensor) -> np.ndarray:
    tensor = tensor.detach().cpu()
    # NumPy has no bfloat16: its bits are kept.
    return (tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor).numpy().copy()


def _to_tensor(array: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if dtype == torch.bfloat16 else tensor
