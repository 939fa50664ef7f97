"""The script that a reader starts on two machines, between two networks that are joined by a cable."""

import json
import os
import shutil
import subprocess
import sys

import pytest
import torch

from tests.execute import CHAPTERS

SCRIPT = CHAPTERS / "07-tools" / "two_machines.py"
FIRST, SECOND = "10.99.0.1", "10.99.0.2"

# Runs as root of a namespace of its own: nothing outside sees its networks, and all ends with it.
CABLE = f"""
set -e
ip link set lo up
unshare -n sleep 200 & second=$!
sleep 1
ip link add left type veth peer name right
ip link set right netns $second
ip addr add {FIRST}/24 dev left; ip link set left up
there="nsenter -t $second -n"
$there ip addr add {SECOND}/24 dev right; $there ip link set right up; $there ip link set lo up
start="$0 -m torch.distributed.run --nnodes=2 --master-addr={FIRST} --master-port=29500"
GLOO_SOCKET_IFNAME=left $start --node-rank=0 $1 $2/first & first=$!
GLOO_SOCKET_IFNAME=right $there $start --node-rank=1 $1 $2/second
wait $first
kill $second
"""


def can_make_networks() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip") and shutil.which("nsenter")):
        return False
    command = ["unshare", "-rn", "sh", "-c", "ip link add left type veth peer name right"]
    return subprocess.run(command, capture_output=True, timeout=20).returncode == 0


def start(*command: str) -> None:
    variables = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1"}
    variables["PYTHONPATH"] = os.pathsep.join([str(CHAPTERS.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, env=variables)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.slow
@pytest.mark.skipif(not can_make_networks(), reason="no right to make networks here")
def test_two_machines_make_the_weights_of_one(tmp_path):
    start(sys.executable, str(SCRIPT), str(tmp_path / "one"))
    start("unshare", "-rn", "--kill-child", "sh", "-c", CABLE, sys.executable, str(SCRIPT), str(tmp_path))

    assert not (tmp_path / "second" / "weights.pt").exists()
    alone, together = (torch.load(tmp_path / place / "weights.pt") for place in ("one", "first"))
    assert alone.keys() == together.keys()
    for name, weights in alone.items():
        torch.testing.assert_close(together[name], weights, rtol=0, atol=1e-12)
    for rank, place in enumerate(("first", "second")):
        seen = json.loads((tmp_path / place / f"seen-{rank}.json").read_text())
        assert seen["rank"] == rank
        assert 0 < seen["exchanges"] <= seen["backward"] / 2
