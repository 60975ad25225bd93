"""MusiCNN's inference, written out plainly: numpy in double for the log-mel, TensorFlow for the
network, in float32 as the package has it or in double. What the tests of the Rust port are held
against.
"""

import numpy as np
import tensorflow as tf

SAMPLE_RATE = 16_000
N_FFT = 512
HOP = 256
N_MELS = 96
FRAMES = 187
EPSILON = 1e-3


def slaney_hz_to_mel(hz):
    """Slaney's mel scale: linear up to 1 kHz (15 mel), then 27 steps to each factor of 6.4."""
    hz = np.asarray(hz, dtype=np.float64)
    return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1e-9) / 1000) / np.log(6.4))


def slaney_mel_to_hz(mel):
    """The inverse of `slaney_hz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((mel - 15) / 27))


def mel_filters():
    """Triangles of unit area (in Hz) with corners equally spaced in mel, [N_MELS, N_FFT / 2 + 1]."""
    corners = slaney_mel_to_hz(np.linspace(0, slaney_hz_to_mel(SAMPLE_RATE / 2), N_MELS + 2))
    bins = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT
    low, centre, high = (corners[i : N_MELS + i, None] for i in range(3))
    rise, fall = (bins - low) / (centre - low), (high - bins) / (high - centre)
    return np.maximum(0, np.minimum(rise, fall)) * 2 / (high - low)


def log_mel(samples):
    """log10(10000 * mel power + 1), [frames, N_MELS] float32, of mono samples at SAMPLE_RATE.

    Frame t is centred on sample t * HOP; the ends are reflected. Computed in double, rounded once.
    """
    padded = np.pad(np.asarray(samples, dtype=np.float64), N_FFT // 2, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    return np.log10(10_000 * (power @ mel_filters().T) + 1).astype(np.float32)


def windows_of(mel):
    """Consecutive windows without overlap, [windows, FRAMES, N_MELS]; the tail is dropped."""
    count = len(mel) // FRAMES
    return mel[: count * FRAMES].reshape(count, FRAMES, N_MELS)


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
