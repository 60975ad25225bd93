//! What the tags of a file say, as far as it makes sense.
//!
//! Two readers, for each survives what the other does not. lofty keeps the bytes of badly encoded ID3
//! text, which [`text`] can then repair, and reads the INFO of WAV files; but one frame that makes no
//! sense costs it the whole tag. symphonia, which has read the file anyway, skips what makes no sense
//! and fills what is missing then.

use std::io::{BufReader, Read, Seek};

use lofty::{
    config::{ParseOptions, ParsingMode},
    file::TaggedFileExt,
    probe::Probe,
    tag::{ItemKey, Tag, TagType},
};
use symphonia::core::{
    formats::FormatReader,
    meta::{RawValue, StandardTag, Tag as RevisionTag},
};
use throughline_core::track::Tags;

use crate::{probe::guarded, source::Source};

mod id3;
mod text;

/// Tags of `source`, which `format` was opened on. Tags that cannot be read are no tags: the
/// sound may be fine.
pub(crate) fn read(source: &Source, format: &mut dyn FormatReader) -> Tags {
    let mut found = Found::default();
    match guarded(|| parse(source)) {
        Ok(Ok(tags)) => tags.iter().for_each(|tag| found.add_lofty(tag)),
        Ok(Err(error)) => {
            tracing::debug!(%error, ?source, "lofty cannot read the tags");
        }
        Err(error) => tracing::debug!(%error, ?source, "the tags made lofty fail"),
    }
    let mut metadata = format.metadata();
    let mut revisions = Vec::new();
    loop {
        let popped = metadata.pop();
        let last = popped.is_none();
        revisions.extend(popped.or_else(|| metadata.current().cloned()));
        if last {
            break;
        }
    }
    // What stands at the end of the file was read first: ID3v1.
    for tag in revisions
        .iter()
        .rev()
        .flat_map(|revision| &revision.media.tags)
    {
        found.add_symphonia(tag);
    }
    found.tags
}

/// All tags that lofty finds, the best first: `ID3v1`, which cuts every field at 30 bytes, comes last.
fn parse(source: &Source) -> Result<Vec<Tag>, Box<dyn std::error::Error>> {
    tags_in(id3::Guarded::new(BufReader::new(source.open()?.0)))
}

fn tags_in(file: impl Read + Seek) -> Result<Vec<Tag>, Box<dyn std::error::Error>> {
    let mut options = ParseOptions::new();
    options
        .read_properties(false)
        .read_cover_art(false)
        .parsing_mode(ParsingMode::Relaxed);
    let probe = Probe::new(file).options(options).guess_file_type()?;
    let mut tags = probe.read()?.tags().to_vec();
    tags.sort_by_key(|tag| tag.tag_type() == TagType::Id3v1);
    Ok(tags)
}

/// The first of each field that makes sense.
#[derive(Default)]
struct Found {
    tags: Tags,
}

impl Found {
    fn add_lofty(&mut self, tag: &Tag) {
        for item in tag.items() {
            let Some(value) = item.value().text() else {
                continue;
            };
            match item.key() {
                ItemKey::TrackTitle => keep(&mut self.tags.title, value),
                ItemKey::TrackArtist => keep(&mut self.tags.artist, value),
                ItemKey::AlbumTitle => keep(&mut self.tags.album, value),
                ItemKey::Genre => keep(&mut self.tags.genre, value),
                ItemKey::RecordingDate | ItemKey::Year | ItemKey::ReleaseDate => {
                    self.keep_year(value);
                }
                _ => {}
            }
        }
    }

    fn add_symphonia(&mut self, tag: &RevisionTag) {
        match &tag.std {
            Some(StandardTag::TrackTitle(value)) => keep(&mut self.tags.title, value),
            Some(StandardTag::Artist(value)) => keep(&mut self.tags.artist, value),
            Some(StandardTag::Album(value)) => keep(&mut self.tags.album, value),
            Some(StandardTag::Genre(value)) => keep(&mut self.tags.genre, value),
            Some(StandardTag::RecordingDate(date) | StandardTag::ReleaseDate(date)) => {
                self.keep_year(date);
            }
            Some(StandardTag::RecordingYear(year) | StandardTag::ReleaseYear(year)) => {
                self.keep_year(&year.to_string());
            }
            // An ID3 frame of several values is left as it is.
            None => {
                let RawValue::StringList(values) = &tag.raw.value else {
                    return;
                };
                let field = match tag.raw.key.as_str() {
                    "TIT2" => &mut self.tags.title,
                    "TPE1" => &mut self.tags.artist,
                    "TALB" => &mut self.tags.album,
                    "TCON" => &mut self.tags.genre,
                    _ => return,
                };
                values.iter().for_each(|value| keep(field, value));
            }
            _ => {}
        }
    }

    fn keep_year(&mut self, date: &str) {
        self.tags.year = self.tags.year.or_else(|| text::year(date));
    }
}

fn keep(field: &mut Option<String>, value: &str) {
    if field.is_none() {
        *field = text::clean(value);
    }
}
