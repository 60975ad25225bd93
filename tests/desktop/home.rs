//! A home that nobody else lives in, and the desktop that it stands on.

use std::{ffi::OsString, fs, io, path::Path};

use tempfile::TempDir;

/// What a desktop brings along.
#[derive(Clone, Copy)]
pub struct Desktop {
    /// Dark colours, which the page follows.
    pub dark: bool,
    /// A sound device. It is one that nobody hears, whatever the machine has.
    pub sound: bool,
}

/// Library, settings and logs of one journey. They are deleted when it is dropped.
pub struct Home {
    folder: TempDir,
    catalogue: String,
}

impl Home {
    /// An empty one, whose catalogue is at the address `catalogue`.
    pub fn new(catalogue: &str) -> io::Result<Self> {
        let home = Self {
            folder: tempfile::tempdir()?,
            catalogue: catalogue.to_owned(),
        };
        for (_, folder) in XDG {
            fs::create_dir(home.path().join(folder))?;
        }
        Ok(home)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes what the desktop's settings would say. It also keeps still, so that a click meets
    /// what it aims at.
    pub fn stands_on(&self, desktop: Desktop) -> io::Result<()> {
        let gtk = self.path().join("config/gtk-3.0");
        fs::create_dir_all(&gtk)?;
        let dark = u8::from(desktop.dark);
        let settings = format!(
            "[Settings]\ngtk-application-prefer-dark-theme={dark}\ngtk-enable-animations=0\n"
        );
        fs::write(gtk.join("settings.ini"), settings)?;
        let device = if desktop.sound {
            "pcm.!default { type null }\n"
        } else {
            ""
        };
        fs::write(self.path().join(ALSA), device)
    }

    /// The environment in which the app finds it, and a catalogue that is not the real one.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        let fixed = [
            ("HOME", ""),
            ("THROUGHLINE_LIBRARY", "library"),
            ("ALSA_CONFIG_PATH", ALSA),
        ];
        let all = fixed.into_iter().chain(XDG);
        let said = [
            ("THROUGHLINE_CATALOG_URL", self.catalogue.as_str()),
            ("THROUGHLINE_CATALOG_CALLS", "10000"),
        ];
        all.map(|(name, folder)| (name, self.path().join(folder).into_os_string()))
            .chain(said.map(|(name, value)| (name, value.into())))
            .collect()
    }
}

const ALSA: &str = "alsa.conf";

const XDG: [(&str, &str); 3] = [
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_CACHE_HOME", "cache"),
];
