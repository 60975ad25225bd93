//! Throughlines by name: what was said in them, and their files.

use std::path::PathBuf;

use serde::Serialize;
use throughline_app::view::{Imported, Thread, ThreadSummary, Track};
use throughline_app::{AppError, Session};

use super::{lines, now, similar, track_line};
use crate::args;
use crate::out::{Failed, Out, count};

#[derive(Serialize)]
struct Threads {
    throughlines: Vec<ThreadSummary>,
}

#[derive(Serialize)]
struct Exported {
    id: i64,
    file: PathBuf,
}

/// Runs one of the commands.
pub fn run(command: args::Throughline, session: &Session, out: Out) -> Result<(), Failed> {
    match command {
        args::Throughline::List => {
            let throughlines = session.threads()?;
            out.say(&Threads { throughlines }, |answer| {
                lines(answer.throughlines.iter().map(summary_line))
            })
        }
        args::Throughline::Show { which, before } => {
            let id = match which {
                Some(which) => Some(identity(session, &which)?),
                None => None,
            };
            let thread = match (id, before) {
                (None, None) => session.thread(now())?,
                (Some(id), None) => session.thread_at(id, now())?,
                (id, Some(then)) => session.thread_before(id, then)?,
            };
            out.say(&thread, words)
        }
        args::Throughline::Branch { from, name, before } => {
            let id = identity(session, &from)?;
            let thread = session.branch_thread(id, Some(&name), before, now())?;
            out.say(&thread, heading)
        }
        args::Throughline::Save { name } => {
            let thread = session.name_thread(Some(&name), now())?;
            out.say(&thread, heading)
        }
        args::Throughline::Export { which, file } => {
            let id = identity(session, &which)?;
            session.export_thread(id, &file)?;
            out.say(&Exported { id, file }, |answer| {
                format!("wrote {}", answer.file.display())
            })
        }
        args::Throughline::Import { file } => {
            let imported = session.import_thread(&file, now())?;
            out.say(&imported, imported_words)
        }
    }
}

/// The throughline that is called `which`, else the one of that number.
fn identity(session: &Session, which: &str) -> Result<i64, Failed> {
    let named = session.thread_called(which);
    let known = |id: &i64| Ok::<_, AppError>(session.threads()?.iter().any(|one| one.id == *id));
    match (named, which.parse()) {
        (Err(AppError::NoThroughline(_)), Ok(id)) if known(&id)? => Ok(id),
        (named, _) => Ok(named?),
    }
}

fn summary_line(summary: &ThreadSummary) -> String {
    let open = if summary.open { "  (open)" } else { "" };
    format!(
        "{:>6}  {}: {}{open}",
        summary.id,
        called(summary.name.as_ref()),
        extent(summary.seeds.len(), summary.thumbs)
    )
}

fn called(name: Option<&String>) -> String {
    name.map_or_else(|| "unnamed".to_owned(), |name| format!("“{name}”"))
}

fn extent(seeds: usize, thumbs: usize) -> String {
    format!("{}, {}", count(seeds, "seed"), count(thumbs, "thumb"))
}

fn heading(thread: &Thread) -> String {
    format!(
        "throughline {}, {}: {}",
        thread.id,
        called(thread.name.as_ref()),
        extent(
            thread.seeds.len(),
            thread.liked.len() + thread.disliked.len()
        )
    )
}

fn words(thread: &Thread) -> String {
    let mut paragraphs = vec![format!(
        "{}\nbreadth {:.2}, explore {:.2}",
        heading(thread),
        thread.knobs.breadth,
        thread.knobs.explore
    )];
    let weighed = |track: &Track| {
        let weight = thread.weights.iter().find(|seed| seed.id == track.id);
        let weight = weight.map(|seed| format!("  × {}", seed.weight));
        format!("{}{}", track_line(track), weight.unwrap_or_default())
    };
    let mut table = |title: &str, tracks: &[Track]| {
        if !tracks.is_empty() {
            let tracks = lines(tracks.iter().map(weighed));
            paragraphs.push(format!("{title}\n{tracks}"));
        }
    };
    table("Seeds", &thread.seeds);
    table("Negative seeds", &thread.opposed);
    table("Thumbs up", &thread.liked);
    table("Thumbs down", &thread.disliked);
    paragraphs.extend(thread.note.as_ref().map(|note| format!("note: {note}")));
    paragraphs.extend(thread.check.as_ref().map(|check| check.sentence.clone()));
    paragraphs.push(similar::rows(&thread.rows));
    paragraphs.join("\n\n")
}

fn imported_words(imported: &Imported) -> String {
    let mut words = heading(&imported.thread);
    if !imported.unresolved.is_empty() {
        words.push_str("\nleft out, since this library does not have them:");
        let unresolved = imported.unresolved.iter();
        words.extend(unresolved.map(|track| format!("\n    {track}")));
    }
    words
}
