//! Hub terms and versions: found anew when a build ends.

use throughline_core::embedding::Space;
use throughline_core::versions::{Evidence, Kind, Kinship};
use throughline_library::Version;

use crate::{NOW, library, recipe, store};

fn space() -> Space {
    Space {
        parts: vec![2],
        mean: vec![0.0; 2],
        tag_mean: vec![],
        tag_std: vec![],
        tracks: 2,
    }
}

#[test]
fn hub_terms_of_the_newest_space_take_the_place_of_older_ones() {
    let mut library = library();
    let a = store(&mut library, "/music/a.flac", 1, "A");
    let b = store(&mut library, "/music/b.flac", 2, "B");
    let tx = library.begin().unwrap();
    let old = tx.spaces_mut().add(&recipe(), &space(), NOW).unwrap();
    tx.hubs_mut().put(old, [(a, 0.25), (b, 0.5)]).unwrap();
    let new = tx.spaces_mut().add(&recipe(), &space(), NOW).unwrap();
    tx.hubs_mut().put(new, [(b, 0.75), (a, -0.5)]).unwrap();
    tx.commit().unwrap();
    assert_eq!(library.hubs().of(old).unwrap(), []);
    assert_eq!(library.hubs().of(new).unwrap(), [(a, -0.5), (b, 0.75)]);
}

#[test]
fn versions_come_back_and_are_set_all_at_once() {
    let mut library = library();
    let a = store(&mut library, "/music/a.flac", 1, "A");
    let b = store(&mut library, "/music/b.flac", 2, "A (live)");
    let version = Version {
        track: b,
        family: a,
        kinship: Kinship {
            kind: Kind::Live,
            evidence: Evidence::Name,
        },
    };
    let tx = library.begin().unwrap();
    tx.versions_mut().put([version]).unwrap();
    tx.commit().unwrap();
    assert_eq!(library.versions().all().unwrap(), [version]);
    let tx = library.begin().unwrap();
    tx.versions_mut().put([]).unwrap();
    tx.commit().unwrap();
    assert_eq!(library.versions().all().unwrap(), []);
}
