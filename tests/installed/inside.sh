#!/bin/sh
# Runs as root in a system that holds nothing but apt: installs the package, looks at what it brought, and has a
# listener use it. `cargo xtask package --test` starts it there.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
cd /tmp

say() { printf '\n── %s\n' "$*"; }

say "The package, and nothing that it does not ask for itself"
apt-get install -qq -y --no-install-recommends ./*.deb >/tmp/installed/apt.log
for program in throughline throughline-cli; do
    if ldd "/usr/bin/$program" | grep 'not found'; then
        echo "$program lacks a library that the package does not depend on" >&2
        exit 1
    fi
done
throughline-cli --version
dpkg --verify throughline
dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} KiB\n' throughline
for notice in copyright third-party.txt; do test -s "/usr/share/doc/throughline/$notice"; done

say "What the test needs: a screen, a driver for the window, and what every desktop has"
apt-get install -qq -y --no-install-recommends appstream dbus desktop-file-utils fonts-dejavu-core \
    libglib2.0-bin python3 webkit2gtk-driver xauth xvfb >>/tmp/installed/apt.log
desktop-file-validate /usr/share/applications/Throughline.desktop
appstreamcli validate --no-net /usr/share/metainfo/io.throughline.desktop.metainfo.xml
for type in audio/flac audio/mpeg audio/ogg application/vnd.throughline+json; do
    gio mime "$type" | grep -q Throughline.desktop || { echo "$type does not open with Throughline" >&2; exit 1; }
done

say "A listener"
useradd --create-home listener
mkdir -p /tmp/installed/pictures
chown listener /tmp/installed/pictures
runuser -u listener -- env HOME=/home/listener xvfb-run -a -s '-screen 0 1440x960x24' \
    dbus-run-session -- python3 /tmp/drive.py /tmp/installed/pictures

say "The package goes, and what the listener has stays"
apt-get remove -qq -y throughline >>/tmp/installed/apt.log
test ! -e /usr/bin/throughline
test -s /home/listener/.local/share/throughline/library.db
