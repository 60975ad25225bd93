//! A database that may not grow.

use super::*;

fn sources(library: &Library) -> usize {
    library.sources().all().unwrap().len()
}

#[test]
fn a_database_that_is_full_takes_nothing_in_part_and_goes_on_when_there_is_room() {
    let mut library = Library::open_in_memory().unwrap();
    let pages: u64 = library
        .db
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    // The answer of SQLite to a file that cannot grow is its answer to a full disk.
    let limit = |library: &Library, pages: u64| {
        let sql = format!("PRAGMA max_page_count = {pages}");
        library.db.query_row(&sql, [], |_| Ok(())).unwrap();
    };
    limit(&library, pages + 8);
    let add = |library: &mut Library, n: usize| -> Result<()> {
        let tx = library.begin()?;
        for part in 0..20 {
            tx.sources_mut()
                .add(Path::new(&format!("/music/{n}/{part}")), 0)?;
        }
        tx.commit()
    };
    let whole = (0..10_000)
        .take_while(|&n| match add(&mut library, n) {
            Ok(()) => true,
            Err(LibraryError::Full) => false,
            Err(error) => panic!("a full disk is said to be full, not: {error}"),
        })
        .count();
    assert!((1..10_000).contains(&whole), "it filled up: {whole}");
    assert_eq!(sources(&library), 20 * whole, "nothing is there in part");
    assert!(library.health().unwrap().problems.is_empty());
    limit(&library, pages + 1000);
    add(&mut library, whole).expect("there is room again");
    assert_eq!(sources(&library), 20 * (whole + 1));
}
