//! What the collection holds: titles, artists and styles. All names are made up.

/// How many pieces the collection has.
pub const PIECES: usize = Style::ALL.len() * EACH;

/// Pieces of each style.
const EACH: usize = 5;

/// Written into every file. Raise it when the synthesiser changes, so that older renderings are
/// replaced.
const EDITION: &str = "Throughline demo collection, first edition";

/// One piece of the collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its title, which is also its file's name.
    pub title: &'static str,
    /// The artist who did not play it.
    pub artist: &'static str,
    /// Its style, which is also its album.
    pub style: Style,
    /// Its place among the pieces of its style.
    pub(super) number: usize,
}

/// The styles of the collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Guitars, a harp, a harpsichord.
    Strings,
    /// Slow chords of many detuned voices.
    Pads,
    /// Drum machines and acid basses.
    Machines,
    /// Pulse waves and fast arpeggios of an old game console.
    Chip,
    /// Solo piano.
    Piano,
    /// Wind, surf, rain.
    Weather,
    /// A choir singing vowels.
    Choir,
    /// Music boxes, gongs, tubular bells.
    Bells,
}

/// The pieces, style by style.
pub const fn pieces() -> &'static [Piece; PIECES] {
    &COLLECTION
}

impl Style {
    /// All styles, in the order of the collection.
    pub const ALL: [Self; 8] = [
        Self::Strings,
        Self::Pads,
        Self::Machines,
        Self::Chip,
        Self::Piano,
        Self::Weather,
        Self::Choir,
        Self::Bells,
    ];

    /// The style's name, which is the album and the folder of its pieces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strings => "Plucked Strings",
            Self::Pads => "Slow Pads",
            Self::Machines => "Drum Machines",
            Self::Chip => "Chip Tunes",
            Self::Piano => "Piano Alone",
            Self::Weather => "Weather",
            Self::Choir => "Vowel Choir",
            Self::Bells => "Bells and Gongs",
        }
    }

    const fn genre(self) -> &'static str {
        match self {
            Self::Strings => "Folk",
            Self::Pads => "Ambient",
            Self::Machines => "Techno",
            Self::Chip => "Chiptune",
            Self::Piano => "Classical",
            Self::Weather => "Field Recording",
            Self::Choir => "Choral",
            Self::Bells => "New Age",
        }
    }
}

impl Piece {
    /// The tags that go into the piece's file.
    pub(super) const fn tags(&self) -> [([u8; 4], &'static str); 6] {
        [
            (*b"INAM", self.title),
            (*b"IART", self.artist),
            (*b"IPRD", self.style.name()),
            (*b"IGNR", self.style.genre()),
            (*b"ICRD", "2026"),
            (*b"ISFT", EDITION),
        ]
    }
}

#[rustfmt::skip]
static COLLECTION: [Piece; PIECES] = [
    piece(0, Style::Strings, "Orchard Gate", "Tamsin Vale"),
    piece(1, Style::Strings, "Eleven Strings for Ida", "The Hollow Reeds"),
    piece(2, Style::Strings, "Copper Kettle Road", "Tamsin Vale"),
    piece(3, Style::Strings, "Toccata for a Small Room", "Ansel Quill"),
    piece(4, Style::Strings, "Salt on the Sill", "The Hollow Reeds"),
    piece(0, Style::Pads, "Slow Lakes", "Northlight Index"),
    piece(1, Style::Pads, "A Map of Fog", "Northlight Index"),
    piece(2, Style::Pads, "Kelp Cathedral", "Ova Meridian"),
    piece(3, Style::Pads, "Before the Kettle", "Ova Meridian"),
    piece(4, Style::Pads, "Long Exposure", "Northlight Index"),
    piece(0, Style::Machines, "Night Bus Geometry", "Relay 9"),
    piece(1, Style::Machines, "Acid Allotment", "Relay 9"),
    piece(2, Style::Machines, "Concrete Garden", "Duplo Haus"),
    piece(3, Style::Machines, "Broken Escalator", "Duplo Haus"),
    piece(4, Style::Machines, "Magnetic North Circular", "Relay 9"),
    piece(0, Style::Chip, "Level One Again", "Pixel Marmot"),
    piece(1, Style::Chip, "The Snail Who Raced", "Pixel Marmot"),
    piece(2, Style::Chip, "Castle of Biscuits", "Cartridge Club"),
    piece(3, Style::Chip, "Boss in a Bathtub", "Cartridge Club"),
    piece(4, Style::Chip, "Continue, Question Mark", "Pixel Marmot"),
    piece(0, Style::Piano, "Letter Not Sent", "Ilse Marrow"),
    piece(1, Style::Piano, "Waltz for a Lost Glove", "Ilse Marrow"),
    piece(2, Style::Piano, "Study in Falling Leaves", "Corin Ashby"),
    piece(3, Style::Piano, "Third Floor, No Lift", "Corin Ashby"),
    piece(4, Style::Piano, "Hymn at the Window", "Ilse Marrow"),
    piece(0, Style::Weather, "Wind Over the Ridge", "Fieldbook"),
    piece(1, Style::Weather, "Shingle Beach, Low Tide", "Fieldbook"),
    piece(2, Style::Weather, "Tin Roof, Steady Rain", "Ada Undertow"),
    piece(3, Style::Weather, "Storm Leaving Town", "Ada Undertow"),
    piece(4, Style::Weather, "Pines at Night", "Fieldbook"),
    piece(0, Style::Choir, "Kyrie of the Ferrymen", "St Alder's Voices"),
    piece(1, Style::Choir, "Vespers in Chalk", "St Alder's Voices"),
    piece(2, Style::Choir, "Seven Windows", "The Lantern Choir"),
    piece(3, Style::Choir, "O Slow Morning", "The Lantern Choir"),
    piece(4, Style::Choir, "Canticle for Two Rivers", "St Alder's Voices"),
    piece(0, Style::Bells, "Clockmaker's Daughter", "Verdigris"),
    piece(1, Style::Bells, "Temple Without Doors", "Gong Orchestra of Elsewhere"),
    piece(2, Style::Bells, "Tubular Noon", "Verdigris"),
    piece(3, Style::Bells, "Rain on Bronze", "Gong Orchestra of Elsewhere"),
    piece(4, Style::Bells, "Carillon for Swallows", "Verdigris"),
];

const fn piece(number: usize, style: Style, title: &'static str, artist: &'static str) -> Piece {
    Piece {
        title,
        artist,
        style,
        number,
    }
}
