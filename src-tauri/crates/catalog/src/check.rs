//! Asks one of each kind, and says where the answers differ from what is read here.

use throughline_core::catalog::{Answer, Call, Country, GenreId, Question, Song, Within};

use crate::client::{Client, Preview};
use crate::error::CatalogError;
use crate::parse::Reading;

mod shape;

/// Whom the first search is for: somebody whom every store of the catalogue has.
const WELL_KNOWN: &str = "Beethoven";
/// The genre whose chart is asked for: classical, which is a genre everywhere.
const GENRE: GenreId = GenreId(5);
/// Rows of the search.
const ROWS: u32 = 25;
/// Bytes of the preview that are looked at: an MP4 file says what it is in the first few.
const HEAD_BYTES: usize = 4_096;

/// One request that was tried.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    /// Name of the request, as in `search`.
    pub what: &'static str,
    /// `ok`, `differs`, `skipped` if there was nothing to ask for, or the code of the error.
    pub outcome: &'static str,
    /// Where the answer differs, or the error, in words.
    pub differences: Vec<String>,
}

impl Checked {
    fn differing(what: &'static str, differences: Vec<String>) -> Self {
        let outcome = if differences.is_empty() {
            "ok"
        } else {
            "differs"
        };
        Self {
            what,
            outcome,
            differences,
        }
    }

    fn failed(what: &'static str, error: &CatalogError) -> Self {
        Self {
            what,
            outcome: error.code(),
            differences: vec![error.to_string()],
        }
    }

    fn skipped(what: &'static str) -> Self {
        Self {
            what,
            outcome: "skipped",
            differences: vec!["the answers so far name nothing to ask for".to_owned()],
        }
    }
}

impl Client {
    /// Makes one request of each kind, as politely as any other, and says where the answers differ from
    /// what is read here: fields that are missing or of another type, rows that cannot be read, links to
    /// unknown hosts. What is asked for is found by a search for somebody well known, or in a chart.
    ///
    /// Six calls and the head of a preview; a few seconds at the usual limit.
    pub async fn check(&self) -> Vec<Checked> {
        let search = Call::Search {
            term: WELL_KNOWN.to_owned(),
            within: Within::Artist,
            limit: ROWS,
        };
        let genre = Some(GENRE);
        let mut checks = Checks {
            client: self,
            done: Vec::new(),
        };
        let found = checks.call("search", Some(search)).await;
        let chart = checks.call("chart", Some(Call::Chart { genre })).await;
        let songs = || found.songs.iter().chain(&chart.songs);
        let first = |wanted: fn(&Song) -> bool| songs().find(|song| wanted(song));
        let ids: Vec<_> = songs().take(3).map(|song| song.id).collect();
        let artist = first(|song| song.artist_id.is_some()).and_then(|song| song.artist_id);
        let album = first(|song| song.album_id.is_some()).and_then(|song| song.album_id);
        let preview = first(|song| song.preview.is_some()).and_then(|song| song.preview.clone());

        let by_ids = (!ids.is_empty()).then_some(Call::Songs { ids });
        checks.call("songs", by_ids).await;
        let by_artist = artist.map(|artist| Call::ArtistSongs { artist });
        checks.call("artist_songs", by_artist).await;
        let by_artist = artist.map(|artist| Call::ArtistAlbums { artist });
        checks.call("artist_albums", by_artist).await;
        let by_album = album.map(|album| Call::AlbumSongs { album });
        checks.call("album_songs", by_album).await;
        checks.preview(preview.as_deref()).await;
        checks.done
    }

    /// The reading of the answer to `question`, and where the answer differs.
    async fn compare(&self, question: &Question) -> Result<(Reading, Vec<String>), CatalogError> {
        let bytes = self.call(question).await?;
        let reading = self.read(question, &bytes).await?;
        let differences = shape::differences(&question.call, &bytes, &reading);
        Ok((reading, differences))
    }
}

/// The requests so far.
struct Checks<'a> {
    client: &'a Client,
    done: Vec<Checked>,
}

impl Checks<'_> {
    /// Makes `call`, if there is one; what it brought.
    async fn call(&mut self, what: &'static str, call: Option<Call>) -> Answer {
        let Some(call) = call else {
            self.done.push(Checked::skipped(what));
            return Answer::default();
        };
        let country = Country::US;
        let compared = self.client.compare(&Question { country, call }).await;
        let (checked, answer) = match compared {
            Ok((reading, differences)) => (Checked::differing(what, differences), reading.answer),
            Err(error) => (Checked::failed(what, &error), Answer::default()),
        };
        self.done.push(checked);
        answer
    }

    /// Looks at the first bytes of what is at `link`, if there is one.
    async fn preview(&mut self, link: Option<&str>) {
        let what = "preview";
        let checked = match link {
            None => Checked::skipped(what),
            Some(link) => match self.client.preview_head(link, HEAD_BYTES).await {
                Ok(preview) => Checked::differing(what, unlike_audio(&preview)),
                Err(error) => Checked::failed(what, &error),
            },
        };
        self.done.push(checked);
    }
}

/// In what `preview` differs from an MP4 file of audio.
fn unlike_audio(preview: &Preview) -> Vec<String> {
    let mut differences = Vec::new();
    let kind = preview.content_type.as_deref().unwrap_or("none");
    if !kind.starts_with("audio/") {
        differences.push(format!("its content type is {kind}, not one of audio"));
    }
    // The first box of a file, after four bytes of its length (ISO/IEC 14496-12, 4.3).
    if preview.bytes.get(4..8) != Some(b"ftyp") {
        differences.push("it does not begin as an MP4 file does".to_owned());
    }
    differences
}
