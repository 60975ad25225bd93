//! Titles and names as words that can be compared.

/// A title in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Title {
    /// The title itself, as [`words`].
    pub base: String,
    /// What stands in brackets or behind a dash, each as [`words`]: "live at the dome".
    pub asides: Vec<String>,
}

impl Title {
    /// Takes a title apart. Any text will do.
    pub fn of(title: &str) -> Self {
        let (mut base, mut asides) = (String::new(), Vec::new());
        let (mut aside, mut depth) = (String::new(), 0_usize);
        for c in title.chars() {
            match c {
                '(' | '[' | '{' | '（' | '【' => {
                    depth += 1;
                    // A word ends here, inside and outside.
                    base.push(' ');
                    aside.push(' ');
                }
                ')' | ']' | '}' | '）' | '】' if depth > 0 => {
                    depth -= 1;
                    aside.push(' ');
                    if depth == 0 {
                        asides.push(std::mem::take(&mut aside));
                    }
                }
                _ if depth > 0 => aside.push(c),
                _ => base.push(c),
            }
        }
        asides.push(aside);
        let mut parts = base.split(" - ");
        let base = words(parts.next().unwrap_or_default());
        let asides = parts.map(str::to_owned).chain(asides);
        let asides: Vec<String> = asides.map(|aside| words(&aside)).collect();
        Self {
            base,
            asides: asides
                .into_iter()
                .filter(|aside| !aside.is_empty())
                .collect(),
        }
    }
}

/// `text` in lower case, its words parted by single spaces. Apostrophes are left out, `&` is "and",
/// all else that is no letter or digit parts words.
pub(crate) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut push = |c: char| {
        if c != ' ' || !(words.is_empty() || words.ends_with(' ')) {
            words.push(c);
        }
    };
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '‘' | '`' => {}
            '&' => " and ".chars().for_each(&mut push),
            c if c.is_alphanumeric() => push(c),
            _ => push(' '),
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// The first of the artists that `name` lists, as [`words`], without a leading "the". A name without
/// any letter or digit stays as it is.
pub(crate) fn first_artist(name: &str) -> String {
    const BREAKS: [&str; 9] = [
        " & ",
        ", ",
        " feat. ",
        " feat ",
        " ft. ",
        " featuring ",
        " x ",
        " vs. ",
        " with ",
    ];
    let lower = name.to_lowercase();
    let end = BREAKS
        .iter()
        .filter_map(|part| lower.find(part))
        .filter(|&at| at > 0)
        .min();
    let first = words(&lower[..end.unwrap_or(lower.len())]);
    let first = first.strip_prefix("the ").unwrap_or(&first);
    if first.is_empty() {
        lower
    } else {
        first.to_owned()
    }
}

/// Whether `phrase` stands in `text` as whole words; both are [`words`].
pub(crate) fn has(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_come_apart() {
        let parts = |title| {
            let Title { base, asides } = Title::of(title);
            (base, asides.join("|"))
        };
        for (title, base, asides) in [
            ("Blue Monday", "blue monday", ""),
            ("Don't Stop (2004 Remaster)", "dont stop", "2004 remaster"),
            (
                "Stay - Live at the Dome [Mono]",
                "stay",
                "live at the dome|mono",
            ),
            (
                "(I Can't Get No) Satisfaction",
                "satisfaction",
                "i cant get no",
            ),
            ("Rain (feat. A (of B)) & Sun", "rain and sun", "feat a of b"),
            ("Half (open", "half", "open"),
            ("Closed) only", "closed only", ""),
            ("Jay-Z", "jay z", ""),
            ("（歌）名", "名", "歌"),
        ] {
            assert_eq!(
                parts(title),
                (base.to_owned(), asides.to_owned()),
                "{title}"
            );
        }
    }

    #[test]
    fn the_first_of_several_artists_counts() {
        for (name, first) in [
            ("Simon & Garfunkel", "simon"),
            ("Ann feat. Bob", "ann"),
            ("The Beatles", "beatles"),
            ("Ann, Bob & Carl", "ann"),
            ("!!!", "!!!"),
            ("& Sons", "and sons"),
            ("Xavier", "xavier"),
        ] {
            assert_eq!(first_artist(name), first, "{name}");
        }
    }

    #[test]
    fn phrases_are_whole_words() {
        assert!(has("a live cut", "live") && has("live", "live") && has("so live", "live"));
        assert!(!has("alive", "live") && !has("liver", "live") && !has("", "live"));
        assert!(has("alive live", "live"), "a later match counts");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = (Title::of(&text), first_artist(&text));
            let once = words(&text);
            prop_assert_eq!(words(&once), once, "words of words are themselves");
        }
    }
}
