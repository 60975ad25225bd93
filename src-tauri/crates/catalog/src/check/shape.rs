//! Where the form of an answer differs from the one that is read here. Pure.

use serde_json::Value;
use throughline_core::catalog::Call;

use crate::parse::{MAX_ROWS, Reading};

/// A field that is read.
struct Field {
    /// Where it is in a row (RFC 6901).
    pointer: &'static str,
    kind: Kind,
    /// Whether every row is to have it; otherwise one of them at least.
    always: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    List,
}

const fn field(pointer: &'static str, kind: Kind) -> Field {
    Field {
        pointer,
        kind,
        always: true,
    }
}

/// Fields of a song. A preview may be missing, and so may an album.
const SONG: [Field; 13] = [
    field("/wrapperType", Kind::Text),
    field("/kind", Kind::Text),
    field("/trackId", Kind::Number),
    field("/trackName", Kind::Text),
    field("/artistId", Kind::Number),
    field("/artistName", Kind::Text),
    field("/collectionId", Kind::Number),
    field("/collectionName", Kind::Text),
    field("/primaryGenreName", Kind::Text),
    field("/releaseDate", Kind::Text),
    field("/trackTimeMillis", Kind::Number),
    Field {
        always: false,
        ..field("/previewUrl", Kind::Text)
    },
    field("/artworkUrl100", Kind::Text),
];

/// Fields of an artist.
const ARTIST: [Field; 3] = [
    field("/artistId", Kind::Number),
    field("/artistName", Kind::Text),
    field("/primaryGenreName", Kind::Text),
];

/// Fields of an album.
const ALBUM: [Field; 4] = [
    field("/collectionId", Kind::Number),
    field("/collectionName", Kind::Text),
    field("/artistId", Kind::Number),
    field("/trackCount", Kind::Number),
];

/// Fields of an entry of a chart.
const ENTRY: [Field; 10] = [
    field("/id/attributes/im:id", Kind::Text),
    field("/im:name/label", Kind::Text),
    field("/im:artist/label", Kind::Text),
    field("/im:artist/attributes/href", Kind::Text),
    field("/im:collection/im:name/label", Kind::Text),
    field("/im:collection/link/attributes/href", Kind::Text),
    field("/im:image", Kind::List),
    field("/im:releaseDate/label", Kind::Text),
    field("/category/attributes/term", Kind::Text),
    field("/link", Kind::List),
];

/// Where the answer `bytes` to `call` differs from what is read here; `reading` is what was read of it.
pub(super) fn differences(call: &Call, bytes: &[u8], reading: &Reading) -> Vec<String> {
    let mut differences = Vec::new();
    let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
    if matches!(call, Call::Chart { .. }) {
        let entries = rows(&document["feed"]["entry"]);
        missing(
            "entries",
            &entries.iter().collect::<Vec<_>>(),
            &ENTRY,
            &mut differences,
        );
    } else {
        let all = rows(&document["results"]);
        for (name, wrapper, fields) in [
            ("songs", "track", &SONG[..]),
            ("artists", "artist", &ARTIST),
            ("albums", "collection", &ALBUM),
        ] {
            let of_kind = all.iter().filter(|row| row["wrapperType"] == wrapper);
            missing(name, &of_kind.collect::<Vec<_>>(), fields, &mut differences);
        }
        if document["resultCount"].as_u64() != Some(all.len() as u64) {
            let count = &document["resultCount"];
            differences.push(format!("resultCount is {count} for {} rows", all.len()));
        }
    }
    lacking(call, reading, &mut differences);
    if reading.answer.unreadable > 0 {
        differences.push(format!("{} rows cannot be read", reading.answer.unreadable));
    }
    if reading.beyond > 0 {
        let n = MAX_ROWS + reading.beyond;
        differences.push(format!("{n} rows came, where {MAX_ROWS} are the most"));
    }
    for (link, refusal) in &reading.refused {
        differences.push(format!("a link is not followed: {link}: {refusal}"));
    }
    differences
}

/// What the answer to `call` is to have and has not.
fn lacking(call: &Call, reading: &Reading, differences: &mut Vec<String>) {
    let answer = &reading.answer;
    let (songs, artists, albums) = match call {
        Call::Search { .. } | Call::Songs { .. } | Call::Chart { .. } => (true, false, false),
        Call::ArtistSongs { .. } => (true, true, false),
        Call::ArtistAlbums { .. } => (false, true, true),
        Call::AlbumSongs { .. } => (true, false, true),
    };
    for (name, wanted, n) in [
        ("songs", songs, answer.songs.len()),
        ("artists", artists, answer.artists.len()),
        ("albums", albums, answer.albums.len()),
    ] {
        if wanted && n == 0 {
            differences.push(format!("there are no {name} in it"));
        }
    }
    let asked = match call {
        Call::Search { limit, .. } => *limit as usize,
        _ => MAX_ROWS,
    };
    if answer.songs.len() > asked {
        let n = answer.songs.len();
        differences.push(format!("{n} songs came, where {asked} were asked for"));
    }
}

/// Says which of `fields` are missing in `rows`, or of another kind.
fn missing(name: &str, rows: &[&Value], fields: &[Field], differences: &mut Vec<String>) {
    let n = rows.len();
    for field in fields {
        let there: Vec<_> = rows
            .iter()
            .filter_map(|row| row.pointer(field.pointer))
            .collect();
        let odd = there
            .iter()
            .filter(|value| !is_of(value, field.kind))
            .count();
        let absent = n - there.len();
        let pointer = field.pointer.trim_start_matches('/');
        if absent > 0 && (field.always || absent == n) {
            differences.push(format!("{pointer} is missing in {absent} of {n} {name}"));
        }
        if odd > 0 {
            let kind = field.kind;
            differences.push(format!("{pointer} is no {kind} in {odd} of {n} {name}"));
        }
    }
}

/// The rows of a list; an object that stands alone is one.
fn rows(value: &Value) -> &[Value] {
    match value {
        Value::Array(rows) => rows,
        Value::Object(_) => std::slice::from_ref(value),
        _ => &[],
    }
}

fn is_of(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::Number => value.is_u64(),
        Kind::Text => value.is_string(),
        Kind::List => value.is_array(),
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::List => "list",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use throughline_core::catalog::{AlbumId, SongId};

    use super::*;
    use crate::links::Links;
    use crate::parse;

    fn found(call: &Call, document: &Value) -> Vec<String> {
        let bytes = document.to_string().into_bytes();
        let links = Links::new(None).expect("the catalogue's own address");
        let reading = match call {
            Call::Chart { .. } => parse::chart(&bytes, &links),
            _ => parse::results(&bytes, &links),
        };
        differences(call, &bytes, &reading.expect("it has the form"))
    }

    #[test]
    fn every_difference_is_named_and_counted() {
        let row = json!({
            "wrapperType": "track", "kind": "song", "trackId": 1, "trackName": "T", "artistId": "7",
            "artistName": "A", "collectionId": 2, "primaryGenreName": "Rock",
            "releaseDate": "2005-03-01", "trackTimeMillis": 1, "artworkUrl100": "https://mzstatic.com/a",
            "trackViewUrl": "https://elsewhere.example/x",
        });
        let document = json!({"resultCount": 3, "results": [row, {"wrapperType": "new"}]});
        let ids = vec![SongId(1)];
        let expected = [
            "artistId is no number in 1 of 1 songs",
            "collectionName is missing in 1 of 1 songs",
            "previewUrl is missing in 1 of 1 songs",
            "resultCount is 3 for 2 rows",
            "1 rows cannot be read",
            "a link is not followed: https://elsewhere.example/x: its host is none of the catalogue's",
        ];
        assert_eq!(found(&Call::Songs { ids }, &document), expected);
    }

    #[test]
    fn an_answer_to_something_else_is_noticed() {
        let nothing = json!({"resultCount": 0, "results": []});
        let album = AlbumId(1);
        let lacking = ["there are no songs in it", "there are no albums in it"];
        assert_eq!(found(&Call::AlbumSongs { album }, &nothing), lacking);
        let chart = Call::Chart { genre: None };
        assert_eq!(found(&chart, &json!({"feed": {}})), lacking[..1]);
        let entry = json!({"feed": {"entry": {"im:name": {"label": 5}}}});
        let differences = found(&chart, &entry);
        assert!(differences.contains(&"im:name/label is no text in 1 of 1 entries".to_owned()));
        assert!(differences.contains(&"link is missing in 1 of 1 entries".to_owned()));
    }
}
