"""What a model heard in the tracks of a library, as files that need no database.

    version_windows.py LIBRARY OUT [--only FILE]

LIBRARY holds `library.db`, built with MusiCNN from a folder that `version_pairs.py` made. Written to OUT:

tracks.tsv    a line a track: song (the folder), kind (the file), half (0: thresholds are chosen on it, 1: they
              are judged on it; by the CRC-32 of the song's name), seconds, number of windows
windows.bin   every window in that order, little-endian: its first second (f32), the scale (f32) and the
              components (i8) of its unit search vector; the vectors' length is 400
near.tsv      pairs of lines, from zero, that are among each other's 20 nearest by their pooled search vectors

The space is computed from the tracks whose kind is `original`. `--only` takes a list of `song TAB kind`, one
a line. Needs NumPy.
"""

import os
import sqlite3
import struct
import sys
import zlib
from pathlib import Path

import numpy as np

RATE, DIMENSION, PARTS, NEAREST = 16_000, 400, (200, 200), 20


def read(database):
    """(song, kind) → seconds, pooled vector, starts in seconds, window vectors."""
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute(
        "SELECT path, duration_s, pooled_as, pooled, windows FROM vector"
        " JOIN track ON track.id = vector.track_id JOIN file ON file.track_id = track.id"
    )
    tracks = {}
    for path, seconds, kept_as, pooled, windows in rows:
        path = Path(os.fsdecode(path))
        pooled = np.frombuffer(pooled, "<f2" if kept_as == "f16" else "<f4").astype(np.float64)
        record = np.dtype([("start", "<u8"), ("scale", "<f4"), ("components", "i1", (len(pooled),))])
        windows = np.frombuffer(windows, record)
        vectors = windows["components"] * windows["scale"][:, None].astype(np.float64)
        tracks[path.parent.name, path.stem] = seconds, pooled, windows["start"] / RATE, vectors
    return tracks


def project(raw, mean):
    """Search vectors: each part centred and normalised, the whole normalised."""
    parts = np.split(raw - mean, np.cumsum(PARTS)[:-1], axis=-1)
    unit = [part / np.maximum(np.linalg.norm(part, axis=-1, keepdims=True), 1e-12) for part in parts]
    return np.concatenate(unit, axis=-1) / np.sqrt(len(PARTS))


def main():
    library, out = Path(sys.argv[1]), Path(sys.argv[2])
    tracks = read(library / "library.db")
    mean = np.mean([pooled for (_, kind), (_, pooled, _, _) in tracks.items() if kind == "original"], axis=0)
    names = sorted(tracks)
    if "--only" in sys.argv:
        only = Path(sys.argv[sys.argv.index("--only") + 1]).read_text().splitlines()
        names = [name for name in names if "\t".join(name) in only]
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "tracks.tsv", "w") as lines, open(out / "windows.bin", "wb") as windows:
        for song, kind in names:
            seconds, _, starts, vectors = tracks[song, kind]
            lines.write(f"{song}\t{kind}\t{zlib.crc32(song.encode()) % 2}\t{seconds:.3f}\t{len(starts)}\n")
            for start, vector in zip(starts, project(vectors, mean)):
                scale = np.float32(np.abs(vector).max() / 127)
                components = np.rint(vector / scale).astype(np.int8)
                windows.write(struct.pack("<ff", start, scale) + components.tobytes())
    pooled = project(np.array([tracks[name][1] for name in names]), mean)
    cosine = pooled @ pooled.T
    np.fill_diagonal(cosine, -2)
    nearest = np.argsort(-cosine, axis=1, kind="stable")[:, :NEAREST]
    pairs = sorted({(min(a, b), max(a, b)) for a, row in enumerate(nearest.tolist()) for b in row if a != b})
    (out / "near.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in pairs))


if __name__ == "__main__":
    main()
