"""A small window to drag files out of: drag_source.py TITLE FILE...

It stays above the others at the top left of the screen, and ends when its drag has ended.
"""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

title, *files = sys.argv[1:]
uris = [Gio.File.new_for_path(path).get_uri() for path in files]

window = Gtk.Window(title=title, decorated=False, default_width=120, default_height=60)
window.set_keep_above(True)
window.move(0, 0)
window.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
window.drag_source_add_uri_targets()
window.connect("drag-data-get", lambda _w, _c, data, _i, _t: data.set_uris(uris))
window.connect("drag-end", lambda *_: Gtk.main_quit())
window.connect("destroy", Gtk.main_quit)
window.show_all()
Gtk.main()
