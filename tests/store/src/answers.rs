//! What the catalogue says, in Apple's shapes.
//!
//! Source: Apple's archived documentation of its search API, and of its feeds of charts.

use serde_json::{Value, json};

use crate::faults::{Fate, Fates};
use crate::http::Request;
use crate::songs::StoreSong;

/// Rows of an answer, at most.
const MOST_ROWS: usize = 200;
/// Rows of an answer when none are asked for.
const ROWS: usize = 50;

/// What is needed to answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Catalogue<'a> {
    pub songs: &'a [StoreSong],
    pub fates: &'a Fates,
    /// Address of the store.
    pub url: &'a str,
}

/// Where the preview of the song of number `id` is, in the store at `url`.
pub(crate) fn preview_url(url: &str, id: u64) -> String {
    format!("{url}/preview/{id}.m4a")
}

impl Catalogue<'_> {
    /// The answer to a search.
    pub fn search(&self, request: &Request) -> Value {
        let term = request.query("term").unwrap_or_default().to_lowercase();
        let within = request.query("attribute");
        let words: Vec<_> = term.split_whitespace().collect();
        let is_match = |song: &&StoreSong| {
            let text = match within.as_deref() {
                Some("artistTerm") => song.artist.clone(),
                Some("songTerm") => song.title.clone(),
                Some("genreIndex") => song.genre.clone(),
                _ => [&song.artist[..], &song.title, &song.album, &song.genre].join(" "),
            };
            let text = text.to_lowercase();
            !words.is_empty() && words.iter().all(|word| text.contains(word))
        };
        let found = self.songs.iter().filter(is_match);
        results(found.map(|song| self.track(song)).take(rows(request)))
    }

    /// The answer to a lookup: each number may be a song's, an album's or an artist's.
    pub fn lookup(&self, request: &Request) -> Value {
        let ids = request.query("id").unwrap_or_default();
        let entity = request.query("entity");
        let most = rows(request);
        let found = ids
            .split(',')
            .filter_map(|id| id.trim().parse().ok())
            .flat_map(|id| self.of_number(id, entity.as_deref(), most));
        results(found.take(MOST_ROWS + 1))
    }

    fn of_number(&self, id: u64, entity: Option<&str>, most: usize) -> Vec<Value> {
        if let Some(song) = self.songs.iter().find(|song| song.id == id) {
            return vec![self.track(song)];
        }
        let of_artist: Vec<_> = self
            .songs
            .iter()
            .filter(|song| song.artist_id == id)
            .collect();
        let of_album: Vec<_> = self
            .songs
            .iter()
            .filter(|song| song.album_id == id)
            .collect();
        let (first, songs) = match (of_artist.first(), of_album.first()) {
            (Some(song), _) => (self.artist(song), of_artist),
            (None, Some(song)) => (self.album(song), of_album),
            (None, None) => return Vec::new(),
        };
        let more: Vec<_> = match entity {
            Some("song") => songs
                .into_iter()
                .map(|song| self.track(song))
                .take(most)
                .collect(),
            Some("album") => {
                let mut albums: Vec<&StoreSong> = Vec::new();
                for song in songs {
                    if albums.iter().all(|known| known.album_id != song.album_id) {
                        albums.push(song);
                    }
                }
                albums
                    .into_iter()
                    .map(|song| self.album(song))
                    .take(most)
                    .collect()
            }
            _ => Vec::new(),
        };
        [first].into_iter().chain(more).collect()
    }

    /// A chart: every song of the genre, the newest first.
    pub fn chart(&self, genre: Option<u32>, limit: usize) -> Value {
        let is_of = |song: &&StoreSong| genre.is_none_or(|genre| song.genre_id == genre);
        let mut songs: Vec<_> = self.songs.iter().filter(is_of).collect();
        songs.sort_by_key(|song| (-song.year, song.id));
        let mut entries: Vec<_> = songs
            .into_iter()
            .take(limit)
            .map(|song| self.entry(song))
            .collect();
        let mut feed = json!({
            "author": {"name": {"label": "Throughline's store for tests"}},
            "title": {"label": "Top Songs"},
        });
        // As XML that was made JSON: none is no field, and one is no list.
        match entries.len() {
            0 => {}
            1 => feed["entry"] = entries.swap_remove(0),
            _ => feed["entry"] = Value::Array(entries),
        }
        json!({ "feed": feed })
    }

    /// The link to a song's preview, if it has one.
    fn preview(&self, song: &StoreSong) -> Option<String> {
        match self.fates.of(song.id) {
            Fate::NoPreview => None,
            Fate::Elsewhere => Some(preview_url("https://store.example", song.id)),
            Fate::Good | Fate::Gone | Fate::Garbage => Some(preview_url(self.url, song.id)),
        }
    }

    fn track(&self, song: &StoreSong) -> Value {
        let url = self.url;
        let mut row = json!({
            "wrapperType": "track",
            "kind": "song",
            "artistId": song.artist_id,
            "collectionId": song.album_id,
            "trackId": song.id,
            "artistName": song.artist,
            "collectionName": song.album,
            "trackName": song.title,
            "artistViewUrl": format!("{url}/page/{}", song.artist_id),
            "collectionViewUrl": format!("{url}/page/{}", song.album_id),
            "trackViewUrl": format!("{url}/page/{}", song.id),
            "artworkUrl30": format!("{url}/artwork/{}/30.png", song.album_id),
            "artworkUrl60": format!("{url}/artwork/{}/60.png", song.album_id),
            "artworkUrl100": format!("{url}/artwork/{}/100.png", song.album_id),
            "releaseDate": release_date(song),
            "trackExplicitness": "notExplicit",
            "trackTimeMillis": song.duration_ms,
            "country": "USA",
            "currency": "USD",
            "primaryGenreName": song.genre,
            "isStreamable": true,
        });
        if let Some(link) = self.preview(song) {
            row["previewUrl"] = link.into();
        }
        row
    }

    fn artist(&self, song: &StoreSong) -> Value {
        json!({
            "wrapperType": "artist",
            "artistType": "Artist",
            "artistName": song.artist,
            "artistLinkUrl": format!("{}/page/{}", self.url, song.artist_id),
            "artistId": song.artist_id,
            "primaryGenreName": song.genre,
            "primaryGenreId": song.genre_id,
        })
    }

    fn album(&self, song: &StoreSong) -> Value {
        let (url, id) = (self.url, song.album_id);
        let songs = self
            .songs
            .iter()
            .filter(|other| other.album_id == id)
            .count();
        json!({
            "wrapperType": "collection",
            "collectionType": "Album",
            "artistId": song.artist_id,
            "collectionId": id,
            "artistName": song.artist,
            "collectionName": song.album,
            "collectionViewUrl": format!("{url}/page/{id}"),
            "artworkUrl100": format!("{url}/artwork/{id}/100.png"),
            "trackCount": songs,
            "releaseDate": release_date(song),
            "primaryGenreName": song.genre,
        })
    }

    fn entry(&self, song: &StoreSong) -> Value {
        let url = self.url;
        let page = format!("{url}/page/{}", song.id);
        let mut links =
            vec![json!({"attributes": {"rel": "alternate", "type": "text/html", "href": page}})];
        if let Some(link) = self.preview(song) {
            links.push(json!({
                "im:duration": {"label": "30000"},
                "attributes": {"title": "Preview", "rel": "enclosure", "type": "audio/x-m4a",
                    "href": link, "im:assetType": "preview"},
            }));
        }
        json!({
            "im:name": {"label": song.title},
            "im:image": [
                {"label": format!("{url}/artwork/{}/55.png", song.album_id), "attributes": {"height": "55"}},
                {"label": format!("{url}/artwork/{}/170.png", song.album_id), "attributes": {"height": "170"}},
            ],
            "im:collection": {
                "im:name": {"label": song.album},
                "link": {"attributes": {"rel": "alternate", "type": "text/html",
                    "href": format!("{url}/album/{}?uo=2", song.album_id)}},
            },
            "title": {"label": format!("{} - {}", song.title, song.artist)},
            "link": links,
            "id": {"label": page, "attributes": {"im:id": song.id.to_string()}},
            "im:artist": {"label": song.artist,
                "attributes": {"href": format!("{url}/artist/{}?uo=2", song.artist_id)}},
            "category": {"attributes": {"im:id": song.genre_id.to_string(), "term": song.genre,
                "label": song.genre}},
            "im:releaseDate": {"label": release_date(song)},
        })
    }
}

/// `value` with numbers as text, and fields that nobody knows: nothing of use is lost.
pub(crate) fn with_other_types(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(with_other_types),
        Value::Object(fields) => {
            fields.values_mut().for_each(with_other_types);
            fields.insert("somethingNew".to_owned(), json!({"deep": [[null, 1.5]]}));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn results(rows: impl Iterator<Item = Value>) -> Value {
    let rows: Vec<_> = rows.collect();
    json!({"resultCount": rows.len(), "results": rows})
}

fn rows(request: &Request) -> usize {
    let asked = request.query("limit").and_then(|limit| limit.parse().ok());
    asked.unwrap_or(ROWS).clamp(1, MOST_ROWS)
}

fn release_date(song: &StoreSong) -> String {
    format!("{:04}-03-01T08:00:00Z", song.year)
}
