"""The GPU experiment, as far as a machine without a GPU can tell: its forms agree, and it refuses."""

import pytest
import torch

from rnnbook.course.benchmarks import Size
from rnnbook.course.experiments import _command, gpu

CPU = torch.device("cpu")


def test_the_forms_give_the_same_gradients():
    runs = gpu.training_steps(Size(T=5, B=2, D=3, H=4), CPU, seed=1)
    assert set(runs) == {"loop", "fused"}  # a CUDA graph needs CUDA
    for loop, fused in zip(runs["loop"](), runs["fused"](), strict=False):
        torch.testing.assert_close(loop, fused, rtol=1e-4, atol=1e-5)


def test_operations_follow_the_shapes():
    # One step, one sequence: 4H rows of D + H products and sums, and twice that backward.
    assert gpu.operations(Size(T=1, B=1, D=2, H=3)) == 3 * 2 * 12 * 5
    assert gpu.operations(Size(T=4, B=5, D=2, H=3)) == 20 * gpu.operations(Size(T=1, B=1, D=2, H=3))


def test_sizes_change_one_thing_at_a_time():
    sizes = gpu.sizes()
    assert len(sizes) == len(set(sizes)) and gpu.BASE in sizes
    assert all(sum(one != base for one, base in zip(size, gpu.BASE, strict=True)) <= 1 for size in sizes)


def test_a_measurement_has_the_cpu():
    milliseconds = gpu.measure(Size(T=3, B=2, D=2, H=2), rounds=2)
    assert milliseconds["cpu"] > 0


def test_the_peak_is_that_of_the_faster_product(monkeypatch):
    assert min(gpu.product_rates(CPU, side=64).values()) > 1e6
    monkeypatch.setattr(gpu, "product_rates", lambda *_: {"plain": 2.0, "oneDNN": 5.0})
    assert gpu.peak(CPU) == 5


@pytest.mark.skipif(gpu.device() is not None, reason="this machine has a GPU")
def test_without_a_gpu_the_command_refuses(capsys):
    with pytest.raises(SystemExit):
        _command.main(["gpu"])
    assert "nothing was kept: PyTorch finds no GPU on this machine" in capsys.readouterr().err


@pytest.mark.skipif(not torch.cuda.is_available(), reason="a CUDA graph needs CUDA")
def test_a_cuda_graph_gives_the_gradients_of_the_loop():
    runs = gpu.training_steps(Size(T=5, B=2, D=3, H=4), torch.device("cuda"), seed=1)
    for loop, graph in zip(runs["loop"](), runs["graph"](), strict=True):
        torch.testing.assert_close(loop, graph)
