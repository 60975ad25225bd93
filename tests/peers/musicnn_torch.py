"""Times PyTorch on MusiCNN: what the port is compared with, in the same run on the same machine.

    python musicnn_torch.py [--threads 2] [--runs 5] [--batches 4 10] [--live] [--channels-last]

Prints one JSON object: windows a second of each checkpoint on the processor, float32, from log-mel
windows to features and tags, for several batches, after one run to warm up; the best of the runs.
`--live` leaves out the filters that weight decay has driven to nothing, as the port does and PyTorch
would not by itself.

The weights are the port's own files. Prints also how far PyTorch's features are from the goldens, so
that what is timed is known to be the network.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import torch
from safetensors import safe_open
from torch import nn
from torch.nn.functional import pad

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/reference"))

from musicnn_mel import log_mel, windows_of  # noqa: E402

FRAMES, BANDS = 187, 96
BRANCHES = ("timbral_38", "timbral_67", "temporal_128", "temporal_64", "temporal_32")
DEAD = 1e-9


class Norm(nn.BatchNorm2d):
    """Batch norm as TensorFlow has it, from the checkpoint."""

    def __init__(self, weights, name):
        scale = weights[f"{name}.norm.scale"]
        super().__init__(len(scale), eps=1e-3)
        parts = {"weight": "scale", "bias": "shift", "running_mean": "mean", "running_var": "variance"}
        self.load_state_dict({ours: weights[f"{name}.norm.{theirs}"] for ours, theirs in parts.items()}, strict=False)


class Conv(nn.Module):
    """Convolution padded in time, ReLU, batch norm; `channels` are those of the input."""

    def __init__(self, weights, name):
        super().__init__()
        kernel = weights[f"{name}.kernel"]
        self.extra = kernel.shape[2] - 1
        self.conv = nn.Conv2d(kernel.shape[1], len(kernel), kernel.shape[2:])
        self.conv.weight.data, self.conv.bias.data = kernel, weights[f"{name}.bias"]
        self.norm = Norm(weights, name)

    def forward(self, x):
        """[n, channels, time, bands] -> [n, filters, time, places]"""
        x = pad(x, (0, 0, self.extra // 2, self.extra - self.extra // 2))
        return self.norm(self.conv(x).relu())


class MusiCnn(nn.Module):
    """One checkpoint."""

    def __init__(self, weights):
        super().__init__()
        self.input = Norm(weights, "input")
        self.front = nn.ModuleList(Conv(weights, f"front.{branch}") for branch in BRANCHES)
        for layer in (1, 2, 3):
            # [out, 1, time, in] -> [out, in, time, 1]: channels are channels here.
            weights[f"middle.{layer}.kernel"] = weights[f"middle.{layer}.kernel"].permute(0, 3, 2, 1).contiguous()
        self.middle = nn.ModuleList(Conv(weights, f"middle.{layer}") for layer in (1, 2, 3))
        self.pooled = Norm(weights, "back.pooled")
        self.hidden, self.tags = (self.dense(weights, f"back.{name}") for name in ("hidden", "tags"))
        self.hidden_norm = Norm(weights, "back.hidden")

    @staticmethod
    def dense(weights, name):
        kernel = weights[f"{name}.kernel"]
        layer = nn.Linear(*kernel.shape)
        layer.weight.data, layer.bias.data = kernel.T.contiguous(), weights[f"{name}.bias"]
        return layer

    def forward(self, mel):
        """[n, time, bands] -> features [n, 200], tags [n, 50]"""
        x = self.input(mel[:, None])
        front = torch.cat([branch(x).amax(3, keepdim=True) for branch in self.front], 1)
        first = self.middle[0](front)
        second = self.middle[1](first) + first
        third = self.middle[2](second) + second
        x = torch.cat([front, first, second, third], 1)[..., 0]
        x = torch.stack([x.amax(2), x.mean(2)], 2).flatten(1)[..., None, None]
        x = self.hidden(self.pooled(x).flatten(1)).relu()
        features = self.hidden_norm(x[..., None, None]).flatten(1)
        return features, self.tags(features).sigmoid()


def read(path):
    """All tensors of a safetensors file by name."""
    with safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}


def without_dead(weights):
    """The same weights without the front end's dead filters, their channels of later layers with them.

    What a dead channel adds to later layers is a constant that changes no time, so it is not kept.
    """
    weights, alive = dict(weights), []
    for branch in BRANCHES:
        kernel = weights[f"front.{branch}.kernel"]
        live = kernel.abs().sum((1, 2, 3)) >= DEAD
        alive.append(live)
        for name in [name for name in weights if name.startswith(f"front.{branch}.")]:
            weights[name] = weights[name][live]
    alive = torch.cat(alive)
    weights["middle.1.kernel"] = weights["middle.1.kernel"][..., alive].contiguous()
    pooled = torch.cat([alive, torch.ones(192, dtype=bool)]).repeat_interleave(2)
    weights["back.hidden.kernel"] = weights["back.hidden.kernel"][pooled].contiguous()
    for part in ("scale", "shift", "mean", "variance"):
        weights[f"back.pooled.norm.{part}"] = weights[f"back.pooled.norm.{part}"][pooled]
    return weights


def away(model, goldens, name):
    """The greatest difference from the golden features, relative to the greatest of them."""
    mel = torch.from_numpy(windows_of(log_mel(goldens["samples"].numpy() / 32_768)))
    want = goldens[f"{name}.penultimate"].reshape(-1, 200)
    got, _ = model(mel)
    return float((got - want).abs().max() / want.abs().max())




def windows_a_second(model, batch, runs):
    """The best rate of `runs` runs over `batch` windows."""
    mel = torch.rand(batch, FRAMES, BANDS) * 3
    model(mel)
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        model(mel)
        times.append(time.perf_counter() - start)
    return round(batch / min(times), 1)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--batches", type=int, nargs="+", default=(4, 10))
    arguments.add_argument("--live", action="store_true", help="without the dead filters")
    arguments.add_argument("--channels-last", action="store_true", help="PyTorch's other layout")
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)

    goldens = read(ROOT / "tests/fixtures/musicnn/goldens.safetensors")
    result = {"torch": torch.__version__, "threads": torch.get_num_threads(), "runs": given.runs}
    with torch.inference_mode():
        for name in ("msd", "mtt"):
            weights = read(ROOT / f"models/musicnn/weights/{name}.safetensors")
            model = MusiCnn(without_dead(weights) if given.live else weights).eval()
            if given.channels_last:
                model.to(memory_format=torch.channels_last)
            rates = {batch: windows_a_second(model, batch, given.runs) for batch in given.batches}
            result[name] = {"windows_per_s": rates}
            if not given.live:
                result[name]["off_the_goldens_by"] = away(model, goldens, name)
    result["peak_rss_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
