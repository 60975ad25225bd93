"""What the `musicnn` 0.1.0 wheel holds, and the names that this project gives it.

The checkpoints are TensorFlow-1 tensor bundles whose layers are numbered in the order in which
the graph was built; `LAYERS` is that order.
"""

import ast
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf

MODELS = {"msd": "MSD_musicnn", "mtt": "MTT_musicnn"}
LICENCE = "musicnn-0.1.0.dist-info/LICENSE.md"

# Our name -> (number of the layer in the graph, kernel width and height in time x frequency).
CONVS = {
    "front.timbral_38": 0,
    "front.timbral_67": 1,
    "front.temporal_128": 2,
    "front.temporal_64": 3,
    "front.temporal_32": 4,
    "middle.1": 5,
    "middle.2": 6,
    "middle.3": 7,
}
DENSE = {"back.hidden": 0, "back.tags": 1}
# Each norm follows the layer of the same name; two stand alone.
NORMS = {"input.norm": 0} | {f"{name}.norm": i + 1 for name, i in CONVS.items()} | {
    "back.pooled.norm": 9,
    "back.hidden.norm": 10,
}
NORM_PARTS = {"scale": "gamma", "shift": "beta", "mean": "moving_mean", "variance": "moving_variance"}


def _numbered(kind, i):
    return kind if i == 0 else f"{kind}_{i}"


def variable_names():
    """Our tensor name -> the name of the variable in the checkpoint."""
    names = {}
    for name, i in CONVS.items():
        names[f"{name}.kernel"] = f"{_numbered('conv2d', i)}/kernel"
        names[f"{name}.bias"] = f"{_numbered('conv2d', i)}/bias"
    for name, i in DENSE.items():
        names[f"{name}.kernel"] = f"{_numbered('dense', i)}/kernel"
        names[f"{name}.bias"] = f"{_numbered('dense', i)}/bias"
    for name, i in NORMS.items():
        for ours, theirs in NORM_PARTS.items():
            names[f"{name}.{ours}"] = f"{_numbered('batch_normalization', i)}/{theirs}"
    return names


def read_variables(wheel, model):
    """Every variable of the inference graph of `model` ("msd" or "mtt"), by our names, as stored.

    Conv kernels are HWIO (time, frequency, in, out); dense kernels are (in, out). Fails when the
    bundle holds a variable that is neither one of these nor a part of the optimiser.
    """
    folder = f"musicnn/{MODELS[model]}/"
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(wheel) as archive:
        for part in (".index", ".data-00000-of-00001"):
            archive.extract(folder + part, scratch)
        reader = tf.compat.v1.train.NewCheckpointReader(f"{scratch}/{folder}")
        names = variable_names()
        inference = {
            name
            for name in reader.get_variable_to_shape_map()
            if not name.endswith(("/Adam", "/Adam_1")) and name not in ("beta1_power", "beta2_power")
        }
        if inference != set(names.values()):
            raise ValueError(f"unexpected variables: {sorted(inference ^ set(names.values()))}")
        return {ours: np.asarray(reader.get_tensor(theirs)) for ours, theirs in names.items()}


def read_tags(wheel):
    """The tag names of both models, in the order of their outputs."""
    tags = {}
    with zipfile.ZipFile(wheel) as archive:
        for statement in ast.parse(archive.read("musicnn/configuration.py")).body:
            if isinstance(statement, ast.Assign) and statement.targets[0].id.endswith("_LABELS"):
                key = statement.targets[0].id.removesuffix("_LABELS").lower()
                tags[key] = ast.literal_eval(statement.value)
    return tags


def read_licence(wheel):
    """The text of the licence of code and weights."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(LICENCE).decode()


def repository():
    """The root of the repository that these scripts stand in."""
    return Path(__file__).resolve().parents[2]
