//! Songs that were seeds and are no tracks of the list, and previews that were encoded anew.

use throughline_core::catalog::SongId;
use throughline_core::embedding::Recipe;
use throughline_core::track::TrackId;
use throughline_library::{Analysed, Description, FileId, Library, SONG_STAT};

use crate::song::song;
use crate::{NOW, features, hash, library, other_recipe, recipe};

/// Embeds song `id`, whose preview is `content`, under `recipe`.
fn hear(library: &mut Library, recipe: &Recipe, id: u64, file: FileId, content: u8) -> TrackId {
    let about = Description::of_song(&song(id), "aac", 44_100, 2, 30.0);
    let features = features(content);
    let done = Analysed {
        file,
        stat: SONG_STAT,
        hash: hash(content),
        about: &about,
        features: &features,
    };
    let tx = library.begin().unwrap();
    let track = tx.store(recipe, &done, NOW).unwrap();
    tx.commit().unwrap();
    track
}

/// A library with song 1 as a guest that the usual recipe has heard.
fn with_guest() -> (Library, FileId, TrackId) {
    let mut library = library();
    let tx = library.begin().unwrap();
    tx.songs_mut().upsert(&[song(1), song(2)], NOW).unwrap();
    let file = tx.songs_mut().plan_guest(&recipe(), SongId(1)).unwrap();
    tx.commit().unwrap();
    let track = hear(&mut library, &recipe(), 1, file, 1);
    (library, file, track)
}

fn plan(library: &mut Library, recipe: &Recipe) -> usize {
    let tx = library.begin().unwrap();
    let planned = tx.songs_mut().plan(recipe, NOW).unwrap();
    tx.commit().unwrap();
    planned
}

#[test]
fn a_guest_is_heard_by_every_recipe_and_listed_by_none() {
    let (mut library, file, track) = with_guest();
    assert!(library.songs().any_planned().unwrap());
    let unheard =
        |library: &Library, recipe: &Recipe| library.songs().unheard_guests(recipe).unwrap();
    assert_eq!(unheard(&library, &recipe()), 0);
    assert_eq!(plan(&mut library, &recipe()), 0, "it was heard");
    let other = other_recipe();
    assert_eq!(unheard(&library, &other), 1);
    assert_eq!(plan(&mut library, &other), 1, "song 2 was never a seed");
    assert_eq!(plan(&mut library, &other), 0, "once");
    let pending = library.songs().pending(&other, 9).unwrap();
    assert_eq!((pending.len(), pending[0].song), (1, SongId(1)));
    assert!(
        library.coverage(&other).unwrap().is_complete(),
        "nobody waits for it"
    );
    hear(&mut library, &other, 1, file, 1);
    assert!(library.vectors().has(&other, track).unwrap());
    assert_eq!(library.counts(&other).unwrap().listed, 0);

    let tx = library.begin().unwrap();
    tx.songs_mut().mark_gone(SongId(1)).unwrap();
    tx.commit().unwrap();
    let third = Recipe {
        feature_version: throughline_core::embedding::FeatureVersion("3".into()),
        ..recipe()
    };
    assert_eq!(plan(&mut library, &third), 0, "its link is dead");
}

#[test]
fn the_dead_link_of_a_guest_that_was_heard_is_looked_up_anew() {
    let (mut library, _, _) = with_guest();
    let tx = library.begin().unwrap();
    tx.songs_mut().plan_guest(&recipe(), SongId(2)).unwrap();
    for song in [1, 2] {
        tx.songs_mut().mark_gone(SongId(song)).unwrap();
    }
    tx.commit().unwrap();
    let gone = |library: &Library| library.songs().gone(9).unwrap();
    assert_eq!(gone(&library), [SongId(1)], "song 2 never became a seed");
    assert_eq!(library.songs().report(&recipe()).unwrap().previews_gone, 1);
    assert_eq!(library.songs().heard_link(&recipe()).unwrap(), None);
    let other = other_recipe();
    assert_eq!(plan(&mut library, &other), 0);
    let tx = library.begin().unwrap();
    let link = "https://example.invalid/new.m4a";
    tx.songs_mut().refresh(SongId(1), link).unwrap();
    tx.commit().unwrap();
    assert!(gone(&library).is_empty());
    let heard = library.songs().heard_link(&recipe()).unwrap();
    assert_eq!(heard.as_deref(), Some(link));
    assert_eq!(plan(&mut library, &other), 1, "it can be heard again");
}

#[test]
fn a_preview_that_was_encoded_anew_keeps_what_other_recipes_heard() {
    let (mut library, file, track) = with_guest();
    let other = other_recipe();
    assert_eq!(
        hear(&mut library, &other, 1, file, 2),
        track,
        "the same song"
    );
    for recipe in [recipe(), other] {
        assert!(library.vectors().has(&recipe, track).unwrap(), "{recipe}");
    }
    assert_eq!(library.tracks().by_hash(hash(2)).unwrap(), Some(track));
}
