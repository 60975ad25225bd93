"""Decoding and resampling to 16 kHz mono: ffmpeg on one thread, and ours, in turn on the same files.

    cargo build -p throughline-audio --example inspect
    python tests/peers/decode_ffmpeg.py --ours target/debug/examples/inspect SOUND FOLDER

SOUND is any long piece of music; FOLDER takes it in six formats, made by ffmpeg on the first call. Both
programs run as processes of their own, so their processor times can be compared: what a busy machine does
to the clock it does not do to them. The files are long, so starting the programs does not count.
"""

import argparse
import resource
import statistics
import subprocess
import time
from pathlib import Path

FORMATS = {
    "mp3": ["-c:a", "libmp3lame", "-b:a", "192k"],
    "m4a": ["-c:a", "aac", "-b:a", "192k"],
    "flac": ["-c:a", "flac"],
    "ogg": ["-c:a", "libvorbis", "-q:a", "6"],
    # libopus takes no 44.1 kHz; of two rates ffmpeg heeds the later.
    "opus": ["-ar", "48000", "-c:a", "libopus", "-b:a", "128k"],
    "wav": ["-c:a", "pcm_s16le"],
}


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds on the clock and of the processors that `command` takes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - begun, spent


def encode(sound: Path, options: list[str], file: Path) -> None:
    """Makes `file` out of `sound`, whole or not at all."""
    part = file.with_name(f"part.{file.name}")
    common = ["-v", "error", "-y", "-i", str(sound), "-ac", "2", "-ar", "44100"]
    subprocess.run(["ffmpeg", *common, *options, str(part)], check=True)
    part.rename(file)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ours", required=True, help="the example `inspect`")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("sound", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(exist_ok=True)
    print("| format | ffmpeg -threads 1 | ours | ratio | ratio by the clock |")
    for name, options in FORMATS.items():
        file = arguments.folder / f"long.{name}"
        if not file.exists():
            encode(arguments.sound, options, file)
        to_mono = ["-ac", "1", "-ar", "16000", "-f", "f32le", "-y", "/dev/null"]
        theirs = ["ffmpeg", "-v", "error", "-threads", "1", "-i", str(file), *to_mono]
        ours = [arguments.ours, "--decode", str(file)]
        runs = [(timed(theirs), timed(ours)) for _ in range(arguments.runs)]
        clock, spent = (
            [statistics.median(run[who][what] for run in runs) for who in range(2)]
            for what in range(2)
        )
        print(
            f"| {name} | {spent[0]:.2f} s | {spent[1]:.2f} s | {spent[0] / spent[1]:.2f} "
            f"| {clock[0] / clock[1]:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
