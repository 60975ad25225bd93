"""Makes the goldens of the MusiCNN port, one file for each stage of both models.

    python make_musicnn_goldens.py musicnn-0.1.0-py3-none-any.whl

Writes `tests/fixtures/musicnn/goldens.safetensors`: the samples (16 bit, [-1, 1) after division by
32768), and for each stage every STRIDE-th value in row-major order with the norm of the whole. All
of it is computed in double and rounded to float32 once: float32 sums differ by up to 6e-6 from it.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from musicnn_checkpoint import MODELS, read_variables, repository
from musicnn_reference import SAMPLE_RATE, forward, log_mel, windows_of

SECONDS = 6
# Primes that divide no axis, so that the kept values wander over all channels and frames.
STRIDE = {"mel": 7, "front": 97, "middle": 37, "penultimate": 1, "tags": 1}


def piece():
    """Six seconds of music-like sound, int16: plucked chords, then a drum pattern over a bass."""
    t = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    noise = np.random.default_rng(20_190_906).standard_normal(t.size)
    sound = np.zeros_like(t)
    for start, root in zip(np.arange(0, 3, 0.5), (220, 261.63, 196, 246.94, 293.66, 164.81)):
        since = np.clip(t - start, 0, None)
        envelope = np.where(t >= start, np.exp(-3 * since), 0)
        for interval in (1, 1.25, 1.5, 2):
            for harmonic in range(1, 8):
                pitch = root * interval * harmonic
                sound += 0.08 / harmonic * envelope * np.sin(2 * np.pi * pitch * since)
    beat = np.mod(t, 0.5)
    late = t >= 3
    sound += late * 0.5 * np.exp(-18 * beat) * np.sin(2 * np.pi * (50 * beat + 12 * (1 - np.exp(-30 * beat))))
    sound += late * 0.12 * np.exp(-60 * np.mod(t, 0.125)) * noise
    sound += late * 0.15 * np.sign(np.sin(2 * np.pi * 55 * t))
    sound += 0.0005 * noise
    return np.round(32_767 * 0.9 * sound / np.abs(sound).max()).astype(np.int16)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("wheel", type=Path)
    wheel = arguments.parse_args().wheel

    samples = piece()
    mel = log_mel(samples / 32_768)
    stages = {"mel": mel}
    for model in MODELS:
        for stage, value in forward(read_variables(wheel, model), windows_of(mel), np.float64).items():
            stages[f"{model}.{stage}"] = value.astype(np.float32)
    tensors = {"samples": samples}
    for name, value in stages.items():
        stride = STRIDE[name.split(".")[-1]]
        norm = np.linalg.norm(value.astype(np.float64))
        tensors[name] = np.ascontiguousarray(value.ravel()[::stride])
        tensors[f"{name}.norm"] = np.array([norm], dtype=np.float64)
        print(f"{name}: {value.shape}, {tensors[name].size} values kept, norm {norm:.6g}")
    folder = repository() / "tests" / "fixtures" / "musicnn"
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "goldens.safetensors")
    print(f"{(folder / 'goldens.safetensors').stat().st_size} bytes")


if __name__ == "__main__":
    main()
