"""MusiCNN's inference, written out plainly: numpy in double for the log-mel, TensorFlow for the
network, in float32 as the package has it or in double. What the tests of the Rust port are held
against.
"""

import tensorflow as tf

from musicnn_mel import FRAMES, HOP, N_FFT, N_MELS, SAMPLE_RATE, log_mel, windows_of  # noqa: F401

EPSILON = 1e-3


def forward(variables, windows, dtype=np.float32):
    """Every stage for windows [n, FRAMES, N_MELS], from variables as stored in the checkpoint.

    All sums are kept in `dtype`: float32 is what the package computes, float64 what it means.
    Gives front [n, FRAMES, 561], middle [n, FRAMES, 192], penultimate [n, 200] and tags [n, 50].
    """

    variables = {name: value.astype(dtype) for name, value in variables.items()}

    def norm(x, name):
        scale, shift, mean, variance = (
            tf.constant(variables[f"{name}.norm.{part}"]) for part in ("scale", "shift", "mean", "variance")
        )
        return (x - mean) * (scale / tf.sqrt(variance + EPSILON)) + shift

    def conv(x, name):
        # Padded to the same length in time, not at all in frequency: TensorFlow's 'same' puts the
        # odd frame behind.
        kernel = tf.constant(variables[f"{name}.kernel"])
        extra = kernel.shape[0] - 1
        x = tf.pad(x, [[0, 0], [extra // 2, extra - extra // 2], [0, 0], [0, 0]])
        x = tf.nn.conv2d(x, kernel, strides=1, padding="VALID") + variables[f"{name}.bias"]
        return norm(tf.nn.relu(x), name)

    def dense(x, name):
        return tf.matmul(x, variables[f"{name}.kernel"]) + variables[f"{name}.bias"]

    x = norm(tf.constant(windows, dtype)[..., None], "input")
    branches = ("timbral_38", "timbral_67", "temporal_128", "temporal_64", "temporal_32")
    front = tf.concat([tf.reduce_max(conv(x, f"front.{branch}"), axis=2) for branch in branches], axis=2)

    def across(x, name):
        return conv(x[..., None], name)[:, :, 0, :]

    first = across(front, "middle.1")
    second = across(first, "middle.2") + first
    third = across(second, "middle.3") + second
    middle = tf.concat([first, second, third], axis=2)

    everything = tf.concat([front, middle], axis=2)
    pooled = tf.stack([tf.reduce_max(everything, axis=1), tf.reduce_mean(everything, axis=1)], axis=2)
    pooled = norm(tf.reshape(pooled, [len(windows), -1]), "back.pooled")
    penultimate = norm(tf.nn.relu(dense(pooled, "back.hidden")), "back.hidden")
    tags = tf.sigmoid(dense(penultimate, "back.tags"))
    return {
        "front": front.numpy(),
        "middle": middle.numpy(),
        "penultimate": penultimate.numpy(),
        "tags": tags.numpy(),
    }
