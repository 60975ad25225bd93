//! Text of tags made fit to be shown: repaired where the damage can be told, without control
//! characters, of bounded length.

/// Longest text that is kept, in characters.
const MAX_CHARS: usize = 256;

/// Years that a recording can have: from the first sound ever recorded (1860) on.
const YEARS: std::ops::RangeInclusive<i32> = 1860..=2100;

/// Windows-1252 for the bytes `0x80..=0x9f` (Unicode's `CP1252.TXT`); bytes without a meaning stay.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Letters of Windows-1251 outside of `0xc0..=0xff`, which is the alphabet from А to я.
const CP1251: [(u8, char); 10] = [
    (0xa5, 'Ґ'),
    (0xa8, 'Ё'),
    (0xaa, 'Є'),
    (0xaf, 'Ї'),
    (0xb2, 'І'),
    (0xb3, 'і'),
    (0xb4, 'ґ'),
    (0xb8, 'ё'),
    (0xba, 'є'),
    (0xbf, 'ї'),
];

/// `raw` made fit to be shown; `None` when nothing is left of it.
pub(super) fn clean(raw: &str) -> Option<String> {
    let repaired = repair(raw);
    let visible: String = repaired
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        // A byte order mark, and marks that would turn the text around them.
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect();
    let text: String = visible
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(MAX_CHARS)
        .collect();
    let text = text.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The year in a date of any form: its first group of four digits, or of eight (`20110503`).
pub(super) fn year(date: &str) -> Option<i32> {
    date.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| matches!(digits.len(), 4 | 8))
        .filter_map(|digits| digits[..4].parse().ok())
        .find(|year| YEARS.contains(year))
}

/// Undoes a wrong decoding where it can be told. Text whose characters all fit into one byte each may
/// be other text whose bytes were taken for Latin-1 or Windows-1252.
fn repair(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_owned();
    }
    let Some(bytes) = raw.chars().map(byte).collect::<Option<Vec<u8>>>() else {
        return raw.to_owned();
    };
    // Text in another encoding is hardly ever valid UTF-8 by accident.
    if let Ok(text) = String::from_utf8(bytes.clone()) {
        return text;
    }
    let cyrillic = is_cyrillic(&bytes);
    bytes
        .into_iter()
        .map(|byte| decode(byte, cyrillic))
        .collect()
}

/// Whether bytes are Windows-1251: Western text has few letters with accents among many without,
/// in Cyrillic text all letters lie above `0xc0`. Other bytes up there are those of other encodings.
fn is_cyrillic(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| **byte >= 0xc0).count();
    let latin = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    let known = |byte: u8| CP1251.iter().any(|(known, _)| *known == byte);
    let foreign = bytes
        .iter()
        .any(|byte| (0x80..0xc0).contains(byte) && !known(*byte));
    !foreign && high >= 4 && high > 4 * latin
}

fn decode(byte: u8, cyrillic: bool) -> char {
    if cyrillic && byte >= 0xc0 {
        return char::from_u32(u32::from('А') + u32::from(byte - 0xc0))
            .unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    let known = CP1251
        .iter()
        .find(|(known, _)| cyrillic && *known == byte)
        .map(|(_, letter)| *letter);
    match byte {
        _ if known.is_some() => known.unwrap_or_default(),
        0x80..=0x9f => CP1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The byte that Windows-1252 or Latin-1 would have decoded to `c`.
fn byte(c: char) -> Option<u8> {
    let high = CP1252
        .iter()
        .position(|known| *known == c)
        .map(|at| 0x80 + at as u8);
    high.or_else(|| u8::try_from(u32::from(c)).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes taken for Latin-1, as ID3 readers do.
    fn latin1(bytes: &[u8]) -> String {
        bytes.iter().copied().map(char::from).collect()
    }

    #[test]
    fn good_text_stays() {
        for text in [
            "Für Elise",
            "Sigur Rós – Ágætis byrjun",
            "Ænima",
            "Песня",
            "夜に駆ける",
            "naïve",
            "ÀÉÎ",
            "10 °C",
        ] {
            assert_eq!(
                clean(text).as_deref(),
                Some(text),
                "nothing is wrong with it"
            );
        }
    }

    #[test]
    fn wrong_decodings_are_undone() {
        let cases: [(&[u8], &str); 5] = [
            ("Für Elise".as_bytes(), "Für Elise"),
            ("Песня".as_bytes(), "Песня"),
            (b"It\x92s \x93fine\x94", "It’s “fine”"),
            (
                b"\xcf\xe5\xf1\xed\xff \xee \xe7\xe2\xb8\xe7\xe4\xe0\xf5",
                "Песня о звёздах",
            ),
            (b"Caf\xe9", "Café"),
        ];
        for (bytes, text) in cases {
            assert_eq!(
                clean(&latin1(bytes)).as_deref(),
                Some(text),
                "{bytes:x?} was taken for Latin-1"
            );
        }
        assert_eq!(
            clean("Donâ€™t").as_deref(),
            Some("Don’t"),
            "UTF-8 was taken for Windows-1252"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_removed() {
        assert_eq!(clean("\u{feff} a\0b\r\n\tc \0\0").as_deref(), Some("a b c"));
        for empty in ["", " ", "\0\0\0", "\u{feff}", "\r\n", "\u{202e}"] {
            assert_eq!(clean(empty), None, "{empty:?} holds nothing");
        }
    }

    #[test]
    fn years_are_found_in_dates_and_must_be_plausible() {
        for (date, expected) in [
            ("2011", Some(2011)),
            ("2011-05-03T12:00", Some(2011)),
            ("3 May 1969", Some(1969)),
            ("03.05.1969", Some(1969)),
            ("20110503", Some(2011)),
            ("0000", None),
            ("9999", None),
            ("69", None),
            ("", None),
            ("123456", None),
        ] {
            assert_eq!(year(date), expected, "the year of {date:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_short_and_clean(raw in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            for text in [clean(&raw), clean(&latin1(&bytes))].into_iter().flatten() {
                prop_assert!(!text.is_empty() && text.chars().count() <= MAX_CHARS);
                prop_assert!(!text.chars().any(char::is_control), "{text:?} holds a control character");
                prop_assert_eq!(text.trim(), &text);
            }
        }
    }
}
