"""Importing the wing writes nothing to stderr, and refuses another Keras backend in words."""

import os
import runpy
import subprocess
import sys

import keras
import pytest

import rnnbook.tensorflow
from rnnbook.tensorflow import quiet
from rnnbook.tensorflow.quiet import quiet_stderr


def run(program: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300, env=environment
    )


@pytest.mark.slow
def test_import_and_compilation_are_silent():
    done = run(
        "import rnnbook.tensorflow as wing, tensorflow as tf, sys\n"
        "layer = wing.ElmanRNN(2, 2)\n"
        "tf.function(layer, jit_compile=True)(tf.ones((1, 2, 2)))\n"
        "print('still here', file=sys.stderr)"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == "still here\n"


@pytest.mark.slow
def test_import_sets_nothing_up():
    """What TensorFlow settles once, at the first operation, and what Keras does at the first layer."""
    done = run(
        "import rnnbook.tensorflow as wing, tensorflow as tf, keras\n"
        "tf.config.threading.set_intra_op_parallelism_threads(1)\n"
        "tf.config.threading.set_inter_op_parallelism_threads(1)\n"
        "cpu = tf.config.list_physical_devices('CPU')[0]\n"
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)\n"
        "for gpu in tf.config.list_physical_devices('GPU'):\n"
        "    tf.config.experimental.set_memory_growth(gpu, True)\n"
        "keras.backend.set_floatx('float64')\n"
        "print(wing.Dense(2, 2).dtype, len(tf.config.list_logical_devices('CPU')))"
    )
    assert (done.stdout, done.stderr) == ("float64 2\n", "")


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(ImportError, match=r"needs the Keras backend 'tensorflow', got 'torch'"):
        runpy.run_path(rnnbook.tensorflow.__file__)


def test_quiet_stderr_keeps_back_what_c_code_writes(capfd):
    with quiet_stderr():
        os.write(2, b"noise")
    os.write(2, b"after")
    assert capfd.readouterr().err == "after"


def test_quiet_stderr_shows_it_when_something_fails(capfd):
    with pytest.raises(RuntimeError, match="broken"), quiet_stderr():
        os.write(2, b"the reason")
        raise RuntimeError("broken")
    os.write(2, b", after")
    assert capfd.readouterr().err == "the reason, after"


def test_quiet_stderr_closes_what_it_opens():
    def lowest_free() -> int:
        free = os.open(os.devnull, os.O_RDONLY)
        os.close(free)
        return free

    before = lowest_free()
    with quiet_stderr():
        pass
    with pytest.raises(RuntimeError), quiet_stderr():
        raise RuntimeError
    assert lowest_free() == before


def test_quiet_stderr_without_a_stderr():
    done = run(
        "import os, runpy\n"
        f"quiet_stderr = runpy.run_path({quiet.__file__!r})['quiet_stderr']\n"
        "os.close(2)\n"
        "with quiet_stderr(): print('works')"
    )
    assert done.stdout == "works\n"
