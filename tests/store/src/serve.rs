//! One request after the other on one connection.

use std::io::{self, BufReader, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;
use socket2::SockRef;

use crate::StoreSettings;
use crate::answers::{Catalogue, with_other_types};
use crate::faults::{BadPicture, Fate, Fault};
use crate::http::{Request, Response};
use crate::journal::{Entry, Journal};

/// A small grey picture.
const PICTURE: &[u8] = include_bytes!("picture.png");
/// Seconds that the store asks for where it asks for a wait.
const RETRY_AFTER: u32 = 1;

/// All that is needed to answer.
#[derive(Debug)]
pub(crate) struct Shop {
    pub settings: StoreSettings,
    pub journal: Journal,
    /// Whether every preview is refused for now.
    pub refuses_previews: AtomicBool,
    url: String,
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Whole,
    /// Half of it, and then the end.
    Half,
    /// Half of it, and then nothing.
    Stalled,
    /// Not at all.
    Reset,
}

impl Shop {
    pub fn new(settings: StoreSettings, url: String, journal: Journal) -> Self {
        Self {
            settings,
            journal,
            refuses_previews: AtomicBool::new(false),
            url,
        }
    }

    /// Answers what comes in on `stream` until that ends.
    pub fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        while let Some(request) = Request::read(&mut reader)? {
            thread::sleep(self.settings.latency);
            let path = request.path();
            let is_call = is_call(&path);
            let arrival = self.journal.arrived(&request.target, is_call);
            let is_preview = path.starts_with("/preview/");
            let is_refused = is_preview && self.refuses_previews.load(Ordering::SeqCst);
            let fault = if arrival.is_beyond || is_refused {
                Some(Fault::Forbidden)
            } else if is_call || is_preview {
                self.settings
                    .faults
                    .at(&request.target, arrival.nth, is_call)
            } else {
                None
            };
            let (response, manner) = self.answer(&request, &path, fault);
            self.journal.answered(Entry {
                ms: arrival.ms,
                status: if manner == Manner::Reset {
                    0
                } else {
                    response.status
                },
                path: request.target,
                is_call,
                is_faulty: fault.is_some(),
            });
            let half = response.body.len() / 2;
            match manner {
                Manner::Whole => response.send(&mut stream, usize::MAX)?,
                Manner::Half => {
                    response.send(&mut stream, half)?;
                    return stream.shutdown(Shutdown::Both);
                }
                Manner::Stalled => {
                    response.send(&mut stream, half)?;
                    wait_for_the_end(&mut reader, self.settings.faults.stall)?;
                    return stream.shutdown(Shutdown::Both);
                }
                Manner::Reset => return SockRef::from(&stream).set_linger(Some(Duration::ZERO)),
            }
        }
        Ok(())
    }

    /// What is answered to `request`, and how, `fault` considered.
    fn answer(&self, request: &Request, path: &str, fault: Option<Fault>) -> (Response, Manner) {
        let spoilt = |status| Response::empty(status);
        let wait = |status| Response {
            retry_after: Some(RETRY_AFTER),
            ..Response::empty(status)
        };
        let whole = |response| (response, Manner::Whole);
        match fault {
            Some(Fault::Forbidden) => whole(spoilt(403)),
            Some(Fault::TooMany) => whole(wait(429)),
            Some(Fault::Internal) => whole(spoilt(500)),
            Some(Fault::Unavailable) => whole(wait(503)),
            Some(Fault::Empty) => whole(spoilt(200)),
            Some(Fault::Page) => {
                let page = "<!DOCTYPE html><html><body>Log in to this network.</body></html>";
                whole(Response::new(200, "text/html", page))
            }
            Some(Fault::Form) => {
                let other = json!({"resultCount": "many", "results": "none", "feed": 7});
                whole(Response::new(
                    200,
                    "text/javascript; charset=utf-8",
                    other.to_string(),
                ))
            }
            Some(Fault::NoRows) if must_have_rows(request, path) => {
                let nothing = json!({"resultCount": 0, "results": [], "feed": {}});
                whole(Response::new(
                    200,
                    "text/javascript; charset=utf-8",
                    nothing.to_string(),
                ))
            }
            Some(Fault::Reset) => (spoilt(0), Manner::Reset),
            Some(Fault::Stall) => (self.right(request, path, false), Manner::Stalled),
            Some(Fault::Truncated) => (self.right(request, path, false), Manner::Half),
            Some(Fault::Types) => whole(self.right(request, path, true)),
            None | Some(Fault::NoRows) => whole(self.right(request, path, false)),
        }
    }

    /// The right answer to `request`, perhaps with other types than are usual.
    fn right(&self, request: &Request, path: &str, other_types: bool) -> Response {
        let catalogue = Catalogue {
            songs: &self.settings.songs,
            fates: &self.settings.fates,
            url: &self.url,
        };
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let mut answer = match parts[..] {
            ["search"] => catalogue.search(request),
            ["lookup"] => catalogue.lookup(request),
            [_, "rss", "topsongs", ref rest @ .., "json"] => {
                let number = |name: &str| {
                    let value = rest
                        .iter()
                        .find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
                    value.and_then(|value| value.parse().ok())
                };
                let limit = number("limit").map_or(10, |limit| limit as usize);
                catalogue.chart(number("genre"), limit)
            }
            ["preview", name] => return self.preview(request, name),
            ["artwork", album, _] => return self.picture(album),
            ["page", _] => {
                let page =
                    "<!DOCTYPE html><html><body>A page of the store for tests.</body></html>";
                return Response::new(200, "text/html", page);
            }
            _ => return Response::empty(404),
        };
        if other_types {
            with_other_types(&mut answer);
        }
        // The catalogue calls its JSON a script.
        Response::new(200, "text/javascript; charset=utf-8", answer.to_string())
    }

    fn picture(&self, album: &str) -> Response {
        let png = |bytes: Vec<u8>| Response::new(200, "image/png", bytes);
        let mut bad = self.settings.bad_pictures.iter();
        match bad.find(|(of, _)| of.to_string() == album) {
            None => png(PICTURE.to_vec()),
            Some((_, BadPicture::Gone)) => Response::empty(404),
            Some((_, BadPicture::Page)) => {
                Response::new(200, "text/html", "<!DOCTYPE html>Log in to this network.")
            }
            Some((_, BadPicture::Garbage)) => png(b"no picture at all".to_vec()),
            Some((_, BadPicture::Large)) => png(PICTURE.repeat(1_000)),
        }
    }

    fn preview(&self, request: &Request, name: &str) -> Response {
        let id = name.strip_suffix(".m4a").and_then(|id| id.parse().ok());
        let song = self.settings.songs.iter().find(|song| Some(song.id) == id);
        let Some(song) = song else {
            return Response::empty(404);
        };
        let bytes = match self.settings.fates.of(song.id) {
            Fate::Good => song.preview(),
            Fate::Garbage => Ok(format!("no audio at all, {id:?}").repeat(500).into_bytes()),
            Fate::Gone | Fate::NoPreview | Fate::Elsewhere => return Response::empty(404),
        };
        match (bytes, request.first_bytes) {
            (Ok(mut bytes), Some(first)) => {
                bytes.truncate(first);
                Response::new(206, "audio/x-m4p", bytes)
            }
            (Ok(bytes), None) => Response::new(200, "audio/x-m4p", bytes),
            (Err(_), _) => Response::empty(404),
        }
    }
}

/// Whether the catalogue always has something to answer to `request`: to charts, and to look-ups of what
/// belongs to an artist or an album.
fn must_have_rows(request: &Request, path: &str) -> bool {
    path.contains("/rss/") || (path == "/lookup" && request.query("entity").is_some())
}

/// Whether `path` is one of those that the limit is on.
fn is_call(path: &str) -> bool {
    ["/search", "/lookup"].contains(&path) || path.contains("/rss/")
}

/// Waits until the other side goes, or for `longest`.
fn wait_for_the_end(reader: &mut BufReader<TcpStream>, longest: Duration) -> io::Result<()> {
    reader
        .get_ref()
        .set_read_timeout(Some(longest.max(Duration::from_millis(1))))?;
    let _ = reader.read(&mut [0]);
    Ok(())
}
