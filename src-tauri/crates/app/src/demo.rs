//! The demo collection: a few dozen short pieces in clearly different styles, rendered by a small
//! synthesiser, so that a library can be built and explored on any machine without a network.
//!
//! A piece is a pure function of its place in the catalogue. The synthesiser reads no clock and no
//! random source, and computes with `+ - * /` and `sqrt` alone, which IEEE 754 rounds the same
//! everywhere; so the same bytes come out on every machine, and with them the same vectors.

mod catalogue;
mod filter;
mod harmony;
mod math;
mod melody;
mod noise;
mod oscillator;
mod percussion;
mod rng;
mod room;
mod styles;
mod tape;
#[cfg(test)]
mod tests;
mod wav;

pub use catalogue::{PIECES, Piece, Style, pieces};

use std::{
    fs, io,
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

/// How often `cancelled` is asked while no piece has come in.
const POLL: Duration = Duration::from_millis(50);

/// Renders the collection into `folder` as `<folder>/<style>/<title>.wav` on all cores, and
/// returns how many of its pieces are there now: [`PIECES`], or fewer when `cancelled` said true.
///
/// `on_progress(done, PIECES)` is called after each piece, in the caller's thread. A file appears
/// under its name only when it is whole; a piece that is there already is left alone.
///
/// # Errors
/// The first folder or file that cannot be written; the other pieces are then given up.
pub fn render(
    folder: &Path,
    mut on_progress: impl FnMut(usize, usize),
    cancelled: impl Fn() -> bool,
) -> io::Result<usize> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let (sender, finished) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                while !stop.load(Ordering::Relaxed) {
                    let Some(piece) = pieces().get(next.fetch_add(1, Ordering::Relaxed)) else {
                        break;
                    };
                    if sender.send(write(folder, piece)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut done = 0;
        loop {
            match finished.recv_timeout(POLL) {
                Ok(Ok(())) => {
                    done += 1;
                    on_progress(done, PIECES);
                }
                Ok(Err(error)) => {
                    stop.store(true, Ordering::Relaxed);
                    return Err(error);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(done),
            }
            if cancelled() {
                stop.store(true, Ordering::Relaxed);
            }
        }
    })
}

/// Writes one piece unless it is there whole: first under a name of its own, then renamed.
fn write(folder: &Path, piece: &Piece) -> io::Result<()> {
    let album = folder.join(piece.style.name());
    let path = album.join(format!("{}.wav", piece.title));
    let tags = piece.tags();
    if wav::is_whole(&path, &tags) {
        return Ok(());
    }
    fs::create_dir_all(&album)?;
    let part = album.join(format!(".{}.{}.part", piece.title, std::process::id()));
    let written = fs::write(&part, wav::encode(&styles::play(piece), &tags))
        .and_then(|()| fs::rename(&part, &path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&part);
    }
    written
}
