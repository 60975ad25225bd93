//! What title and artist say: which song a track is, and which version of it.

use super::title::{Title, first_artist, has};

/// A title and an artist's name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The song: its title without what names a version, and its first artist. For a karaoke track that
    /// names whom it imitates, that artist. `None` without an artist.
    pub song: Option<(String, String)>,
    /// What it calls its recording, as in "live at the dome"; empty for the plain one.
    pub called: String,
    /// The version that it calls itself.
    pub version: Version,
}

/// The version that a title tells of. The order is the order in which they stand for a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// Nothing is said: the studio recording as a rule.
    Plain,
    /// The same recording, mastered anew.
    Remaster,
    /// The same recording on another release: deluxe, mono, single, bonus, with guests named.
    Edition,
    /// The same recording, cut: a radio edit.
    Edit,
    /// Another recording whose kind has no name here: a session, "Ann's version".
    Other,
    /// Played without amplification.
    Acoustic,
    /// Recorded before an audience.
    Live,
    /// A draft.
    Demo,
    /// Without the voice.
    Instrumental,
    /// Mixed anew by somebody.
    Remix,
    /// Made to be sung to, by others than the artist as a rule.
    Karaoke,
}

impl Name {
    /// Takes apart what a track's tags say.
    pub fn of(title: &str, artist: Option<&str>) -> Self {
        let Title { mut base, asides } = Title::of(title);
        let mut called = Vec::new();
        let mut version = Version::Plain;
        let mut original = None;
        for aside in asides {
            match says(&aside) {
                Says::Song => {
                    base.push(' ');
                    base.push_str(&aside);
                }
                Says::Version(says) => {
                    version = version.max(says);
                    if !says.is_same_recording() {
                        original = original.or_else(|| imitated(&aside));
                        called.push(aside);
                    }
                }
            }
        }
        // "Stay feat. Bob" without brackets.
        for guest in [" feat ", " ft ", " featuring "] {
            if let Some(at) = base.find(guest).filter(|&at| at > 0) {
                base.truncate(at);
            }
        }
        if base.is_empty() {
            base = title.to_lowercase();
        }
        let artist = original
            .or_else(|| artist.map(first_artist))
            .filter(|artist| !artist.is_empty());
        Self {
            song: artist.map(|artist| (base, artist)),
            called: called.join(" "),
            version,
        }
    }

    /// The song, if its name tells it from the artist's others: "Intro" and "Track 7" do not, nor does
    /// an artist called "Various Artists".
    pub fn telling(&self) -> Option<&(String, String)> {
        self.song.as_ref().filter(|(title, artist)| {
            let mut words = title.split(' ');
            let generic = |word: &str| {
                SHARED_TITLES.contains(&word) || word.chars().all(|c| c.is_ascii_digit())
            };
            !words.all(generic) && is_artist(artist)
        })
    }
}

/// Whether an artist's name names somebody: "", "Unknown Artist" and "Various Artists" stand where nobody
/// is known.
pub fn is_artist(name: &str) -> bool {
    let first = first_artist(name);
    !first.trim().is_empty() && !NO_ARTISTS.contains(&first.as_str())
}

impl Version {
    /// Whether it is the recording that the plain title names, at most cut or mastered anew.
    pub fn is_same_recording(self) -> bool {
        self <= Self::Edit
    }
}

/// Words of which the titles of many different songs consist.
const SHARED_TITLES: [&str; 31] = [
    "intro",
    "introduction",
    "outro",
    "interlude",
    "prelude",
    "overture",
    "finale",
    "reprise",
    "untitled",
    "unknown",
    "track",
    "title",
    "song",
    "skit",
    "theme",
    "main",
    "menu",
    "credits",
    "bonus",
    "hidden",
    "audio",
    "allegro",
    "andante",
    "adagio",
    "largo",
    "presto",
    "menuetto",
    "rondo",
    "scherzo",
    "no",
    "the",
];

/// Names that stand where nobody's name is known, as `first_artist` gives them.
const NO_ARTISTS: [&str; 5] = [
    "various artists",
    "various",
    "unknown artist",
    "unknown",
    "va",
];

/// What an aside of a title says.
enum Says {
    /// Which version this is.
    Version(Version),
    /// Part of the song's own title.
    Song,
}

/// Words that tell parts of one work apart: never a version.
const PARTS: [&str; 6] = ["pt", "part", "no", "vol", "movement", "op"];

/// Asides that begin like this name guests, whatever the guests are called.
const GUESTS: [&str; 4] = ["feat ", "ft ", "featuring ", "with "];

/// Asides that begin like this tell where a song comes from.
const ORIGINS: [&str; 2] = ["from ", "bonus "];

/// Words of asides, and the version that they tell of; the first that is found counts, so that a "remix
/// edit" is a remix and a "mono mix" an edition.
const WORDS: [(Version, &[&str]); 10] = [
    (Version::Karaoke, &["karaoke"]),
    (Version::Karaoke, &IMITATIONS),
    (Version::Instrumental, &["instrumental"]),
    (
        Version::Remix,
        &["remix", "rmx", "rework", "dub", "bootleg"],
    ),
    (Version::Acoustic, &["acoustic", "unplugged"]),
    (Version::Demo, &["demo", "rehearsal", "alternate take"]),
    (Version::Remaster, &["remaster", "remastered"]),
    (
        Version::Edition,
        &[
            "mono",
            "stereo",
            "deluxe",
            "edition",
            "bonus",
            "explicit",
            "clean",
            "anniversary",
            "album version",
            "single version",
        ],
    ),
    (Version::Edit, &["edit"]),
    (Version::Remix, &["mix"]),
];

/// Words of asides that tell of another recording, and no more.
const OTHERS: [&str; 5] = ["version", "session", "sessions", "a cappella", "acapella"];

/// What stands before the name of the artist whom a karaoke track imitates.
const IMITATIONS: [&str; 3] = [
    "in the style of",
    "originally performed by",
    "made famous by",
];

fn says(aside: &str) -> Says {
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| has(aside, phrase));
    let starts = |starts: &[&str]| starts.iter().any(|start| aside.starts_with(start));
    let guests = starts(&GUESTS);
    let told = WORDS
        .iter()
        .find(|(_, phrases)| any(phrases) && !guests)
        .map(|&(version, _)| version);
    match told {
        _ if any(&PARTS) => Says::Song,
        Some(version) if !version.is_same_recording() => Says::Version(version),
        // "live, 2011 remaster" is live before all.
        _ if is_live(aside) => Says::Version(Version::Live),
        Some(version) => Says::Version(version),
        None if guests || starts(&ORIGINS) => Says::Version(Version::Edition),
        None if any(&OTHERS) => Says::Version(Version::Other),
        None => Says::Song,
    }
}

/// "live", "live at the dome", "recorded live", "2005 live"; not "live and let die".
fn is_live(aside: &str) -> bool {
    const PLACES: [&str; 8] = [
        "live at ",
        "live in ",
        "live from ",
        "live on ",
        "live version",
        "live session",
        "live acoustic",
        "recorded live",
    ];
    aside == "live"
        || aside.ends_with(" live")
        || PLACES.iter().any(|place| aside.starts_with(place))
}

/// The artist whom `aside` says that a track imitates.
fn imitated(aside: &str) -> Option<String> {
    let (_, name) = IMITATIONS
        .iter()
        .find_map(|phrase| aside.split_once(phrase))?;
    let name = first_artist(name.trim().trim_end_matches(" karaoke version"));
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn versions_are_told() {
        use Version::{
            Acoustic, Demo, Edit, Edition, Instrumental, Karaoke, Live, Other, Plain, Remaster,
            Remix,
        };
        for (title, version) in [
            ("Stay", Plain),
            ("Stay (2011 Remaster)", Remaster),
            ("Stay - Remastered 2011", Remaster),
            ("Stay (Remastered Version)", Remaster),
            ("Stay (Deluxe Edition)", Edition),
            ("Stay [Mono Mix]", Edition),
            ("Stay (feat. Bob)", Edition),
            ("Stay (Radio Edit)", Edit),
            ("Stay (Bob Remix Edit)", Remix),
            ("Stay (feat. Dub Bob)", Edition),
            ("Stay (Live Session)", Live),
            ("Stay (Ann's Version)", Other),
            ("Stay - Unplugged", Acoustic),
            ("Stay (Live)", Live),
            ("Stay (Live at the Dome) [2011 Remaster]", Live),
            ("Stay (Demo)", Demo),
            ("Stay (Instrumental Version)", Instrumental),
            ("Stay (Bob Remix)", Remix),
            ("Stay (Karaoke Version)", Karaoke),
            ("Stay (In the Style of Ann)", Karaoke),
        ] {
            let name = Name::of(title, Some("Ann"));
            assert_eq!(name.version, version, "{title}");
            assert_eq!(name.song, Some(("stay".into(), "ann".into())), "{title}");
        }
    }

    #[test]
    fn karaoke_is_a_version_of_what_it_imitates() {
        for title in [
            "Stay (Originally Performed by The Ann) [Karaoke Version]",
            "Stay (Karaoke Version) - In the Style of Ann",
        ] {
            let name = Name::of(title, Some("Sing It"));
            assert_eq!(name.song, Some(("stay".into(), "ann".into())), "{title}");
        }
    }

    #[test]
    fn titles_that_many_songs_share_tell_nothing() {
        for (title, artist, tells) in [
            ("Intro", "Ann", false),
            ("Track 07", "Ann", false),
            ("Main Theme", "Ann", false),
            ("Stay", "Various Artists", false),
            ("Stay", "Unknown Artist", false),
            ("Stay", "<Unknown>", false),
            ("Stay", "  ", false),
            ("Stay", "", false),
            ("Stay", "The Unknowns", true),
            ("Intro to Reality", "Ann", true),
            ("1999", "Ann", false),
            ("Stay", "Ann", true),
        ] {
            let name = Name::of(title, Some(artist));
            assert_eq!(name.telling().is_some(), tells, "{title} · {artist}");
        }
        assert_eq!(Name::of("Stay", None).telling(), None, "nobody's song");
    }

    proptest! {
        #[test]
        fn no_text_panics(title in ".{0,60}", artist in ".{0,30}") {
            let _ = Name::of(&title, Some(&artist)).telling();
        }
    }
}
