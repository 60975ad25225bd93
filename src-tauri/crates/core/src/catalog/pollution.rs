//! Songs that would spoil a library: copies, gimmicks and noise, known by what stands around a title.
//!
//! A title alone convicts nobody: "Tribute", "Lullaby" and "White Noise" are songs. What counts is what
//! stands beside the title, in brackets or behind a dash, and who made it.

use serde::{Deserialize, Serialize};

use super::Song;
use crate::versions::{Title, has, words};

/// Why a song is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pollution {
    /// A karaoke version.
    Karaoke,
    /// A copy that names whom it copies: "in the style of", "made famous by".
    Imitation,
    /// A backing track without its singer.
    Backing,
    /// A tribute band's copy.
    Tribute,
    /// A lullaby rendition of something else.
    Lullaby,
    /// "8D" audio: panned around the head.
    EightD,
    /// Slowed down.
    Slowed,
    /// Sped up, "nightcore".
    SpedUp,
    /// A cut of a continuous mix, "(Mixed)".
    Mixed,
    /// White noise, rain, and the like.
    Noise,
}

impl Pollution {
    /// A stable name, as in `karaoke`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Karaoke => "karaoke",
            Self::Imitation => "imitation",
            Self::Backing => "backing",
            Self::Tribute => "tribute",
            Self::Lullaby => "lullaby",
            Self::EightD => "eight_d",
            Self::Slowed => "slowed",
            Self::SpedUp => "sped_up",
            Self::Mixed => "mixed",
            Self::Noise => "noise",
        }
    }
}

/// Why `song` is to be left out, if it is: the first rule that holds.
pub fn pollution(song: &Song) -> Option<Pollution> {
    let title = Title::of(&song.title);
    let artist = words(song.artist.as_deref().unwrap_or_default());
    let album = Title::of(song.album.as_deref().unwrap_or_default());
    // An album named after the song says nothing that the title does not.
    let album = match &song.album {
        Some(named) if album.base != title.base => words(named),
        _ => String::new(),
    };
    RULES
        .iter()
        .find(|rule| rule.holds(&title, &artist, &album))
        .map(|rule| rule.what)
        .or_else(|| is_noise(&title, &artist, &album).then_some(Pollution::Noise))
}

/// Phrases that convict a song, each by itself.
struct Rule {
    what: Pollution,
    /// An aside of the title is this and nothing else.
    aside: &'static [&'static str],
    /// An aside of the title has this.
    in_aside: &'static [&'static str],
    /// The artist's name has this.
    in_artist: &'static [&'static str],
    /// The album's title has this, and is not named after the song.
    in_album: &'static [&'static str],
}

impl Rule {
    fn holds(&self, title: &Title, artist: &str, album: &str) -> bool {
        let any = |text: &str, phrases: &[&str]| phrases.iter().any(|phrase| has(text, phrase));
        title
            .asides
            .iter()
            .any(|aside| self.aside.contains(&aside.as_str()) || any(aside, self.in_aside))
            || any(artist, self.in_artist)
            || any(album, self.in_album)
    }
}

/// Every rule but that of noise, the most telling first.
const RULES: [Rule; 9] = [
    Rule {
        what: Pollution::Karaoke,
        aside: &[],
        in_aside: &["karaoke"],
        in_artist: &["karaoke"],
        in_album: &["karaoke"],
    },
    Rule {
        what: Pollution::Imitation,
        aside: &[],
        in_aside: &[
            "in the style of",
            "made famous by",
            "originally performed by",
        ],
        in_artist: &[],
        in_album: &[
            "in the style of",
            "made famous by",
            "originally performed by",
        ],
    },
    Rule {
        what: Pollution::Backing,
        aside: &["minus one"],
        in_aside: &[
            "backing track",
            "instrumental backing",
            "without vocals",
            "no lead vocal",
        ],
        in_artist: &["backing track", "backing tracks"],
        in_album: &["backing track", "backing tracks"],
    },
    Rule {
        what: Pollution::Tribute,
        aside: &["tribute", "a tribute"],
        in_aside: &["tribute version", "piano tribute", "string quartet tribute"],
        in_artist: &["tribute"],
        in_album: &["piano tribute", "string quartet tribute", "tribute band"],
    },
    Rule {
        what: Pollution::Lullaby,
        aside: &[],
        in_aside: &["lullaby version", "lullaby rendition", "lullaby cover"],
        in_artist: &["lullaby", "lullabies", "rockabye baby"],
        in_album: &[
            "lullaby versions",
            "lullaby renditions",
            "lullaby rendition",
            "lullaby covers",
        ],
    },
    Rule {
        what: Pollution::EightD,
        aside: &["8d", "16d"],
        in_aside: &["8d audio", "8d version", "8d sound", "16d audio"],
        in_artist: &["8d audio", "8d tunes", "8d music"],
        in_album: &["8d audio"],
    },
    Rule {
        what: Pollution::Slowed,
        aside: &[
            "slowed",
            "slowed down",
            "super slowed",
            "ultra slowed",
            "slowed version",
        ],
        in_aside: &[
            "slowed reverb",
            "slowed and reverb",
            "slowed and reverbed",
            "slowed down version",
        ],
        in_artist: &["slowed and reverb"],
        in_album: &["slowed and reverb", "slowed reverb"],
    },
    Rule {
        what: Pollution::SpedUp,
        aside: &["speed up", "nightcore"],
        in_aside: &[
            "sped up",
            "nightcore version",
            "nightcore remix",
            "speed up version",
        ],
        in_artist: &["nightcore", "sped up"],
        in_album: &["nightcore", "sped up"],
    },
    Rule {
        what: Pollution::Mixed,
        aside: &["mixed"],
        in_aside: &["dj mix", "continuous mix", "mix cut"],
        in_artist: &[],
        in_album: &["dj mix", "continuous mix"],
    },
];

/// What a title or an album of noise says of itself: each convicts by itself.
const NOISE_FOR_SURE: [&str; 8] = [
    "white noise for",
    "brown noise for",
    "pink noise for",
    "noise for sleep",
    "rain sounds for",
    "sounds for sleep",
    "loopable",
    "no fade",
];

/// What noise is called. Songs and bands are called that too, so two of title, artist and album must
/// agree, and an artist must be called more than that.
const NOISE: [&str; 12] = [
    "white noise",
    "brown noise",
    "pink noise",
    "fan noise",
    "rain sounds",
    "rain sound",
    "ocean sounds",
    "nature sounds",
    "sleep sounds",
    "thunderstorm sounds",
    "sounds of rain",
    "sounds of nature",
];

fn is_noise(title: &Title, artist: &str, album: &str) -> bool {
    let asides = || title.asides.iter().map(String::as_str);
    let in_title = || asides().chain([title.base.as_str()]);
    let named = |text: &str| NOISE.iter().any(|noise| has(text, noise));
    let sure = |text: &str| NOISE_FOR_SURE.iter().any(|noise| has(text, noise));
    let by = named(artist) && !NOISE.contains(&artist);
    let agree = [in_title().any(named), by, named(album)];
    in_title().any(sure) || sure(album) || agree.into_iter().filter(|&agrees| agrees).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::SongId;

    fn judge(title: &str, artist: &str, album: &str) -> Option<&'static str> {
        let song = Song {
            id: SongId(1),
            title: title.into(),
            artist: Some(artist.into()),
            artist_id: None,
            album: Some(album.into()),
            album_id: None,
            genre: None,
            year: None,
            duration_s: None,
            preview: None,
            artwork: None,
            page: None,
        };
        pollution(&song).map(Pollution::code)
    }

    #[test]
    fn what_spoils_is_left_out() {
        for (title, artist, album, code) in [
            ("Hello (Karaoke Version)", "Sing It", "Hits", "karaoke"),
            ("Hello - Karaoke", "Sing It", "Hits", "karaoke"),
            ("Hello", "Karaoke All Stars", "Hits", "karaoke"),
            ("Hello", "Sing It", "Karaoke Classics, Vol. 3", "karaoke"),
            (
                "Hello (In the Style of Ann) [Vocal]",
                "Sing It",
                "Hits",
                "imitation",
            ),
            (
                "Hello (As Made Famous By Ann)",
                "Sing It",
                "Hits",
                "imitation",
            ),
            (
                "Hello [Originally Performed by Ann]",
                "Sing It",
                "Hits",
                "imitation",
            ),
            ("Hello (Backing Track)", "Sing It", "Hits", "backing"),
            (
                "Hello (Instrumental Backing in E)",
                "Sing It",
                "Hits",
                "backing",
            ),
            ("Hello (Minus One)", "Sing It", "Hits", "backing"),
            ("Hello", "The Ann Tribute Band", "Hits", "tribute"),
            ("Hello (Tribute Version)", "Sing It", "Hits", "tribute"),
            (
                "Hello",
                "Quartet",
                "String Quartet Tribute to Ann",
                "tribute",
            ),
            ("Hello", "Rockabye Baby!", "Hits", "lullaby"),
            ("Hello (Lullaby Version)", "Sing It", "Hits", "lullaby"),
            ("Hello", "Sing It", "Lullaby Renditions of Ann", "lullaby"),
            ("Hello (8D Audio)", "8D Tunes", "Hits", "eight_d"),
            ("Hello - 8D", "Sing It", "Hits", "eight_d"),
            ("Hello (Slowed + Reverb)", "Ann", "Hits", "slowed"),
            ("Hello (Slowed & Reverb)", "Ann", "Hits", "slowed"),
            ("Hello - Slowed", "Ann", "Hits", "slowed"),
            ("Hello (Sped Up)", "Ann", "Hits", "sped_up"),
            ("Hello (Sped-Up Version)", "Ann", "Hits", "sped_up"),
            ("Hello - Nightcore Remix", "Ann", "Hits", "sped_up"),
            ("Hello (Mixed)", "Ann", "Club", "mixed"),
            ("Hello [Mixed]", "Ann", "Club", "mixed"),
            ("Hello", "Ann", "Club Night (DJ Mix)", "mixed"),
            ("White Noise for Babies", "Ann", "Hits", "noise"),
            ("Soft Rain (Loopable)", "Ann", "Hits", "noise"),
            ("Rain Sounds", "Nature Sounds Orchestra", "Calm", "noise"),
            ("Deep Fan", "White Noise Therapy", "Brown Noise", "noise"),
        ] {
            assert_eq!(
                judge(title, artist, album),
                Some(code),
                "{title} · {artist} · {album}"
            );
        }
    }

    #[test]
    fn songs_that_are_only_called_so_stay() {
        for (title, artist, album) in [
            ("Tribute", "Tenacious D", "Tenacious D"),
            (
                "Tribute (Right On)",
                "The Pasadenas",
                "To Whom It May Concern",
            ),
            ("Right Off", "Miles Davis", "A Tribute to Jack Johnson"),
            ("Karaoke", "Drake", "Thank Me Later"),
            ("Karaoke", "Big Freedia", "Karaoke - Single"),
            ("Lullaby", "The Cure", "Disintegration"),
            (
                "Lullabye (Goodnight, My Angel)",
                "Billy Joel",
                "River of Dreams",
            ),
            ("White Noise", "Disclosure", "White Noise - Single"),
            ("Love Without Sound", "White Noise", "An Electric Storm"),
            ("Mixed Emotions", "The Rolling Stones", "Steel Wheels"),
            ("Stay (Club Mix)", "Ann", "Stay"),
            ("Slow Down", "Ann", "Slowed"),
            ("Time (Has Slowed Me)", "Ann", "Clocks"),
            ("Hello (Instrumental)", "Ann", "Hits"),
            ("The Sound of Rain", "Solange", "When I Get Home"),
            ("Nightcore", "Ann", "Songs"),
            ("8", "Billie", "Songs"),
            ("In the Style of Now", "Ann", "Songs"),
            ("", "", ""),
        ] {
            assert_eq!(
                judge(title, artist, album),
                None,
                "{title} · {artist} · {album}"
            );
        }
    }
}
