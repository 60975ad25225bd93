//! As much of HTTP/1.1 as the store speaks.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The longest head of a request that is read, in bytes.
const LONGEST_HEAD: u64 = 64 << 10;

/// A request: all of them are without a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// Path and query, as they came.
    pub target: String,
    /// The first `n` bytes alone were asked for.
    pub first_bytes: Option<usize>,
}

impl Request {
    /// Reads the next one; `None` when the other side has gone.
    pub fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut head = stream.take(LONGEST_HEAD);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut request = Self {
            target,
            first_bytes: None,
        };
        loop {
            line.clear();
            if head.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let Some((name, value)) = line.trim_end().split_once(':') else {
                return Ok(Some(request));
            };
            if name.eq_ignore_ascii_case("range") {
                let last = value.trim().strip_prefix("bytes=0-");
                request.first_bytes = last
                    .and_then(|last| last.parse::<usize>().ok())
                    .map(|last| last.saturating_add(1));
            }
        }
    }

    /// The path without the query, and without what stands for odd characters.
    pub fn path(&self) -> String {
        let path = self.target.split('?').next().unwrap_or_default();
        decode(path, false)
    }

    /// The value of `name` in the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(key, _)| *key == name);
        found.next().map(|(_, value)| decode(value, true))
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub status: u16,
    pub content_type: &'static str,
    /// Seconds.
    pub retry_after: Option<u32>,
    pub body: Vec<u8>,
}

impl Response {
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type,
            retry_after: None,
            body: body.into(),
        }
    }

    /// Without a body.
    pub fn empty(status: u16) -> Self {
        Self::new(status, "text/plain", Vec::new())
    }

    /// Sends the head, and the first `n` bytes of the body.
    pub fn send(&self, stream: &mut TcpStream, n: usize) -> io::Result<()> {
        let (status, kind, length) = (self.status, self.content_type, self.body.len());
        let wait = self
            .retry_after
            .map_or(String::new(), |wait| format!("retry-after: {wait}\r\n"));
        let head = format!(
            "HTTP/1.1 {status} As told\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{wait}\r\n"
        );
        let mut bytes = head.into_bytes();
        bytes.extend(&self.body[..n.min(length)]);
        stream.write_all(&bytes)
    }
}

/// Puts back the characters that `%` and, in a query, `+` stand for.
fn decode(text: &str, is_query: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&byte) = bytes.get(i) {
        let hex = bytes
            .get(i + 1..i + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        let value = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, value) {
            (b'%', Some(value)) => {
                out.push(value);
                i += 2;
            }
            (b'+', _) if is_query => out.push(b' '),
            _ => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let request = Request {
            target: "/search%20it?term=caf%C3%A9+%26+b%2Bw&limit=%zz&x=%".to_owned(),
            first_bytes: None,
        };
        assert_eq!(request.path(), "/search it");
        assert_eq!(request.query("term").as_deref(), Some("café & b+w"));
        assert_eq!(
            request.query("limit").as_deref(),
            Some("%zz"),
            "left as it is"
        );
        assert_eq!(request.query("x").as_deref(), Some("%"));
        assert_eq!(request.query("y"), None);
    }
}
