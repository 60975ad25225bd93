"""A folder of music, from files to what ranks them: bliss-audio, and ours, in turn on the same files.

    cargo install bliss-audio --version 0.13.0 --no-default-features --features symphonia-all \\
        --example analyze --root PEER
    cargo build --release -p throughline-cli
    python tests/peers/build_bliss.py --bliss PEER/bin/analyze --ours target/release/throughline-cli FOLDER

bliss decodes a file and computes 23 features of the whole of it; ours hears up to 20 windows of 3 s with both
MusiCNN models, and writes a library. bliss gets a process a core, each with its share of the files; ours uses
the cores as it does for a listener who asked for a build. Files that either cannot use are told apart.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

SOUNDS = {".mp3", ".m4a", ".flac", ".ogg", ".wav"}


def timed(commands: list[list[str]], environment: dict[str, str]) -> tuple[float, float, list[str]]:
    """Seconds on the clock and of the processors that `commands` take side by side, and what each said."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
        for command in commands
    ]
    said = [process.communicate()[0] for process in running]
    took = time.monotonic() - begun
    if any(process.returncode for process in running):
        raise SystemExit(f"{commands[0][0]} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bliss", required=True, help="the example `analyze` of bliss-audio")
    parser.add_argument("--ours", required=True, help="throughline-cli")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    files = sorted(str(file) for file in arguments.folder.rglob("*") if file.suffix.lower() in SOUNDS)
    cores = os.cpu_count() or 1
    shares = [[arguments.bliss, *files[core::cores]] for core in range(cores)]
    times: dict[str, list[tuple[float, float]]] = {"bliss": [], "ours": []}
    for _ in range(arguments.runs):
        took, spent, said = timed(shares, dict(os.environ))
        analysed = sum(share.count(": Analysis (") for share in said)
        times["bliss"].append((took, spent))
        with tempfile.TemporaryDirectory() as home:
            environment = {**os.environ, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
            library = str(Path(home) / "library")
            build = [arguments.ours, "--library", library, "build", "--folder", str(arguments.folder)]
            took, spent, said = timed([build], environment)
        times["ours"].append((took, spent))
        print(f"{len(files)} files; bliss analysed {analysed}; ours: {said[0].strip().splitlines()[-1]}")
    print("| | by the clock | of the processors | files a second |")
    for name, runs in times.items():
        took, spent = (statistics.median(part) for part in zip(*runs, strict=True))
        print(f"| {name} | {took:.1f} s | {spent:.1f} s | {len(files) / took:.1f} |")


if __name__ == "__main__":
    main()
