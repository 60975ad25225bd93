use throughline_core::feedback::ThroughlineId;
use throughline_library::{Library, LibraryError};

use crate::NOW;

#[test]
fn a_new_library_has_one_open_and_unnamed() {
    let library = Library::open_in_memory().unwrap();
    let open = library.throughlines().open().unwrap();
    assert_eq!((open.name.as_deref(), open.open), (None, true));
    assert_eq!(library.throughlines().all().unwrap(), [open]);
}

#[test]
fn exactly_one_is_open() {
    let mut library = Library::open_in_memory().unwrap();
    let first = library.throughlines().open().unwrap();
    let tx = library.begin().unwrap();
    let second = tx.throughlines_mut().start(NOW).unwrap();
    let rain = tx.throughlines_mut().named("rain", NOW).unwrap();
    tx.commit().unwrap();
    assert!(!rain.open, "a name alone opens nothing");
    assert_eq!(library.throughlines().open().unwrap(), second);

    let tx = library.begin().unwrap();
    let reopened = tx.throughlines_mut().open(first.id).unwrap();
    let unknown = tx.throughlines_mut().open(ThroughlineId(99));
    assert!(matches!(unknown, Err(LibraryError::Unknown { .. })));
    tx.commit().unwrap();
    assert_eq!(reopened.id, first.id);
    let open: Vec<_> = library
        .throughlines()
        .all()
        .unwrap()
        .into_iter()
        .filter(|one| one.open)
        .collect();
    assert_eq!(open, [reopened]);
}

#[test]
fn a_name_stays_with_one() {
    let mut library = Library::open_in_memory().unwrap();
    assert_eq!(library.throughlines().named("rain").unwrap(), None);
    let tx = library.begin().unwrap();
    let made = tx.throughlines_mut().named("rain", NOW).unwrap();
    let again = tx.throughlines_mut().named("rain", NOW + 1).unwrap();
    tx.commit().unwrap();
    assert_eq!(made, again);
    assert_eq!(library.throughlines().named("rain").unwrap(), Some(made));
}

#[test]
fn a_name_can_be_given_changed_and_taken_away_but_not_shared() {
    let mut library = Library::open_in_memory().unwrap();
    let open = library.throughlines().open().unwrap().id;
    let tx = library.begin().unwrap();
    tx.throughlines_mut().named("rain", NOW).unwrap();
    tx.throughlines_mut().rename(open, Some("night")).unwrap();
    tx.throughlines_mut().rename(open, Some("night")).unwrap();
    let taken = tx.throughlines_mut().rename(open, Some("rain"));
    assert!(matches!(taken, Err(LibraryError::NameTaken(name)) if name == "rain"));
    tx.commit().unwrap();
    let called = |library: &Library| library.throughlines().open().unwrap().name;
    assert_eq!(called(&library).as_deref(), Some("night"));
    let tx = library.begin().unwrap();
    tx.throughlines_mut().rename(open, None).unwrap();
    tx.commit().unwrap();
    assert_eq!(called(&library), None);
}
