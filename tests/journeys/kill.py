"""A library whose programs are killed again and again must lose nothing.

    kill.py CLI FOLDER WORK [--kills 100] [--longest 4] [--seed 1]

Builds FOLDER into WORK/whole in one go (kept if it is there already). Then, as often as it is told, builds it
into WORK/killed and rates tracks there one after the other, ends all of it with SIGKILL at a random moment,
and looks: the database is sound, and every rating that was answered is there. At last it lets a build finish
and compares: the same contents, metadata, reasons and vectors; and once more, which must
decode nothing. Needs nothing but Python.
"""

import argparse
import collections
import json
import random
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path


class Library:
    """A library and the program that looks after it."""

    def __init__(self, cli, folder):
        self.cli, self.folder = cli, folder

    def start(self, *words):
        command = [self.cli, "--json", "--library", str(self.folder), *words]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def build(self, music):
        return self.start("build", "--folder", music)

    def ask(self, sql):
        db = sqlite3.connect(self.folder / "library.db")
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def tracks(self):
        return [row[0] for row in self.ask("SELECT id FROM track ORDER BY id")]

    def thumbs(self):
        return collections.Counter(self.ask("SELECT track_id, act FROM event WHERE act IN ('up', 'down')"))

    def contents(self):
        tracks = {
            row[0]: row[1:]
            for row in self.ask(
                "SELECT hex(content_hash), title, artist, album, duration_s, pooled, windows, tags"
                " FROM track JOIN vector ON vector.track_id = track.id"
            )
        }
        files = dict(self.ask("SELECT path, hex(content_hash) FROM file LEFT JOIN track ON track.id = track_id"))
        failures = set(self.ask("SELECT path, reason_code FROM job JOIN file ON file.id = file_id WHERE state = 'failed'"))
        return tracks, files, failures, self.ask("SELECT count(*) FROM job WHERE state = 'pending'")[0][0]


def finish(process):
    out, _ = process.communicate()
    if process.returncode != 0:
        sys.exit(f"the build failed with {process.returncode}")
    return json.loads(out)


class Rater(threading.Thread):
    """Rates tracks one after the other until it is stopped; knows what was answered."""

    def __init__(self, library, chance):
        super().__init__()
        self.library, self.chance = library, chance
        self.answered = collections.Counter()
        self.asked = 0
        self.process = None
        self.stopped = False

    def run(self):
        while not self.stopped:
            try:
                track = self.chance.choice(self.library.tracks())
            except (sqlite3.Error, IndexError):
                time.sleep(0.05)
                continue
            verdict = self.chance.choice(["up", "down"])
            self.asked += 1
            self.process = self.library.start("rate", str(track), verdict, "--throughline", "killed")
            out, _ = self.process.communicate()
            if self.process.returncode == 0 and out.endswith(b"\n"):
                self.answered[(track, verdict)] += 1

    def kill(self):
        self.stopped = True
        if self.process:
            self.process.kill()
        self.join()


def killed_once(library, music, chance, longest):
    """One build and its ratings, killed: whether the build had ended, and the rater."""
    build, rater = library.build(music), Rater(library, chance)
    rater.start()
    time.sleep(chance.uniform(0.02, longest))
    ended = build.poll() is not None
    build.kill()
    rater.kill()
    build.wait()
    return ended, rater


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("folder")
    parser.add_argument("work", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--longest", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    whole, killed = Library(options.cli, options.work / "whole"), Library(options.cli, options.work / "killed")
    if not (whole.folder / "library.db").exists():
        print("whole:", finish(whole.build(options.folder)))

    answered, asked, early, working, idle = collections.Counter(), 0, 0, 0, 0
    for kill in range(options.kills):
        ended, rater = killed_once(killed, options.folder, chance, options.longest)
        answered += rater.answered
        asked += rater.asked
        try:
            check = killed.ask("PRAGMA integrity_check")
        except sqlite3.OperationalError as error:
            sys.exit(f"kill {kill}: {error}")
        if not killed.ask("SELECT 1 FROM sqlite_schema LIMIT 1"):
            early += 1  # before there was a library
            continue
        assert check == [("ok",)], f"kill {kill}: {check}"
        lost = answered - killed.thumbs()
        assert not lost, f"kill {kill}: answered and not there: {lost}"
        idle += ended
        working += not ended
    stored = killed.ask("SELECT count(*) FROM vector")[0][0]
    there = sum(killed.thumbs().values())
    print(f"{options.kills} kills: {early} before there was a library, {working} in a build, {idle} after one had ended")
    print(f"ratings: {asked} begun, {sum(answered.values())} answered, {there} there; {stored} tracks stored")
    print("killed, then finished:", finish(killed.build(options.folder)))

    one, other = whole.contents(), killed.contents()
    assert one[0].keys() == other[0].keys(), "the same contents"
    assert one[1] == other[1], "the same files, each with the same content"
    assert one[2] == other[2], "the same failures for the same reasons"
    assert one[3] == other[3] == 0, "nothing is left to do"
    different = 0
    for content, row in one[0].items():
        twin = other[0][content]
        assert row[:4] == twin[:4], f"the same metadata of {content}"
        different += row[4:] != twin[4:]
    print(f"equal: {len(one[0])} tracks, {len(one[1])} files, {len(one[2])} failures; {different} vectors differ")
    assert different == 0, "the same vectors, bit for bit"

    again = finish(killed.build(options.folder))
    assert again["added"] == 0 and again["moved"] == 0, "nothing is decoded twice"
    print("once more:", again)


if __name__ == "__main__":
    main()
