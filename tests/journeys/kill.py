"""A build that is killed again and again must end in the same library as one that is left alone.

    kill.py CLI FOLDER WORK [--kills 5] [--seed 1]

Builds FOLDER into WORK/whole in one go (kept if it is there already) and into WORK/killed with SIGKILL at
random moments, then compares: the same contents, metadata and reasons, and vectors within 1e-6. At last
it builds once more and expects that nothing is decoded. Needs nothing but Python.
"""

import argparse
import array
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path


def build(cli, library, folder):
    command = [cli, "--json", "--library", str(library), "build", "--folder", folder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def finish(process):
    out, _ = process.communicate()
    if process.returncode != 0:
        sys.exit(f"the build failed with {process.returncode}")
    return json.loads(out)


def contents(library):
    db = sqlite3.connect(f"file:{library / 'library.db'}?mode=ro", uri=True)
    tracks = {
        row[0]: row[1:]
        for row in db.execute(
            "SELECT hex(content_hash), title, artist, album, duration_s, pooled, windows, tags"
            " FROM track JOIN vector ON vector.track_id = track.id"
        )
    }
    files = dict(db.execute("SELECT path, hex(content_hash) FROM file LEFT JOIN track ON track.id = track_id"))
    failures = set(
        db.execute("SELECT path, reason_code FROM job JOIN file ON file.id = file_id WHERE state = 'failed'")
    )
    left = db.execute("SELECT count(*) FROM job WHERE state = 'pending'").fetchone()[0]
    return tracks, files, failures, left


def floats(blob):
    numbers = array.array("f")
    numbers.frombytes(blob)
    return numbers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("folder")
    parser.add_argument("work", type=Path)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    whole, killed = options.work / "whole", options.work / "killed"

    if not (whole / "library.db").exists():
        print("whole:", finish(build(options.cli, whole, options.folder)))
    for _ in range(options.kills):
        process = build(options.cli, killed, options.folder)
        wait = chance.uniform(0.5, 30.0)
        time.sleep(wait)
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        process.wait()
        stored = sqlite3.connect(killed / "library.db").execute("SELECT count(*) FROM vector").fetchone()[0]
        print(f"killed after {wait:.1f} s with {stored} tracks stored{' (it had ended)' if ended else ''}")
    print("killed, then finished:", finish(build(options.cli, killed, options.folder)))

    one, other = contents(whole), contents(killed)
    assert one[0].keys() == other[0].keys(), "the same contents"
    assert one[1] == other[1], "the same files, each with the same content"
    assert one[2] == other[2], "the same failures for the same reasons"
    assert one[3] == other[3] == 0, "nothing is left to do"
    furthest = 0.0
    for content, row in one[0].items():
        twin = other[0][content]
        assert row[:4] == twin[:4], f"the same metadata of {content}"
        for a, b in [(row[4], twin[4]), (row[6], twin[6])]:
            furthest = max([furthest, *(abs(x - y) for x, y in zip(floats(a), floats(b), strict=True))])
    assert furthest <= 1e-6, f"vectors differ by {furthest}"
    print(f"equal: {len(one[0])} tracks, {len(one[1])} files, {len(one[2])} failures; vectors differ by {furthest:g}")

    again = finish(build(options.cli, killed, options.folder))
    assert again["added"] == 0 and again["moved"] == 0, "nothing is decoded twice"
    print("once more:", again)


if __name__ == "__main__":
    main()
