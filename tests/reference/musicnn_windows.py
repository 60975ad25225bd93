"""What fewer windows a track would cost: leave-one-out precision@10, R-precision and MAP.

    musicnn_windows.py LIBRARY FOLDER [--least SECONDS]

LIBRARY holds `library.db`, built with MusiCNN from FOLDER, whose subfolders are the labels. Tracks shorter
than SECONDS (20) are left out, and so are labels with one track. From the stored windows of each track some
are taken, evenly spread; mean and standard deviation of those make the vector, centred on the library's
mean and normalised part by part, as `docs/discovery.md` has it. Differences are paired by track, with
their standard error. Needs NumPy.
"""

import os
import sqlite3
import sys
from pathlib import Path

import numpy as np

CHECKPOINTS = 2


def read(database, root, least):
    """Window vectors [windows, dimension] and label of each track."""
    rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute(
        "SELECT min(path), length(pooled) / CASE pooled_as WHEN 'f16' THEN 2 ELSE 4 END, windows FROM vector"
        " JOIN track ON track.id = vector.track_id JOIN file ON file.track_id = track.id"
        " WHERE model = 'musicnn' AND duration_s >= ? GROUP BY track.id ORDER BY track.id",
        (least,),
    )
    tracks = []
    for path, dimension, windows in rows:
        path = Path(os.fsdecode(path))
        if path.is_relative_to(root):
            record = np.dtype([("start", "<u8"), ("scale", "<f4"), ("values", "i1", (dimension,))])
            windows = np.frombuffer(windows, record)
            vectors = windows["values"] * windows["scale"][:, None].astype(np.float64)
            tracks.append((vectors, path.relative_to(root).parts[0]))
    labels = [label for _, label in tracks]
    return [(vectors, label) for vectors, label in tracks if labels.count(label) > 1]


def spread(count, wanted):
    """`wanted` of `count` places, each in the middle of its share."""
    return range(count) if count <= wanted else [(2 * i + 1) * count // (2 * wanted) for i in range(wanted)]


def search_vectors(tracks, choose, variation):
    """Unit vectors [tracks, dimension] of the windows that `choose` takes of so many."""
    chosen = [vectors[list(choose(len(vectors)))] for vectors, _ in tracks]
    parts = [np.array([windows.mean(0) for windows in chosen])]
    if variation:
        parts.append(np.array([windows.std(0) for windows in chosen]))
    parts = [part for both in parts for part in np.split(both, CHECKPOINTS, axis=1)]
    parts = [part - part.mean(0) for part in parts]
    parts = [part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12) for part in parts]
    return np.concatenate(parts, 1) / np.sqrt(len(parts)), np.mean([len(windows) for windows in chosen])


def judge(vectors, labels):
    """Precision@10, R-precision and average precision of each track, [3, tracks]."""
    cosine = vectors @ vectors.T
    np.fill_diagonal(cosine, -2)
    hits = labels[np.argsort(-cosine, axis=1, kind="stable")[:, :-1]] == labels[:, None]
    relevant = hits.sum(1)
    found = hits.cumsum(1)
    ranks = np.arange(1, hits.shape[1] + 1)
    return np.array([
        found[:, 9] / 10,
        found[np.arange(len(hits)), relevant - 1] / relevant,
        (hits * found / ranks).sum(1) / relevant,
    ])


def main():
    library, root = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    least = float(sys.argv[sys.argv.index("--least") + 1]) if "--least" in sys.argv else 20.0
    tracks = read(library / "library.db", root, least)
    labels = np.unique([label for _, label in tracks], return_inverse=True)[1]
    print(f"{len(tracks)} tracks, {labels.max() + 1} labels")
    choices = {"all": lambda n: range(n), "every second": lambda n: range(0, n, 2)}
    for count in (10, 5, 3, 2, 1):
        choices[f"{count}"] = lambda n, count=count: spread(n, count)
    for variation in (True, False):
        print("mean and standard deviation" if variation else "mean alone")
        for name, choose in choices.items():
            vectors, mean = search_vectors(tracks, choose, variation)
            figures = judge(vectors, labels)
            if name == "all":
                full = figures
            error = (figures - full).std(1) / np.sqrt(len(tracks))
            cells = [f"{f:.3f} ({d:+.3f} ± {e:.3f})" for f, d, e in zip(figures.mean(1), (figures - full).mean(1), error)]
            print(f"{name:13} {mean:5.1f} windows  " + "  ".join(cells))


if __name__ == "__main__":
    main()
