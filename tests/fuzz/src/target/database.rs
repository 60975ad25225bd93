//! A library whose file was damaged: opened, and everything in it read.

use std::fs;

use throughline_core::track::TrackId;
use throughline_library::{FILE_NAME, Library, LibraryError, Result};

use super::Target;

mod rows;

use rows::{fill, recipe, rival};

pub(super) const TARGET: Target = Target {
    name: "database",
    corpus,
    run,
    // Of ours: what SQLite allocates itself is not counted.
    memory: 64 << 20,
};

fn run(input: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join(FILE_NAME), input).expect("a file in it");
    let library = match Library::open(folder.path()) {
        Ok(library) => library,
        Err(error) => return format!("not opened: {}", kind(&error)),
    };
    // One table that cannot be read must not keep the others from being read.
    let refused: Vec<_> = read(&library)
        .into_iter()
        .filter_map(|(table, read)| Some(format!("{table}: {}", kind(&read.err()?))))
        .collect();
    refused.join("; ")
}

/// The kind of an error, without what the bytes have put into its words.
fn kind(error: &LibraryError) -> String {
    let words = format!("{error:?}");
    let end = words.find(|c: char| !c.is_alphanumeric());
    words[..end.unwrap_or(words.len())].to_owned()
}

/// Reads every table of `library` through its own handle.
fn read(library: &Library) -> Vec<(&'static str, Result<()>)> {
    let recipe = recipe();
    let tracks = library.tracks().all(&recipe);
    let ids: Vec<_> = tracks
        .iter()
        .flatten()
        .map(|track| track.id)
        .take(64)
        .collect();
    let each = |work: &dyn Fn(TrackId) -> Result<()>| ids.iter().copied().try_for_each(work);
    vec![
        ("tracks", tracks.map(drop)),
        ("get", library.tracks().get(&recipe, &ids).map(drop)),
        (
            "search",
            library.tracks().search(&recipe, "tone", 10).map(drop),
        ),
        ("called", library.tracks().called("A tone", None).map(drop)),
        ("hash", each(&|id| library.tracks().hash(id).map(drop))),
        (
            "vectors",
            library.vectors().each(&recipe, |vector| drop(vector.raw())),
        ),
        (
            "windows",
            each(&|id| library.vectors().windows(&recipe, id).map(drop)),
        ),
        ("sources", {
            let sources = library.sources().all();
            sources.and_then(|all| {
                all.iter()
                    .try_for_each(|source| library.files().under(source.id, &recipe).map(drop))
            })
        }),
        ("failures", library.jobs().failures(&recipe).map(drop)),
        ("tag names", library.tag_names().of(&recipe).map(drop)),
        ("recipes", library.spaces().recipes().map(drop)),
        (
            "spaces",
            library.spaces().newest(&recipe).and_then(|newest| {
                newest.map_or(Ok(()), |newest| library.hubs().of(newest.id).map(drop))
            }),
        ),
        ("versions", library.versions().all().map(drop)),
        ("settings", {
            let settings = library.settings();
            settings.get::<serde_json::Value>("library").map(drop)
        }),
        ("votes", library.votes().tally(&recipe, &rival()).map(drop)),
        (
            "throughlines",
            library.throughlines().all().and_then(|all| {
                all.iter()
                    .try_for_each(|line| library.events().of(line.id).map(drop))
            }),
        ),
        ("songs", library.songs().report(&recipe).map(drop)),
        ("of tracks", library.songs().of_tracks(&ids).map(drop)),
        ("pending", library.songs().pending(&recipe, 10).map(drop)),
        ("gone", library.songs().gone(10).map(drop)),
        (
            "crawls",
            library.crawls().all().and_then(|all| {
                all.iter()
                    .try_for_each(|crawl| library.crawls().replay(crawl.id, |_, _| ()))
            }),
        ),
        ("skipped", library.crawls().skipped().map(drop)),
        ("stages", library.crawls().stages().map(drop)),
        ("counts", library.counts(&recipe).map(drop)),
        ("coverage", library.coverage(&recipe).map(drop)),
        ("health", library.health().map(drop)),
    ]
}

/// An empty library, and one with rows in every table.
fn corpus() -> Vec<Vec<u8>> {
    let bytes_of = |fill: fn(&mut Library) -> Result<()>| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut library = Library::open(folder.path()).expect("a new library");
        fill(&mut library).expect("rows");
        // The last connection that closes puts the log into the file.
        drop(library);
        fs::read(folder.path().join(FILE_NAME)).expect("its file")
    };
    vec![bytes_of(|_| Ok(())), bytes_of(fill)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inputs_are_read_whole_and_one_of_them_has_rows_in_every_table() {
        let inputs = corpus();
        for input in &inputs {
            assert_eq!(run(input), "", "nothing is refused before it is damaged");
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join(FILE_NAME), &inputs[1]).expect("a file in it");
        let library = Library::open(folder.path()).expect("it is sound");
        let rows = library.health().expect("it can be read").rows;
        let empty: Vec<_> = rows.iter().filter(|(_, rows)| *rows == 0).collect();
        assert!(
            empty.is_empty(),
            "damage there would be read by nobody: {empty:?}"
        );
    }
}
