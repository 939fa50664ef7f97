"""Train one network on one machine, or on several.

    torchrun --nnodes=2 --node-rank=0 --master-addr=FIRST --master-port=29500 two_machines.py OUT
    torchrun --nnodes=2 --node-rank=1 --master-addr=FIRST --master-port=29500 two_machines.py OUT

The first line is for the first machine, whose address FIRST both must reach; the second is for the
other. Started by `python two_machines.py OUT` it is a plain program for one process. Each machine needs
this file and the package. OUT is a folder; worker 0, on the first machine, writes the weights there.
With graphics cards, add --nproc-per-node=gpu.
"""

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.distributed as dist
from torch.distributed.algorithms.ddp_comm_hooks.default_hooks import allreduce_hook
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from rnnbook.data import digits

EPOCHS = 2
BATCH = 64  # of all workers together
PIECES = 2  # each worker does its part of a batch in so many pieces, to save memory


class Reader(torch.nn.Module):
    """Reads a digit row by row and names it at the end."""

    def __init__(self):
        super().__init__()
        self.rnn = torch.nn.GRU(8, 32, batch_first=True)
        self.readout = torch.nn.Linear(32, 10)

    def forward(self, x):
        return self.readout(self.rnn(x)[1][-1])


def train(rank: int, workers: int, device: torch.device) -> tuple[dict, dict]:
    """The weights at the end, and what happened on this worker."""
    torch.manual_seed(0)
    model = Reader().to(device, torch.float64)
    shared, seen = model, {"rank": rank, "backward": 0, "exchanges": 0}
    if workers > 1:
        shared = DistributedDataParallel(model)

        def count(_, bucket):
            seen["exchanges"] += 1
            return allreduce_hook(None, bucket)

        shared.register_comm_hook(None, count)
    x, y = digits.load().train
    data = TensorDataset(torch.tensor(x, dtype=torch.float64), torch.tensor(y))
    sampler = DistributedSampler(data, workers, rank, seed=0, drop_last=True)  # its own rows, another order
    loader = DataLoader(data, BATCH // workers // PIECES, sampler=sampler, drop_last=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for epoch in range(EPOCHS):
        sampler.set_epoch(epoch)  # in each epoch; without this line the order never changes
        optimizer.zero_grad()
        for number, (rows, labels) in enumerate(loader, start=1):
            last = number % PIECES == 0
            quiet = shared.no_sync() if workers > 1 and not last else nullcontext()
            with quiet:  # pieces before the last only add up here; the last one brings the exchange
                loss = cross_entropy(shared(rows.to(device)), labels.to(device)) / PIECES
                loss.backward()
            seen["backward"] += 1
            if last:
                optimizer.step()
                optimizer.zero_grad()
    return model.state_dict(), seen


def main(folder: Path) -> None:
    """Find the others, train, and save once."""
    rank, workers = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    cards = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cards else torch.device("cpu")
    if cards:
        torch.cuda.set_device(device)
    if workers > 1:
        dist.init_process_group("nccl" if cards else "gloo")
    weights, seen = train(rank, workers, device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seen-{rank}.json").write_text(json.dumps(seen), encoding="utf-8")
    if rank == 0:  # all copies are equal: one is enough, and two writers would spoil the file
        torch.save(weights, folder / "weights.part")
        (folder / "weights.part").replace(folder / "weights.pt")  # whole, or not at all
    if workers > 1:
        dist.barrier()  # nobody leaves before the file is there
        dist.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
