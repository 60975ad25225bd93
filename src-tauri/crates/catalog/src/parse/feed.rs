//! Songs of charts.

use reqwest::Url;
use serde::Deserialize;
use throughline_core::catalog::{AlbumId, ArtistId, Song, SongId};

use super::loose::{List, Loose, Object};
use super::tidy::{Draft, id, text, year};

/// Links and pictures of one entry that are looked at; the feed gives two and three.
const MOST: usize = 8;

/// A song of the store's feed, XML written as JSON: text is in labels, all else in attributes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    id: Object<Node>,
    #[serde(rename = "im:name")]
    name: Object<Node>,
    #[serde(rename = "im:artist")]
    artist: Object<Node>,
    #[serde(rename = "im:collection")]
    collection: Object<Collection>,
    #[serde(rename = "im:image")]
    image: List<Node, MOST>,
    #[serde(rename = "im:releaseDate")]
    release_date: Object<Node>,
    category: Object<Node>,
    link: List<Node, MOST>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Node {
    label: Loose,
    attributes: Object<Attributes>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attributes {
    #[serde(rename = "im:id")]
    id: Loose,
    href: Loose,
    rel: Loose,
    term: Loose,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Collection {
    #[serde(rename = "im:name")]
    name: Object<Node>,
    link: Object<Node>,
}

/// A song of the list that came after the feed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Listed {
    id: Loose,
    name: Loose,
    artist_id: Loose,
    artist_name: Loose,
    artwork_url100: Loose,
    genres: List<Genre, MOST>,
    release_date: Loose,
    url: Loose,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Genre {
    name: Loose,
}

/// Takes the song of `entry` into `draft`; `None` if it has no number or no title.
pub(super) fn take_entry(entry: &Entry, draft: &mut Draft<'_>) -> Option<()> {
    let number = |node: &Object<Node>, field: fn(&Attributes) -> Option<u64>| {
        node.0.as_ref()?.attributes.0.as_ref().and_then(field)
    };
    let label = |node: &Object<Node>| text(&node.0.as_ref()?.label);
    let none = Collection::default();
    let album = entry.collection.0.as_ref().unwrap_or(&none);
    let links = || entry.link.items.iter().flatten();
    let href = |rel: &str| {
        links()
            .filter_map(|node| node.attributes.0.as_ref())
            .find(|link| link.rel.text() == Some(rel))
            .map(|link| &link.href)
    };
    let song = Song {
        id: number(&entry.id, |id_of| id(&id_of.id)).map(SongId)?,
        title: label(&entry.name)?,
        artist: label(&entry.artist),
        artist_id: number(&entry.artist, |of| linked_id(&of.href)).map(ArtistId),
        album: label(&album.name),
        album_id: number(&album.link, |of| linked_id(&of.href)).map(AlbumId),
        genre: entry
            .category
            .0
            .as_ref()
            .and_then(|node| node.attributes.0.as_ref())
            .and_then(|category| text(&category.term)),
        year: entry
            .release_date
            .0
            .as_ref()
            .and_then(|node| year(&node.label)),
        // The feed tells how long the preview is, not the song.
        duration_s: None,
        preview: href("enclosure").and_then(|link| draft.link(link)),
        // From the smallest to the largest.
        artwork: entry
            .image
            .items
            .iter()
            .flatten()
            .next_back()
            .and_then(|image| draft.link(&image.label)),
        page: href("alternate").and_then(|link| draft.link(link)),
    };
    draft.reading.answer.songs.push(song);
    Some(())
}

/// Takes the song of `listed` into `draft`; `None` if it has no number or no title.
pub(super) fn take_listed(listed: &Listed, draft: &mut Draft<'_>) -> Option<()> {
    let song = Song {
        id: id(&listed.id).map(SongId)?,
        title: text(&listed.name)?,
        artist: text(&listed.artist_name),
        artist_id: id(&listed.artist_id).map(ArtistId),
        album: None,
        album_id: None,
        genre: listed
            .genres
            .items
            .iter()
            .flatten()
            .find_map(|genre| text(&genre.name)),
        year: year(&listed.release_date),
        duration_s: None,
        preview: None,
        artwork: draft.link(&listed.artwork_url100),
        page: draft.link(&listed.url),
    };
    draft.reading.answer.songs.push(song);
    Some(())
}

/// The number at the end of a link to a page of the store, as in `…/artist/name/123` or `…/id123`.
fn linked_id(link: &Loose) -> Option<u64> {
    let url = Url::parse(link.text()?).ok()?;
    let last = url.path_segments()?.next_back()?;
    let number = last.strip_prefix("id").unwrap_or(last);
    number.parse().ok().filter(|&id| id > 0)
}
