"""MusiCNN's log-mel and windows, written out plainly in numpy, in double."""

import numpy as np

SAMPLE_RATE = 16_000
N_FFT = 512
HOP = 256
N_MELS = 96
FRAMES = 187


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
