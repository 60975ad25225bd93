"""Uses the installed app as a listener would, through WebKitWebDriver, and keeps pictures in the folder named.

From an empty library to a first list, then songs and a thread that a file manager opens with the app while it
runs: through its desktop entry and its MIME types.
"""

import base64
import json
import math
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time
import urllib.request
import wave

# Seconds that the demo collection may take to be rendered and built on a slow machine.
BUILDING = 420

PICTURES = pathlib.Path(sys.argv[1])
HOME = pathlib.Path.home()

# A thread of another library: none of its songs is here, and the window says so.
THREAD = {
    "format": "throughline",
    "version": 1,
    "name": "late at night",
    "recipe": {"model": "musicnn", "feature_version": "1"},
    "tracks": [{"id": 7, "content_hash": "0" * 64, "title": "Stay", "artist": "Nobody", "duration_s": 201.4}],
    "events": [{"id": 1, "what": {"did": ["seeded", 7]}, "at": 1735689600000}],
}


class Window:
    """A session with the app's window."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/session"
        options = {"binary": "/usr/bin/throughline", "args": []}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.url += "/" + self.ask("POST", "", {"capabilities": wanted})["sessionId"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def look(self, script):
        return self.ask("POST", "/execute/sync", {"script": f"return {script};", "args": []})

    def until(self, what, script, seconds=60):
        end = time.monotonic() + seconds
        while not self.look(script):
            if time.monotonic() > end:
                self.photograph("failed")
                sys.exit(f"not seen within {seconds} s: {what}")
            time.sleep(0.1)
        print(f"seen: {what}", flush=True)

    def click(self, test_id):
        self.until(f"{test_id} to click on", f"document.querySelector('[data-testid={test_id}]')")
        found = self.ask("POST", "/element", {"using": "css selector", "value": f"[data-testid={test_id}]"})
        (element,) = found.values()
        self.ask("POST", f"/element/{element}/click", {})

    def photograph(self, name):
        time.sleep(1)  # What moves in the window has come to rest.
        (PICTURES / f"{name}.png").write_bytes(base64.b64decode(self.ask("GET", "/screenshot")))


def count(test_id):
    return f"document.querySelectorAll('[data-testid={test_id}]').length"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def song(path):
    """Writes a chord of five seconds, which no library holds."""
    rate, tones = 16000, [220.0, 261.6, 329.6]
    samples = []
    for i in range(5 * rate):
        fading = math.exp(-((i / rate) % 1))
        samples.append(8000 * fading * sum(math.sin(2 * math.pi * tone * i / rate) for tone in tones))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(struct.pack(f"<{len(samples)}h", *map(int, samples)))
    return path


def first_paint_ms(window):
    """From the start of the process to the first content on the screen, to the 10 ms of the kernel's clock."""
    pid = subprocess.run(["pidof", "-s", "throughline"], capture_output=True, text=True).stdout.strip()
    ticks = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    up = float(pathlib.Path("/proc/uptime").read_text().split()[0])
    started = time.time() - (up - ticks / os.sysconf("SC_CLK_TCK"))
    paints = "performance.getEntriesByName('first-contentful-paint')"
    window.until("the first paint", f"{paints}.length")
    painted = window.look(f"performance.timeOrigin + {paints}[0].startTime")
    return painted - 1000 * started


def main():
    port = free_port()
    environment = {**os.environ, "TAURI_WEBVIEW_AUTOMATION": "true"}
    driver = subprocess.Popen(
        ["WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"], env=environment, start_new_session=True
    )
    try:
        time.sleep(1)
        use(Window(port))
    finally:
        os.killpg(driver.pid, 9)


def use(window):
    window.until("the window is ready", "document.documentElement.dataset.ready === 'true'")
    print(f"from the start of the process to the first paint: {first_paint_ms(window):.0f} ms", flush=True)
    window.until("an empty library says what to do", count("welcome-add-folder"))
    window.photograph("1-empty")

    window.click("try-demo")
    idle = "document.documentElement.dataset.build === 'idle'"
    window.until("songs of the demo collection", f"{count('search-result')} >= 10 && {idle}", BUILDING)
    window.click("search-result")
    window.until("a first list", f"{count('seed-chip')} === 1 && {count('row')} >= 10")
    window.photograph("2-first-list")

    chord = song(HOME / "Café é 1.wav")
    mine = next((HOME / ".local/share/throughline/demo").rglob("*.wav"))
    entry = "/usr/share/applications/Throughline.desktop"
    subprocess.run(["gio", "launch", entry, str(chord), mine.as_uri()], check=True)
    window.until("songs that were opened with the app are seeds", f"{count('seed-chip')} === 3")
    window.photograph("3-opened-with")

    thread = HOME / "late at night.throughline"
    thread.write_text(json.dumps(THREAD))
    subprocess.run(["gio", "open", str(thread)], check=True)
    window.until("a thread that was opened", "document.querySelector('[data-testid=toast][data-key=imported]')")
    window.photograph("4-thread")


main()
