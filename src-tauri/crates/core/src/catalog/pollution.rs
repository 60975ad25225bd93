//! Songs that would spoil a library.

use super::Song;

/// Why a song is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pollution {
    /// A karaoke version.
    Karaoke,
    /// A tribute band's or a tribute album's copy.
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
    /// Copies that name whom they copy: "in the style of", "made famous by".
    Imitation,
    /// A backing track without its singer.
    Backing,
}

impl Pollution {
    /// A stable name, as in `karaoke`.
    pub fn code(self) -> &'static str {
        todo!()
    }
}

/// Why `song` is to be left out, if it is.
pub fn pollution(song: &Song) -> Option<Pollution> {
    todo!("{song:?}")
}
