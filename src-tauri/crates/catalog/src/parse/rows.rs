//! Rows of searches and lookups.

use serde::Deserialize;
use throughline_core::catalog::{Album, AlbumId, Artist, ArtistId, Song, SongId};

use super::loose::Loose;
use super::tidy::{Draft, id, seconds, text, year};

/// A song, an artist or an album.
///
/// Source: the fields of Apple's iTunes Search API, archived documentation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Row {
    wrapper_type: Loose,
    kind: Loose,
    artist_id: Loose,
    collection_id: Loose,
    track_id: Loose,
    artist_name: Loose,
    collection_name: Loose,
    track_name: Loose,
    track_view_url: Loose,
    preview_url: Loose,
    artwork_url30: Loose,
    artwork_url60: Loose,
    artwork_url100: Loose,
    track_time_millis: Loose,
    track_count: Loose,
    release_date: Loose,
    primary_genre_name: Loose,
}

/// Takes what `row` tells into `draft`; `None` if it is of no use.
pub(super) fn take(row: &Row, draft: &mut Draft<'_>) -> Option<()> {
    match (row.wrapper_type.text(), row.kind.text()) {
        (Some("track") | None, Some("song")) => {
            let song = song(row, draft)?;
            draft.reading.answer.songs.push(song);
        }
        (Some("artist"), _) => draft.reading.answer.artists.push(Artist {
            id: id(&row.artist_id).map(ArtistId)?,
            name: text(&row.artist_name)?,
            genre: text(&row.primary_genre_name),
        }),
        (Some("collection"), _) => draft.reading.answer.albums.push(Album {
            id: id(&row.collection_id).map(AlbumId)?,
            title: text(&row.collection_name)?,
            artist_id: id(&row.artist_id).map(ArtistId),
            songs: row.track_count.whole().and_then(|n| n.try_into().ok()),
        }),
        _ => return None,
    }
    Some(())
}

fn song(row: &Row, draft: &mut Draft<'_>) -> Option<Song> {
    let pictures = [&row.artwork_url100, &row.artwork_url60, &row.artwork_url30];
    Some(Song {
        id: id(&row.track_id).map(SongId)?,
        title: text(&row.track_name)?,
        artist: text(&row.artist_name),
        artist_id: id(&row.artist_id).map(ArtistId),
        album: text(&row.collection_name),
        album_id: id(&row.collection_id).map(AlbumId),
        genre: text(&row.primary_genre_name),
        year: year(&row.release_date),
        duration_s: seconds(&row.track_time_millis),
        preview: draft.link(&row.preview_url),
        artwork: pictures.into_iter().find_map(|field| draft.link(field)),
        page: draft.link(&row.track_view_url),
    })
}
