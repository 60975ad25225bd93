use std::time::Instant;

use throughline_core::catalog::Song;
use throughline_core::catalog::crawl::Judged;
use throughline_library::Library;

use crate::song::{bring, plan_songs, song, wanted};
use crate::{NOW, recipe};

#[test]
#[ignore = "measures: cargo test -p throughline-library --test library -- --ignored --nocapture how_long"]
fn how_long_a_hundred_thousand_songs_take() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = Library::open(dir.path()).unwrap();
    let songs: Vec<Song> = (0..100_000).map(song).collect();
    let begun = Instant::now();
    let tx = library.begin().unwrap();
    tx.songs_mut().upsert(&songs, NOW).unwrap();
    tx.commit().unwrap();
    eprintln!(
        "100,000 songs at once: {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    for (calls, songs) in songs.chunks(200).enumerate() {
        let judged: Vec<Judged> = songs
            .iter()
            .map(|song| wanted(song.id.0, calls as u32))
            .collect();
        bring(&mut library, songs, &judged);
    }
    eprintln!(
        "in 500 calls, judged: {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    assert_eq!(plan_songs(&mut library), 100_000);
    eprintln!("planned: {:.2} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    assert_eq!(library.songs().pending(&recipe(), 64).unwrap().len(), 64);
    eprintln!("the 64 nearest: {:.3} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let crawl = library.crawls().open().unwrap().unwrap().id;
    let mut rows = 0;
    library
        .crawls()
        .replay(crawl, |_, answer| rows += answer.songs.len())
        .unwrap();
    eprintln!("{rows} replayed: {:.2} s", begun.elapsed().as_secs_f64());
    eprintln!("{} MB", library.health().unwrap().bytes / 1_000_000);
}
