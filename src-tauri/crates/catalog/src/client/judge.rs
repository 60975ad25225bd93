//! What a server's answer means, before its body is read.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};

use crate::bucket::LONGEST_BLOCK;
use crate::error::CatalogError;

/// What to do with an answer.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Read the body.
    Body,
    /// Ask there instead, if that is allowed.
    Redirect(String),
    /// Give up for now.
    Failed(CatalogError),
}

/// Judges the answer to a call.
pub(super) fn judge_call(status: StatusCode, headers: &HeaderMap) -> Verdict {
    match status {
        StatusCode::OK => Verdict::Body,
        StatusCode::NO_CONTENT => Verdict::Failed(CatalogError::Refused {
            reason: "the answer was empty".to_owned(),
            retry_after: None,
        }),
        _ => otherwise(status, headers),
    }
}

/// Judges the answer to a request for a preview.
pub(super) fn judge_preview(status: StatusCode, headers: &HeaderMap) -> Verdict {
    match status {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
            let kind = content_type(headers).unwrap_or_default();
            if kind.starts_with("text/") || kind.starts_with("application/json") {
                // A network that wants a login, or a host in trouble: the preview may be there again soon.
                return Verdict::Failed(CatalogError::Passing {
                    reason: "text came in place of a preview".to_owned(),
                    retry_after: None,
                });
            }
            Verdict::Body
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => Verdict::Failed(CatalogError::Gone),
        _ => otherwise(status, headers),
    }
}

/// What `error` means for one picture: stores of files say 403 of what they do not have, and ask for a wait, or
/// say 429, when they are asked too often.
pub(super) fn of_picture(error: CatalogError) -> CatalogError {
    match error {
        CatalogError::Refused {
            reason,
            retry_after: None,
        } if reason == refusal(StatusCode::FORBIDDEN) => CatalogError::Gone,
        other => other,
    }
}

/// The kind that the body is said to be, if that is told in a few plain letters.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    let kind = text(headers, &CONTENT_TYPE)?.trim().to_ascii_lowercase();
    (kind.len() <= 100).then_some(kind)
}

fn otherwise(status: StatusCode, headers: &HeaderMap) -> Verdict {
    let code = status.as_u16();
    let retry_after = retry_after(headers);
    let error = match status {
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => CatalogError::Refused {
            reason: refusal(status),
            retry_after,
        },
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => CatalogError::Offline {
            reason: "the proxy wants a name and a password".to_owned(),
        },
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => CatalogError::Passing {
            reason: format!("the server was not ready ({code})"),
            retry_after,
        },
        status if status.is_server_error() => CatalogError::Passing {
            reason: format!("the server is in trouble ({code})"),
            retry_after,
        },
        status if status.is_redirection() => match text(headers, &LOCATION) {
            Some(to) => return Verdict::Redirect(to.to_owned()),
            None => unexpected(code),
        },
        _ => unexpected(code),
    };
    Verdict::Failed(error)
}

fn refusal(status: StatusCode) -> String {
    format!("status {}", status.as_u16())
}

fn unexpected(code: u16) -> CatalogError {
    CatalogError::Unexpected {
        reason: format!("status {code}"),
    }
}

/// The wait that the server asks for, an hour at most, if in seconds; a date is no better than our own wait.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = text(headers, &RETRY_AFTER)?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_BLOCK))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(verdict: &Verdict) -> String {
        match verdict {
            Verdict::Body => "body".to_owned(),
            Verdict::Redirect(to) => format!("to {to}"),
            Verdict::Failed(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn every_status_means_one_thing() {
        for (status, call, preview) in [
            (200, "body", "body"),
            (204, "refused", "unexpected"),
            (206, "unexpected", "body"),
            (301, "to /x", "to /x"),
            (400, "unexpected", "unexpected"),
            (403, "refused", "refused"),
            (404, "unexpected", "gone"),
            (407, "offline", "offline"),
            (408, "passing", "passing"),
            (410, "unexpected", "gone"),
            (429, "refused", "refused"),
            (500, "passing", "passing"),
            (503, "passing", "passing"),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let headers = HeaderMap::from_iter([(LOCATION, "/x".parse().expect("a header"))]);
            assert_eq!(
                name(&judge_call(status, &headers)),
                call,
                "{status} to a call"
            );
            assert_eq!(
                name(&judge_preview(status, &headers)),
                preview,
                "{status} to a preview"
            );
        }
        let bare = judge_call(StatusCode::FOUND, &HeaderMap::new());
        assert_eq!(name(&bare), "unexpected", "a redirect to nowhere");
    }

    #[test]
    fn a_picture_that_is_forbidden_is_gone_unless_a_wait_is_asked_for() {
        let of = |status, wait: Option<&str>| {
            let wait = wait.map(|wait| (RETRY_AFTER, wait.parse().expect("a header")));
            match judge_preview(status, &wait.into_iter().collect()) {
                Verdict::Failed(error) => of_picture(error).code(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(of(StatusCode::FORBIDDEN, None), "gone");
        assert_eq!(of(StatusCode::FORBIDDEN, Some("5")), "refused");
        assert_eq!(of(StatusCode::TOO_MANY_REQUESTS, None), "refused");
        assert_eq!(of(StatusCode::INTERNAL_SERVER_ERROR, None), "passing");
    }

    #[test]
    fn the_wait_that_is_asked_for_is_passed_on() {
        for (header, wait) in [
            ("7", Some(7)),
            ("-1", None),
            ("Wed, 21 Oct 2015 07:28:00 GMT", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, header.parse().expect("a header"))]);
            for status in [
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::SERVICE_UNAVAILABLE,
            ] {
                let Verdict::Failed(error) = judge_call(status, &headers) else {
                    panic!("{status} is no answer");
                };
                assert_eq!(
                    error.retry_after(),
                    wait.map(Duration::from_secs),
                    "{header}"
                );
            }
        }
    }
}
