//! The collection as a whole.

use super::{wav::RATE, *};
use std::{
    collections::BTreeSet,
    sync::{LazyLock, Mutex},
};

/// Every piece, rendered once for all tests.
static RENDERED: LazyLock<Vec<Vec<f32>>> = LazyLock::new(|| {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(vec![Vec::new(); PIECES]);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let n @ 0..PIECES = next.fetch_add(1, Ordering::Relaxed) {
                    let samples = styles::play(&pieces()[n]);
                    done.lock().expect("no worker panicked")[n] = samples;
                }
            });
        }
    });
    done.into_inner().expect("no worker panicked")
});

fn rendered() -> impl Iterator<Item = (&'static Piece, &'static Vec<f32>)> {
    pieces().iter().zip(&*RENDERED)
}

#[test]
fn every_piece_lasts_20_to_30_seconds_and_fills_its_range() {
    for (piece, samples) in rendered() {
        let seconds = samples.len() as f32 / RATE as f32;
        assert!(
            (20.0..=30.0).contains(&seconds),
            "{} lasts {seconds} s",
            piece.title
        );
        let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert!(
            (0.85..=0.95).contains(&peak),
            "{} peaks at {peak}",
            piece.title
        );
        let power = samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32;
        let level = 10.0 * power.log10();
        assert!(
            (-26.0..=-10.0).contains(&level),
            "{} is at {level} dB",
            piece.title
        );
        assert!(
            samples.iter().all(|x| x.is_finite()),
            "{} has a NaN",
            piece.title
        );
    }
}

#[test]
fn no_piece_falls_silent_on_the_way() {
    for (piece, samples) in rendered() {
        let body = &samples[RATE as usize..samples.len() - 4 * RATE as usize];
        for (n, second) in body.chunks_exact(2 * RATE as usize).enumerate() {
            let peak = second.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
            assert!(
                peak > 0.01,
                "{} is silent around second {}",
                piece.title,
                2 * n + 1
            );
        }
    }
}

#[test]
fn the_same_bytes_come_out_on_every_machine() {
    let mut hash = blake3::Hasher::new();
    for (piece, samples) in rendered() {
        hash.update(&wav::encode(samples, &piece.tags()));
    }
    assert_eq!(
        hash.finalize().to_hex().as_str(),
        GOLDEN,
        "the collection sounds different: if that is meant, raise its edition and set this anew"
    );
}

#[test]
fn each_style_can_be_told_from_the_others_by_how_it_sounds() {
    // Nearest neighbour by six plain numbers, each in units of its spread over the collection.
    let mut features: Vec<[f32; 6]> = RENDERED.iter().map(|samples| features(samples)).collect();
    for n in 0..6 {
        let mean = features.iter().map(|f| f[n]).sum::<f32>() / PIECES as f32;
        let spread = features.iter().map(|f| (f[n] - mean).powi(2)).sum::<f32>() / PIECES as f32;
        for feature in &mut features {
            feature[n] = (feature[n] - mean) / spread.sqrt();
        }
    }
    let alike = |a: usize, b: usize| -> f32 {
        features[a]
            .iter()
            .zip(features[b])
            .map(|(x, y)| (x - y) * (x - y))
            .sum()
    };
    let right = (0..PIECES)
        .filter(|&n| {
            let nearest = (0..PIECES)
                .filter(|&other| other != n)
                .min_by(|&a, &b| alike(n, a).total_cmp(&alike(n, b)))
                .expect("there are others");
            pieces()[n].style == pieces()[nearest].style
        })
        .count();
    assert!(
        right * 10 >= PIECES * 7,
        "only {right} of {PIECES} pieces have their style's nearest neighbour; chance gives 4"
    );
}

/// Brightness, steadiness and punch of a piece.
fn features(samples: &[f32]) -> [f32; 6] {
    let power = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32;
    let crossings = samples
        .windows(2)
        .filter(|pair| (pair[0] < 0.0) != (pair[1] < 0.0))
        .count();
    let slope: Vec<f32> = samples.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut dull = filter::LowPass::new(200.0);
    let deep: Vec<f32> = samples.iter().map(|&x| dull.low(x)).collect();
    let mut levels: Vec<f32> = samples
        .chunks_exact(RATE as usize / 20)
        .map(|frame| 10.0 * (power(frame) + 1e-7).log10())
        .collect();
    let rises: f32 = levels
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .sum();
    let change = rises / levels.len() as f32;
    levels.sort_by(f32::total_cmp);
    [
        (crossings as f32 / samples.len() as f32).ln(),
        (power(&slope) / power(samples)).ln(),
        (power(&deep) / power(samples)).ln(),
        levels[levels.len() * 9 / 10] - levels[levels.len() / 4],
        change.ln(),
        power(samples).ln(),
    ]
}

#[test]
fn titles_are_different_and_can_be_file_names() {
    let titles: BTreeSet<&str> = pieces().iter().map(|piece| piece.title).collect();
    assert_eq!(titles.len(), PIECES, "no title comes twice");
    let names = pieces()
        .iter()
        .flat_map(|piece| [piece.title, piece.style.name()]);
    for name in names {
        assert!(
            !name.contains(['/', '\\', ':', '?', '*', '"', '<', '>', '|']),
            "{name} is no file name on every system"
        );
    }
}

#[test]
fn whole_files_are_left_alone_and_gaps_filled() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |piece: &Piece| {
        let album = folder.path().join(piece.style.name());
        album.join(format!("{}.wav", piece.title))
    };
    for (piece, samples) in rendered() {
        fs::create_dir_all(folder.path().join(piece.style.name())).expect("an album");
        fs::write(path(piece), wav::encode(samples, &piece.tags())).expect("written");
    }
    let (kept, cut, gone) = (path(&pieces()[0]), path(&pieces()[1]), path(&pieces()[39]));
    let whole = [&cut, &gone].map(|path| fs::read(path).expect("a file"));
    fs::write(&cut, &whole[0][..1000]).expect("written");
    fs::remove_file(&gone).expect("removed");
    let time = |path| {
        fs::metadata(path)
            .and_then(|data| data.modified())
            .expect("a time")
    };
    let before = time(&kept);

    let mut counts = Vec::new();
    let done = render(
        folder.path(),
        |done, total| counts.push((done, total)),
        || false,
    );
    assert_eq!(done.expect("rendered"), PIECES);
    let every: Vec<_> = (1..=PIECES).map(|n| (n, PIECES)).collect();
    assert_eq!(counts, every, "each piece is reported once");
    assert_eq!(time(&kept), before, "a whole file is left alone");
    assert_eq!(
        fs::read(&cut).expect("a file"),
        whole[0],
        "a cut one is made again"
    );
    assert_eq!(
        fs::read(&gone).expect("a file"),
        whole[1],
        "a missing one is made"
    );
    let names = fs::read_dir(folder.path().join(Style::Strings.name())).expect("an album");
    assert_eq!(names.count(), 5, "nothing but the pieces is left behind");
}

#[test]
fn cancelling_stops_between_two_pieces() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = render(folder.path(), |_, _| {}, || true).expect("no error");
    assert!(
        done < PIECES,
        "{done} pieces were made though it was cancelled at once"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").expect("written");
    render(&file, |_, _| {}, || false).expect_err("a file is no folder");
}

/// BLAKE3 of all files, one after the other.
const GOLDEN: &str = "1706fc0dba7dfcbbf105a846ada4edce416c1af1487e1c9cd1578bd94fb7513b";
