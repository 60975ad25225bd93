#!/bin/sh
# Renders every size that a platform asks for from icon.svg and icon-small.svg. Needs rsvg-convert 2.52 or
# newer (librsvg2-bin) and python3.
set -eu
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

source_of() { if [ "$1" -le 32 ]; then echo icon-small.svg; else echo icon.svg; fi; }

for size in 16 24 32 48 64 128 256 512; do
    rsvg-convert --width "$size" --height "$size" "$(source_of "$size")" --output "${size}x$size.png"
done

# Apple's grid leaves 100 of 1024 pixels free on each side of the tile, icon.svg 24 of 512: it is drawn at 8/9.
for size in 16 32 64 128 256 512 1024; do
    if [ "$size" -le 32 ]; then side=$size; else side=$((size * 8 / 9)); fi
    rsvg-convert --width "$side" --height "$side" --page-width "$size" --page-height "$size" \
        --left "$(((size - side) / 2))" --top "$(((size - side) / 2))" \
        "$(source_of "$size")" --output "$work/$size.png"
done

# Both containers hold PNG images as they are: ICO since Windows Vista, ICNS since Mac OS X 10.7.
python3 - "$work" <<'PY'
import pathlib
import struct
import sys

apple = pathlib.Path(sys.argv[1])

# ICO: a header of 6 bytes, an entry of 16 bytes an image (a side of 256 is written as 0), the images.
sizes = [16, 24, 32, 48, 64, 128, 256]
offset = 6 + 16 * len(sizes)
entries, images = b"", b""
for size in sizes:
    data = pathlib.Path(f"{size}x{size}.png").read_bytes()
    entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(images))
    images += data
pathlib.Path("icon.ico").write_bytes(struct.pack("<HHH", 0, 1, len(sizes)) + entries + images)

# ICNS: "icns" and the whole length, then each image behind its type and length, big-endian. ic11 to ic14 and
# ic10 are the sizes 16, 32, 128, 256 and 512 for screens of twice the density.
types = [
    (b"icp4", 16), (b"ic11", 32), (b"icp5", 32), (b"ic12", 64), (b"ic07", 128), (b"ic13", 256),
    (b"ic08", 256), (b"ic14", 512), (b"ic09", 512), (b"ic10", 1024),
]
body = b""
for kind, size in types:
    data = (apple / f"{size}.png").read_bytes()
    body += kind + struct.pack(">I", 8 + len(data)) + data
pathlib.Path("icon.icns").write_bytes(b"icns" + struct.pack(">I", 8 + len(body)) + body)
PY
