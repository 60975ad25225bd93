#!/bin/sh
# Renders every size that the bundler wants from icon.svg. Needs rsvg-convert (librsvg2-bin) and python3.
set -eu
cd "$(dirname "$0")"

png() { rsvg-convert --width "$1" --height "$1" icon.svg --output "$2"; }

png 32 32x32.png
png 128 128x128.png
png 256 128x128@2x.png
png 512 icon.png

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do png "$size" "$work/$size.png"; done

# Both containers hold PNG images as they are: ICO since Windows Vista, ICNS since Mac OS X 10.7.
python3 - "$work" <<'PY'
import pathlib
import struct
import sys

work = pathlib.Path(sys.argv[1])


def png(size):
    return (work / f"{size}.png").read_bytes()


# ICO: a header of 6 bytes, an entry of 16 bytes an image (a side of 256 is written as 0), the images.
sizes = [16, 24, 32, 48, 64, 128, 256]
offset = 6 + 16 * len(sizes)
entries, images = b"", b""
for size in sizes:
    data = png(size)
    entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), offset + len(images))
    images += data
pathlib.Path("icon.ico").write_bytes(struct.pack("<HHH", 0, 1, len(sizes)) + entries + images)

# ICNS: "icns" and the whole length, then each image behind its type and length, big-endian.
types = [(b"icp4", 16), (b"icp5", 32), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512), (b"ic10", 1024)]
body = b"".join(kind + struct.pack(">I", 8 + len(png(size))) + png(size) for kind, size in types)
pathlib.Path("icon.icns").write_bytes(b"icns" + struct.pack(">I", 8 + len(body)) + body)
PY
