"""Holds `musicnn_reference.forward` against the graph that the wheel itself carries (`.meta`).

    python check_musicnn_reference.py musicnn-0.1.0-py3-none-any.whl

The training half of the graph is cut away; the variables are fed. Prints the greatest difference of
each stage, relative to the stage's greatest value, and fails above 2e-6.
"""

import argparse
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf

from make_musicnn_goldens import piece
from musicnn_checkpoint import MODELS, read_variables, variable_names
from musicnn_reference import SAMPLE_RATE, forward, log_mel, windows_of

LIMIT = 2e-6


def original(wheel, model, variables, windows):
    """The same stages as `forward`, from the graph in the wheel."""
    meta = tf.compat.v1.MetaGraphDef()
    with zipfile.ZipFile(wheel) as archive:
        meta.ParseFromString(archive.read(f"musicnn/{MODELS[model]}/.meta"))
    for node in meta.graph_def.node:
        node.attr.pop("_output_shapes", None)  # written by TensorFlow 1.x, refused by today's
    logits = "model/dense_1/BiasAdd"
    with tf.Graph().as_default() as graph:
        tf.compat.v1.import_graph_def(
            tf.compat.v1.graph_util.extract_sub_graph(meta.graph_def, [logits]), name=""
        )
        fetches = {
            "front": "model/concat:0",
            "everything": "model/concat_1:0",
            "penultimate": graph.get_operation_by_name("model/dense_1/MatMul").inputs[0].name,
            "logits": f"{logits}:0",
        }
        feeds = {f"{theirs}/read:0": variables[ours] for ours, theirs in variable_names().items()}
        feeds |= {"model/Placeholder:0": windows, "model/Placeholder_2:0": False}
        with tf.compat.v1.Session() as session:
            stages = session.run(fetches, feeds)
    stages["middle"] = stages.pop("everything")[:, :, stages["front"].shape[2] :, 0]
    stages["tags"] = 1 / (1 + np.exp(-stages.pop("logits")))
    return stages


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("wheel", type=Path)
    wheel = arguments.parse_args().wheel

    noise = np.random.default_rng(1).standard_normal(7 * SAMPLE_RATE)
    sounds = (piece() / 32_768, 0.3 * noise, 0.001 * noise, np.zeros(3 * SAMPLE_RATE))
    windows = np.concatenate([windows_of(log_mel(sound)) for sound in sounds])
    worst = 0.0
    for model in MODELS:
        variables = read_variables(wheel, model)
        want = original(wheel, model, variables, windows)
        for stage, got in forward(variables, windows).items():
            error = np.abs(got - want[stage]).max() / np.abs(want[stage]).max()
            worst = max(worst, error)
            print(f"{model}.{stage}: {error:.2g}")
    if worst > LIMIT:
        raise SystemExit(f"{worst:.2g} is more than {LIMIT:.2g}")


if __name__ == "__main__":
    main()
