"""Copies of real music, changed as releases and rips change it: pairs whose answer is known.

    version_pairs.py MUSIC OUT [--songs N] [--each N] [--least SECONDS] [--skip WORD]…

MUSIC holds a folder an album. Of each album up to its share of N (60) songs of at least SECONDS (20) get
copies, N (9) each out of `KINDS`, in turns; every second song is cut to 45–60 s first, since windows lie
otherwise in short tracks. All other songs are copied as they are. Written to OUT: a folder a song,
named `album~song`, with a file a copy, named after its kind. Two files of one folder are one recording,
two files of different folders are different songs. Equal files, and paths with a WORD, are left out.

Needs ffmpeg with libmp3lame, libopus and libvorbis. Deterministic but for ffmpeg's encoders.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUFFIXES = {".ogg", ".mp3", ".flac", ".wav", ".opus", ".m4a"}

FLAC, MP3, OPUS, OGG = ["-c:a", "flac"], ["-c:a", "libmp3lame"], ["-c:a", "libopus"], ["-c:a", "libvorbis"]
AAC = ["-c:a", "aac", "-b:a", "128k"]

# Kind: suffix, encoder, seconds cut from the start, seconds cut from the end, filter.
KINDS = {
    "mp3-96": ("mp3", MP3 + ["-b:a", "96k"], 0, 0, None),
    "mp3-192": ("mp3", MP3 + ["-b:a", "192k"], 0, 0, None),
    "aac-128": ("m4a", AAC, 0, 0, None),
    "opus-64": ("opus", OPUS + ["-b:a", "64k"], 0, 0, None),
    "ogg-q3": ("ogg", OGG + ["-q:a", "3"], 0, 0, None),
    "gain-minus6": ("flac", FLAC, 0, 0, "volume=-6dB"),
    "gain-plus3": ("flac", FLAC, 0, 0, "volume=3dB"),
    "shift-0.5": ("flac", FLAC, 0.5, 0, None),
    "shift-1.2": ("flac", FLAC, 1.2, 0, None),
    "shift-2": ("flac", FLAC, 2, 0, None),
    "shift-3": ("flac", FLAC, 3, 0, None),
    "silence-1.2": ("flac", FLAC, 0, 0, "adelay=1200:all=1"),
    "trim-end-2": ("flac", FLAC, 0, 2, None),
    "trim-end-5": ("flac", FLAC, 0, 5, None),
    "rate-22050": ("flac", FLAC + ["-ar", "22050"], 0, 0, None),
    "mono": ("flac", FLAC + ["-ac", "1"], 0, 0, None),
    "mp3-96+gain+shift-1.2": ("mp3", MP3 + ["-b:a", "96k"], 1.2, 0, "volume=-6dB"),
    "opus-64+shift-2+trim-4": ("opus", OPUS + ["-b:a", "64k"], 2, 4, None),
    "mono-22050-mp3+shift-0.5": ("mp3", MP3 + ["-b:a", "64k", "-ac", "1", "-ar", "22050"], 0.5, 0, None),
}


def seconds(path):
    asked = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    answer = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    return float(answer) if answer.replace(".", "", 1).isdigit() else 0.0


def ffmpeg(source, target, start, length, words):
    run = ["ffmpeg", "-v", "error", "-y", "-ss", str(start), "-t", str(length), "-i", source, "-map", "0:a:0", "-map_metadata", "-1"]
    subprocess.run([*run, *words, target], check=True, stdin=subprocess.DEVNULL)


def found(music, least, skip):
    """Path and length of every distinct song, by album."""
    albums, seen = {}, set()
    for path in sorted(music.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file() or any(word in str(path) for word in skip):
            continue
        digest = hashlib.sha256(path.read_bytes()).digest()
        length = seconds(path)
        if digest not in seen and length >= least:
            seen.add(digest)
            albums.setdefault(path.relative_to(music).parts[0], []).append((path, length))
    return albums


def make(turn, path, length, folder, each):
    """The song itself and `each` copies of it; every second song is cut first."""
    folder.mkdir(parents=True)
    start = 0.0
    if turn % 2 and length > 60:
        start, length = min(10.0, length - 60), 45.0 + turn * 7 % 16
    ffmpeg(path, folder / "original.flac", start, length, FLAC)
    names = list(KINDS)
    for k in range(each):
        # 7 and 19 share no factor: the kinds come equally often.
        name = names[(turn * each + k) * 7 % len(names)]
        suffix, encoder, head, tail, change = KINDS[name]
        words = (["-af", change] if change else []) + encoder
        ffmpeg(folder / "original.flac", folder / f"{name}.{suffix}", head, length - head - tail, words)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("music", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--songs", type=int, default=60)
    asked.add_argument("--each", type=int, default=9)
    asked.add_argument("--least", type=float, default=20.0)
    asked.add_argument("--skip", action="append", default=[])
    asked = asked.parse_args()
    albums = found(asked.music, asked.least, asked.skip)
    share = -(-asked.songs // len(albums))
    turn = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = []
        for album, songs in albums.items():
            step = max(1.0, len(songs) / share)
            chosen = {int(k * step) for k in range(min(share, len(songs)))}
            for at, (path, length) in enumerate(songs):
                folder = asked.out / f"{album}~{path.parent.name}-{path.stem}".replace(" ", "_")
                if at in chosen and turn < asked.songs:
                    done.append(pool.submit(make, turn, path, length, folder, asked.each))
                    turn += 1
                else:
                    folder.mkdir(parents=True)
                    shutil.copy(path, folder / f"original{path.suffix.lower()}")
        for each in done:
            each.result()
    print(f"{turn} songs with {asked.each} copies each, {sum(map(len, albums.values())) - turn} more")


if __name__ == "__main__":
    main()
