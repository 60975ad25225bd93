"""How well neighbours agree with labels: leave-one-out precision@10, R-precision and MAP.

    evaluate_discovery.py CLI LIBRARY FOLDER [--least SECONDS]

Asks `CLI similar` for the neighbours of every track of LIBRARY, which was built from FOLDER, whose
subfolders are the labels (a game's package, an album). Tracks shorter than SECONDS (20) are left out,
and so are labels with one track. Needs nothing but Python.
"""

import json
import random
import subprocess
import sys
from pathlib import Path


def ask(cli, library, *words):
    answer = subprocess.run([cli, "--json", "--library", library, *words], check=True, capture_output=True)
    return json.loads(answer.stdout)


def judge(rankings, label):
    """Means over all queries of precision@10, R-precision and average precision."""
    sums = [0.0, 0.0, 0.0]
    for query, ranking in rankings.items():
        hits = [label[other] == label[query] for other in ranking]
        relevant = sum(label[other] == label[query] for other in label) - 1
        at, found, average = 0, 0, 0.0
        for at, hit in enumerate(hits, 1):
            found += hit
            average += hit * found / at
        sums[0] += sum(hits[:10]) / 10
        sums[1] += sum(hits[:relevant]) / relevant
        sums[2] += average / relevant
    return [s / len(rankings) for s in sums]


def main():
    cli, library, folder = sys.argv[1:4]
    least = float(sys.argv[sys.argv.index("--least") + 1]) if "--least" in sys.argv else 20.0
    root = Path(folder).resolve()
    label = {}
    for track in ask(cli, library, "tracks")["tracks"]:
        path = Path(track["path"])
        if track["duration_s"] >= least and track["status"] == "ready" and path.is_relative_to(root):
            label[track["id"]] = path.relative_to(root).parts[0]
    counts = {name: list(label.values()).count(name) for name in set(label.values())}
    label = {track: name for track, name in label.items() if counts[name] > 1}
    rankings = {}
    for query in label:
        rows = ask(cli, library, "similar", "--seed", str(query), "--limit", "100000")["results"]
        rankings[query] = [row["id"] for row in rows if row["id"] in label]
    shuffled = {}
    for query in label:
        others = [other for other in label if other != query]
        random.Random(query).shuffle(others)
        shuffled[query] = others
    print(f"{len(label)} tracks, {len(set(label.values()))} labels")
    for name, result in [("random", judge(shuffled, label)), ("similar", judge(rankings, label))]:
        print(f"{name:8} precision@10 {result[0]:.3f}  R-precision {result[1]:.3f}  MAP {result[2]:.3f}")


if __name__ == "__main__":
    main()
