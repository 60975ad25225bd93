use proptest::prelude::*;
use throughline_core::track::Tags;
use throughline_library::{Description, Library};

use crate::{add_source, library, mark_missing, recipe, store, store_described};

fn tagged(library: &mut Library, path: &str, content: u8, title: &str, artist: &str, album: &str) {
    let tags = Tags {
        title: Some(title.into()),
        artist: Some(artist.into()),
        album: Some(album.into()),
        ..Tags::default()
    };
    let about = Description {
        tags,
        duration_s: 1.0,
        ..Description::default()
    };
    store_described(library, path, content, &about);
}

fn collection() -> Library {
    let mut library = library();
    tagged(
        &mut library,
        "/music/sr/01.mp3",
        1,
        "Svefn-g-englar",
        "Sigur Rós",
        "Ágætis byrjun",
    );
    tagged(
        &mut library,
        "/music/bj/jóga.mp3",
        2,
        "Jóga",
        "Björk",
        "Homogenic",
    );
    tagged(
        &mut library,
        "/music/ac/tnt.mp3",
        3,
        "T.N.T.",
        "AC/DC",
        "High Voltage",
    );
    tagged(
        &mut library,
        "/music/x/99.mp3",
        4,
        "Blue",
        "Joni Mitchell",
        "Blue",
    );
    tagged(
        &mut library,
        "/music/x/100.mp3",
        5,
        "Kind of",
        "Miles",
        "Blue in Green",
    );
    library
}

fn titles(library: &Library, text: &str) -> Vec<String> {
    let found = library.tracks().search(&recipe(), text, 10).unwrap();
    found
        .into_iter()
        .filter_map(|track| track.tags.title)
        .collect()
}

#[test]
fn words_are_found_in_every_field_by_their_beginnings() {
    let library = collection();
    assert_eq!(titles(&library, "svef"), ["Svefn-g-englar"], "title");
    assert_eq!(titles(&library, "sigur"), ["Svefn-g-englar"], "artist");
    assert_eq!(titles(&library, "homog"), ["Jóga"], "album");
    assert_eq!(titles(&library, "tnt"), ["T.N.T."], "path");
    assert_eq!(
        titles(&library, "mitch blue"),
        ["Blue"],
        "every word counts, in any field"
    );
    assert_eq!(titles(&library, "mitch nothing"), Vec::<String>::new());
}

#[test]
fn case_and_diacritics_do_not_count() {
    let library = collection();
    for text in ["BJORK", "björk", "Bjo\u{308}rk", "joga"] {
        assert_eq!(titles(&library, text), ["Jóga"], "{text}");
    }
    assert_eq!(titles(&library, "ros"), ["Svefn-g-englar"]);
}

#[test]
fn titles_come_before_albums() {
    assert_eq!(titles(&collection(), "blue"), ["Blue", "Kind of"]);
}

#[test]
fn the_music_folder_itself_is_not_searched() {
    assert!(
        titles(&collection(), "music").is_empty(),
        "else it would find everything"
    );
}

#[test]
fn punctuation_is_text() {
    let library = collection();
    assert_eq!(titles(&library, "AC/DC"), ["T.N.T."]);
    assert_eq!(titles(&library, "t.n.t."), ["T.N.T."]);
    assert_eq!(titles(&library, "svefn-g-englar"), ["Svefn-g-englar"]);
}

#[test]
fn no_text_is_a_syntax_error() {
    let library = collection();
    let long = "a ".repeat(5000);
    let wide = "a/".repeat(5000);
    for text in [
        "",
        " ",
        "\"",
        "\"\"",
        "'",
        "*",
        "blue*",
        "-blue",
        "NOT blue",
        "blue AND",
        "OR",
        "NEAR(a b, 3)",
        "title:blue",
        "{title artist}:blue",
        "(blue",
        "blue)",
        "^blue",
        "a + b",
        "blue\0joni",
        "\0",
        ";--",
        "'; DROP TABLE track; --",
        "\u{1f3b5}",
        "\u{fffd}",
        "\u{1e900}",
        "!!!",
        "%",
        "_",
        "\\",
        &long,
        &wide,
    ] {
        let found = library.tracks().search(&recipe(), text, 10);
        assert!(found.is_ok(), "{text:?} gave {found:?}");
    }
    assert_eq!(
        titles(&library, "\"blue"),
        titles(&library, "blue"),
        "a stray quote does not matter"
    );
    assert!(
        titles(&library, "!!!").is_empty(),
        "nothing to look for, nothing found"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nor_is_any_other(text in "\\PC{0,40}|[\"*^:(){}+\\-, a-zA-Z\\x00-\\x20]{0,40}") {
        let library = Library::open_in_memory().unwrap();
        let found = library.tracks().search(&recipe(), &text, 10);
        prop_assert!(found.is_ok(), "{:?}", found);
    }
}

#[test]
fn at_most_as_many_as_asked_for() {
    let library = collection();
    assert_eq!(
        library.tracks().search(&recipe(), "blue", 1).unwrap().len(),
        1
    );
    assert_eq!(
        library
            .tracks()
            .search(&recipe(), "blue", usize::MAX)
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn the_text_follows_every_change() {
    let mut library = library();
    store(&mut library, "/music/first.mp3", 1, "Old");
    assert_eq!(titles(&library, "first"), ["Old"]);
    store(&mut library, "/music/first.mp3", 2, "New");
    assert!(titles(&library, "old").is_empty(), "the tags changed");
    store(&mut library, "/music/second.mp3", 2, "New");
    assert_eq!(
        titles(&library, "second"),
        ["New"],
        "a copy brings its name"
    );
    mark_missing(&mut library, "/music/first.mp3");
    assert!(
        titles(&library, "first").is_empty(),
        "a name that is gone finds nothing"
    );
    assert_eq!(titles(&library, "new"), ["New"]);
    let source = library.sources().all().unwrap()[0].id;
    let tx = library.begin().unwrap();
    tx.sources_mut().remove(source).unwrap();
    tx.commit().unwrap();
    assert!(
        titles(&library, "new").is_empty(),
        "the folder was taken off the list"
    );
    add_source(&mut library, "/music");
    store(&mut library, "/music/third.mp3", 2, "New");
    assert_eq!(titles(&library, "new third"), ["New"]);
}

#[test]
fn names_are_those_of_what_is_found_in_its_order() {
    let library = collection();
    for text in ["blue", "b", "", "nothing like it"] {
        let found = library.tracks().search(&recipe(), text, usize::MAX);
        let found: Vec<_> = found.unwrap().into_iter().map(|track| track.id).collect();
        let names = library.tracks().names_of(text).unwrap();
        let names: Vec<_> = names.into_iter().map(|named| named.id).collect();
        assert_eq!(names, found, "{text:?}");
    }
    let all = library.tracks().all(&recipe()).unwrap();
    let names = library.tracks().names().unwrap();
    assert_eq!(names.len(), all.len());
    for (named, track) in names.iter().zip(&all) {
        assert_eq!((named.id, &named.title), (track.id, &track.tags.title));
        assert_eq!(
            named.path.is_some(),
            track.tags.title.is_none() && track.path.is_some(),
            "a path stands in for a title"
        );
    }
}

#[test]
fn the_edition_changes_with_every_change_by_whomever() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    let first = library.edition().unwrap();
    assert_eq!(library.edition().unwrap(), first, "nothing has happened");
    add_source(&mut library, "/music");
    let second = library.edition().unwrap();
    assert_ne!(second, first, "this connection wrote");
    let mut other = Library::open(dir.path()).unwrap();
    add_source(&mut other, "/more");
    assert_ne!(library.edition().unwrap(), second, "another one wrote");
}
