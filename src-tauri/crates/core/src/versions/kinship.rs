//! What one track is to another: by what they are called, how long they are and how they sound.

use serde::{Deserialize, Serialize};

use super::agreement::Agreement;
use super::name::{Name, Version};
use super::title::words;

/// Seconds by which the lengths of one recording differ at most, from one release to the next.
const SAME_LENGTH_S: f64 = 3.0;

/// Seconds by which they differ at most where only the sound speaks: cuts at both ends.
const CUT_S: f64 = 8.0;

/// Least [`Agreement::score`] of two tracks of one title, artist and length that are one recording.
/// Different songs of one album reached .46 in the half of the pairs that this was chosen on; the
/// figures of this and the next are in `docs/discovery.md`.
const NAMED: f32 = 0.5;

/// Least score that is proof where names are missing or differ: as high as leaves 99 % of the changed
/// copies of one recording in the half of the pairs that it was chosen on.
const UNNAMED: f32 = 0.7;

/// What is compared of a track.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub name: Name,
    pub album: Option<String>,
    pub duration_s: Option<f64>,
    pub owned: bool,
}

/// What a track is to the one that stands for its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Kinship {
    /// Which version it is.
    pub kind: Kind,
    /// How that is known.
    pub evidence: Evidence,
}

/// A version, seen from the track that stands for the family. Closer ones come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The same recording: a copy, another format, another release.
    SameRecording,
    /// The same recording, mastered anew.
    Remaster,
    /// The same recording on another edition.
    Edition,
    /// A cut of it, as for radio.
    Edit,
    /// Another recording of the song by the same artist.
    OtherRecording,
    /// An acoustic one.
    Acoustic,
    /// A live one.
    Live,
    /// A draft.
    Demo,
    /// One without the voice.
    Instrumental,
    /// A remix.
    Remix,
    /// A karaoke version.
    Karaoke,
}

/// How a kinship is known. Stronger evidence comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Title and artist say so, and both sound the same at the same times.
    NameAndSound,
    /// Both sound the same at the same times; names are missing or differ.
    Sound,
    /// Title and artist say so.
    Name,
}

impl Kind {
    /// As it stands before the other's title: "remaster of".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::SameRecording => "same recording as",
            Self::Remaster => "remaster of",
            Self::Edition => "another edition of",
            Self::Edit => "edit of",
            Self::OtherRecording => "another recording of",
            Self::Acoustic => "acoustic version of",
            Self::Live => "live version of",
            Self::Demo => "demo of",
            Self::Instrumental => "instrumental version of",
            Self::Remix => "remix of",
            Self::Karaoke => "karaoke version of",
        }
    }
}

/// What `track` is to `founder`, if it is of its family. `agreement` is asked for at most once, and not
/// at all where lengths or names settle the matter.
pub(super) fn kinship(
    founder: &Known,
    track: &Known,
    agreement: impl FnOnce() -> Option<Agreement>,
) -> Option<Kinship> {
    let keys = (founder.name.telling(), track.name.telling());
    let apart_s = founder
        .duration_s
        .zip(track.duration_s)
        .map(|(a, b)| (a - b).abs());
    let same_song = matches!(keys, (Some(a), Some(b)) if a == b);
    if same_song && founder.name.called != track.name.called {
        // An instrumental may sound as its song does, and is none the less what it is called.
        return Some(Kinship {
            kind: other_recording(track),
            evidence: Evidence::Name,
        });
    }
    // A preview is a stretch of its song: it lies over a file nowhere in particular.
    let comparable = founder.owned == track.owned && apart_s.is_some_and(|apart| apart <= CUT_S);
    let heard = if comparable { agreement() } else { None };
    let least = if same_song { NAMED } else { UNNAMED };
    if heard.is_some_and(|agreement| agreement.score() >= least) {
        return Some(Kinship {
            kind: same_recording(track),
            evidence: if same_song {
                Evidence::NameAndSound
            } else {
                Evidence::Sound
            },
        });
    }
    if !same_song {
        return None;
    }
    // Previews of one recording need not be the same stretch of it: they prove nothing by differing.
    let differs = heard.is_some() && founder.owned;
    by_name(founder, track, apart_s, differs).map(|kind| Kinship {
        kind,
        evidence: Evidence::Name,
    })
}

/// What a track of the founder's title and artist is, both called the same, when its sound does not say
/// that it is the same recording: it was not compared, or, if `differs`, it sounds otherwise.
fn by_name(founder: &Known, track: &Known, apart_s: Option<f64>, differs: bool) -> Option<Kind> {
    let as_long = apart_s.is_some_and(|apart| apart <= SAME_LENGTH_S);
    if as_long && !differs {
        return Some(same_recording(track));
    }
    match (founder.name.version, track.name.version) {
        (_, Version::Edit) => return Some(Kind::Edit),
        (Version::Edit, _) => return Some(Kind::Edition),
        _ => {}
    }
    // Twice on one album under one name, and not the same: parts of something, or a reprise.
    let one_album = founder.album.is_some() && founder.album == track.album;
    (!one_album).then(|| other_recording(track))
}

fn same_recording(track: &Known) -> Kind {
    match track.name.version {
        Version::Remaster => Kind::Remaster,
        Version::Edition => Kind::Edition,
        Version::Edit => Kind::Edit,
        _ => Kind::SameRecording,
    }
}

fn other_recording(track: &Known) -> Kind {
    match track.name.version {
        Version::Plain | Version::Remaster | Version::Edition | Version::Edit | Version::Other => {
            Kind::OtherRecording
        }
        Version::Acoustic => Kind::Acoustic,
        Version::Live => Kind::Live,
        Version::Demo => Kind::Demo,
        Version::Instrumental => Kind::Instrumental,
        Version::Remix => Kind::Remix,
        Version::Karaoke => Kind::Karaoke,
    }
}

impl Known {
    /// What is compared of the track that [`super::Track`] describes.
    pub fn of(track: &super::Track<'_>) -> Self {
        let album = track.album.map(words).filter(|album| !album.is_empty());
        Self {
            name: Name::of(track.title.unwrap_or_default(), track.artist),
            album,
            duration_s: track.duration_s.filter(|s| s.is_finite()),
            owned: track.owned,
        }
    }
}
