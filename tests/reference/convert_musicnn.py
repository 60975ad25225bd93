"""Converts the two checkpoints of the `musicnn` 0.1.0 wheel to safetensors.

    python convert_musicnn.py musicnn-0.1.0-py3-none-any.whl

Writes `models/musicnn/weights/{msd,mtt}.safetensors` and the licence beside them. Tensors keep
their values bit for bit; only their order in memory changes:

- conv kernels HWIO -> OIHW, height being time and width frequency;
- dense kernels stay [in, out].

The file's metadata holds the tag names, one a line, and where the weights come from.
"""

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from musicnn_checkpoint import MODELS, read_licence, read_tags, read_variables, repository

SOURCE = "PyPI musicnn 0.1.0, {model}; Jordi Pons, Music Technology Group, Universitat Pompeu Fabra"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("wheel", type=Path)
    wheel = arguments.parse_args().wheel

    folder = repository() / "models" / "musicnn" / "weights"
    folder.mkdir(parents=True, exist_ok=True)
    tags = read_tags(wheel)
    for model, theirs in MODELS.items():
        tensors = {
            name: np.ascontiguousarray(value.transpose(3, 2, 0, 1) if value.ndim == 4 else value)
            for name, value in read_variables(wheel, model).items()
        }
        if any(value.dtype != np.float32 for value in tensors.values()):
            raise ValueError("a tensor is not float32")
        path = folder / f"{model}.safetensors"
        metadata = {"licence": "ISC", "source": SOURCE.format(model=theirs), "tags": "\n".join(tags[model])}
        save_file(tensors, path, metadata)
        parameters = sum(value.size for value in tensors.values())
        print(f"{path.name}: {len(tensors)} tensors, {parameters} parameters, {path.stat().st_size} bytes")
    (folder / "LICENSE").write_text(read_licence(wheel))


if __name__ == "__main__":
    main()
