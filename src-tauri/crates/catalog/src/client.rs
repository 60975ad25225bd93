//! The client that asks.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::{Response, Url};
use throughline_core::catalog::{Answer, Call, Question};

use crate::bucket::Rule;
use crate::error::CatalogError;
use crate::limit::Limit;
use crate::links::{Links, shortened};
use crate::pace::Pace;
use crate::parse::{self, MAX_BYTES, ParseError, Reading};
use crate::picture::{MAX_PICTURE_BYTES, Picture};
use crate::settings::Settings;
use judge::{Verdict, judge_call, judge_preview};
use seats::Seats;

pub use seats::Seat;
use wire::{Most, NoAnswer, Wire};

mod judge;
mod question;
mod seats;
mod wire;

/// The largest preview that is read, in bytes; one of 90 s at 256 kbit/s has 3 MB.
const MAX_PREVIEW_BYTES: usize = 8 << 20;
/// Redirects that are followed, at most; the catalogue needs one or none.
const MAX_REDIRECTS: usize = 5;
/// Pictures in flight at once, at most: they are small, and a list shows some dozens.
const PICTURES: usize = 4;
/// Songs of one look-up that are not believed to be gone all together.
const MANY: usize = 10;

/// Asks the catalogue. It is shared by reference, and needs a tokio runtime with time and I/O.
#[derive(Debug)]
pub struct Client {
    wire: Wire,
    limit: Limit,
    links: Links,
    previews: Seats,
    pictures: Seats,
    pace: Pace,
    /// What was last answered without a row that it must have; `None` once anything was answered since.
    without_rows: Mutex<Option<Question>>,
}

/// The right to one call, which the limit gave.
#[derive(Debug)]
#[must_use = "the limit has counted it"]
pub struct Turn(());

/// A preview, in memory alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// The file: audio of some kind, or what the server took for it.
    pub bytes: Vec<u8>,
    /// The kind that the server says it is, as in `audio/x-m4p`.
    pub content_type: Option<String>,
}

impl fmt::Debug for Preview {
    /// Without the audio.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Preview")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish()
    }
}

impl Client {
    /// A client as `settings` say.
    pub fn new(settings: &Settings) -> Result<Self, CatalogError> {
        let links = Links::new(settings.base_url.as_deref()).map_err(CatalogError::Settings)?;
        let base = links.base();
        let port = base.port().map_or(String::new(), |port| format!("-{port}"));
        let server = format!("{}{port}", base.host_str().unwrap_or_default());
        let rule = Rule {
            calls_per_minute: settings.calls_per_minute,
            backoff: settings.refusal_backoff,
        };
        Ok(Self {
            wire: Wire::new(settings)?,
            limit: Limit::open(&settings.limits, &server, rule)?,
            previews: Seats::new(settings.previews.most()),
            pictures: Seats::new(PICTURES),
            pace: Pace::new(settings.previews.bytes_per_s),
            without_rows: Mutex::default(),
            links,
        })
    }

    /// Waits until the limit allows a call, asks, and reads the answer.
    ///
    /// A connection that breaks off before anything is answered, as one that was kept may, costs a second call. Nothing
    /// else is tried again here: that is for the caller, who knows how much patience there is. A refusal makes all later
    /// calls slower, and is never an empty answer.
    pub async fn ask(&self, question: &Question) -> Result<Answer, CatalogError> {
        if is_for_nothing(question) {
            return Ok(Answer::default());
        }
        self.ask_in(self.turn().await?, question).await
    }

    /// Waits until the limit allows a call. Dropped before that, nothing was counted: this is where to leave
    /// off a question that nobody wants answered any more.
    pub async fn turn(&self) -> Result<Turn, CatalogError> {
        self.limit.wait().await.map(Turn)
    }

    /// Asks as [`Client::ask`] does, in a turn that was waited for.
    pub async fn ask_in(&self, turn: Turn, question: &Question) -> Result<Answer, CatalogError> {
        if is_for_nothing(question) {
            return Ok(Answer::default());
        }
        let bytes = self.call_in(turn, question).await?;
        let reading = self.read(question, &bytes).await?;
        for (link, refusal) in &reading.refused {
            tracing::debug!("a link was dropped: {link}: {refusal}");
        }
        Ok(reading.answer)
    }

    /// Streams the preview at `url` into memory: at most 8 MB, and nothing of it to a disk.
    ///
    /// Waits until one of the connections is free that the settings allow. Not held to the limit on calls.
    pub async fn preview(&self, url: &str) -> Result<Preview, CatalogError> {
        self.preview_in(self.seat().await, url).await
    }

    /// Waits until one of the connections for previews is free. It is kept until it is dropped.
    pub async fn seat(&self) -> Seat<'_> {
        self.previews.take().await
    }

    /// Streams as [`Client::preview`] does, over a connection that was waited for.
    pub async fn preview_in(&self, _seat: Seat<'_>, url: &str) -> Result<Preview, CatalogError> {
        self.preview_of(url, MAX_PREVIEW_BYTES, Most::Whole).await
    }

    /// Whether the preview at `url` comes, over a connection that was waited for: its first byte is asked for.
    pub async fn begins_in(&self, _seat: Seat<'_>, url: &str) -> Result<(), CatalogError> {
        self.preview_of(url, 1, Most::Head).await.map(drop)
    }

    /// Fetches the picture at `url`: a small JPEG or PNG, see [`Picture::read`]. Waits until one of four
    /// connections is free that are for pictures. Not held to the limit on calls.
    pub async fn picture(&self, url: &str) -> Result<Picture, CatalogError> {
        let _seat = self.pictures.take().await;
        let (bytes, _) = self
            .file(url, MAX_PICTURE_BYTES, Most::Whole, None)
            .await
            .map_err(judge::of_picture)?;
        Picture::read(bytes).ok_or_else(|| CatalogError::Unexpected {
            reason: "it is no small picture of a kind that is shown".to_owned(),
        })
    }

    /// How long connections for previews were open so far, summed over all.
    pub fn streamed(&self) -> Duration {
        self.previews.taken()
    }

    /// Whether the catalogue itself answers anything, by the way that everything takes. No call: its front page
    /// is asked for, and not read. As patient as any request.
    pub async fn is_reachable(&self) -> bool {
        self.get_again(self.links.base(), Some(1)).await.is_ok()
    }

    /// The limit on calls, to say how long the next one will wait.
    pub fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Which links may be followed or shown.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The first `n` bytes of the preview at `url`.
    pub(crate) async fn preview_head(&self, url: &str, n: usize) -> Result<Preview, CatalogError> {
        let _seat = self.seat().await;
        self.preview_of(url, n, Most::Head).await
    }

    async fn preview_of(&self, link: &str, n: usize, most: Most) -> Result<Preview, CatalogError> {
        let (bytes, content_type) = self.file(link, n, most, Some(&self.pace)).await?;
        Ok(Preview {
            bytes,
            content_type,
        })
    }

    /// The file at `link`, of `n` bytes at most, and the kind that the server says it is.
    async fn file(
        &self,
        link: &str,
        n: usize,
        most: Most,
        pace: Option<&Pace>,
    ) -> Result<(Vec<u8>, Option<String>), CatalogError> {
        let mut url = self
            .links
            .check(link)
            .map_err(|refusal| refused(&link, refusal))?;
        for _ in 0..=MAX_REDIRECTS {
            let head = (most == Most::Head).then_some(n);
            let response = self.get_again(&url, head).await?;
            match judge_preview(response.status(), response.headers()) {
                Verdict::Redirect(to) => url = self.next(&url, &to)?,
                Verdict::Failed(error) => return Err(error),
                Verdict::Body => {
                    let content_type = judge::content_type(response.headers());
                    let bytes = self.wire.body(response, n, most, pace).await?;
                    if bytes.is_empty() {
                        return Err(passing("the file was empty"));
                    }
                    return Ok((bytes, content_type));
                }
            }
        }
        Err(in_circles())
    }

    /// Asks as [`Wire::get`] does, twice where that breaks off: a connection that was kept may have been closed at
    /// the other end long before.
    async fn get_again(&self, url: &Url, head: Option<usize>) -> Result<Response, NoAnswer> {
        match self.wire.get(url.clone(), head).await {
            Err(NoAnswer::BrokeOff(_)) => self.wire.get(url.clone(), head).await,
            other => other,
        }
    }

    /// The bytes of the answer to `question`.
    pub(crate) async fn call(&self, question: &Question) -> Result<Vec<u8>, CatalogError> {
        self.call_in(self.turn().await?, question).await
    }

    /// The same in a turn that was waited for. Every redirect is a call of its own.
    async fn call_in(&self, turn: Turn, question: &Question) -> Result<Vec<u8>, CatalogError> {
        let mut url = question::url(self.links.base(), question)?;
        let mut first = Some(turn);
        for _ in 0..=MAX_REDIRECTS {
            if first.take().is_none() {
                self.limit.wait().await?;
            }
            let response = match self.wire.get(url.clone(), None).await {
                Err(NoAnswer::BrokeOff(_)) => {
                    self.limit.wait().await?;
                    self.wire.get(url.clone(), None).await
                }
                other => other,
            }?;
            match judge_call(response.status(), response.headers()) {
                Verdict::Redirect(to) => url = self.next(&url, &to)?,
                Verdict::Failed(error) => {
                    if let CatalogError::Refused { retry_after, .. } = &error {
                        self.limit.refused(*retry_after).await?;
                    }
                    return Err(error);
                }
                Verdict::Body => {
                    return self.wire.body(response, MAX_BYTES, Most::Whole, None).await;
                }
            }
        }
        Err(in_circles())
    }

    /// What `bytes` say as the answer to `question`; the limit learns of it.
    pub(crate) async fn read(
        &self,
        question: &Question,
        bytes: &[u8],
    ) -> Result<Reading, CatalogError> {
        let reading = match question.call {
            Call::Chart { .. } => parse::chart(bytes, &self.links),
            _ => parse::results(bytes, &self.links),
        };
        match reading {
            Ok(reading) if reading.answer.has_no_rows() && must_have_rows(&question.call) => {
                // The chart of a genre may well be empty in a small store.
                if matches!(question.call, Call::Chart { .. }) {
                    return Err(CatalogError::NoRows);
                }
                let last = self.without_rows().replace(question.clone());
                if last.is_none_or(|last| last == *question) {
                    return Err(CatalogError::NoRows);
                }
                // Two in a row are hardly true: it refuses, and does not say so.
                self.limit.refused(None).await?;
                Err(CatalogError::Refused {
                    reason: "two answers in a row had nothing in them".to_owned(),
                    retry_after: None,
                })
            }
            Ok(reading) => {
                *self.without_rows() = None;
                self.limit.answered().await?;
                Ok(reading)
            }
            Err(error @ (ParseError::Empty | ParseError::Page)) => {
                self.limit.refused(None).await?;
                Err(CatalogError::Refused {
                    reason: error.to_string(),
                    retry_after: None,
                })
            }
            Err(error @ ParseError::Truncated) => Err(passing(error)),
            Err(error @ (ParseError::TooLarge | ParseError::Form(_))) => {
                Err(CatalogError::Unexpected {
                    reason: error.to_string(),
                })
            }
        }
    }

    fn without_rows(&self) -> MutexGuard<'_, Option<Question>> {
        let last = self.without_rows.lock();
        last.unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a redirect from `from` to `to` leads, if it may be followed.
    fn next(&self, from: &Url, to: &str) -> Result<Url, CatalogError> {
        let next = from
            .join(to)
            .map_err(|_| refused(&to, crate::Refusal::NoLink))?;
        let checked = self.links.check_url(&next);
        checked.map_err(|refusal| refused(&next, refusal))?;
        if from.scheme() == "https" && next.scheme() != "https" {
            return Err(refused(&next, crate::Refusal::NotSecure));
        }
        Ok(next)
    }
}

/// Whether an answer without any row cannot be true: so many songs are hardly gone all together.
fn must_have_rows(call: &Call) -> bool {
    match call {
        Call::Songs { ids } => ids.len() >= MANY,
        other => other.must_have_rows(),
    }
}

/// Whether `question` can bring nothing, so that it need not be asked.
fn is_for_nothing(question: &Question) -> bool {
    matches!(&question.call, Call::Songs { ids } if ids.is_empty())
}

fn refused(link: &impl fmt::Display, refusal: crate::Refusal) -> CatalogError {
    CatalogError::RefusedLink {
        link: shortened(link),
        refusal,
    }
}

fn in_circles() -> CatalogError {
    CatalogError::Unexpected {
        reason: "the server redirects more than five times".to_owned(),
    }
}

fn passing(reason: impl fmt::Display) -> CatalogError {
    CatalogError::Passing {
        reason: reason.to_string(),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests;
