//! The client against servers that speak no better than they are told.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

/// A server that gives every connection these bytes, and its address.
fn raw(answer: &'static [u8], then: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4_096]);
            let parts: Vec<_> = answer.split(|&byte| byte == b'|').collect();
            for part in parts {
                let _ = stream.write_all(part);
                std::thread::sleep(then);
            }
        }
    });
    url
}

/// What comes of a preview of a server that answers so, in words.
fn of_raw(answer: &'static [u8], then: Duration) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let url = raw(answer, then);
    let settings = Settings {
        base_url: Some(url.clone()),
        proxy: Proxy::Direct,
        // Nothing but the drip itself is to be too slow.
        stall_timeout: Duration::from_hours(1),
        answer_timeout: if then.is_zero() {
            Duration::from_hours(1)
        } else {
            then * 3
        },
        ..Settings::new(folder.path())
    };
    let client = Client::new(&settings).expect("a client");
    let preview = block_on(client.preview(&format!("{url}/a.m4a")));
    preview.map_or_else(|error| error.to_string(), |preview| format!("{preview:?}"))
}

#[test]
fn redirects_are_followed_where_links_are_and_come_to_an_end() {
    for (answer, expected) in [
        (
            &b"HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n"
                [..],
            "https://evil.example/ is not followed",
        ),
        (
            b"HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n",
            "file:///etc/passwd is not followed",
        ),
        (
            b"HTTP/1.1 301 Moved\r\nlocation: /b\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            "more than five times",
        ),
    ] {
        let said = of_raw(answer, Duration::ZERO);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn what_is_too_large_or_too_slow_is_left_on_the_wire() {
    let said = of_raw(
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nabc",
        Duration::ZERO,
    );
    assert!(said.contains("more than 8 MB"), "{said}");
    let said = of_raw(
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n|a|b|c|d|e|f|g|h|i",
        Duration::from_millis(30),
    );
    assert!(said.contains("too slowly"), "{said}");
    let said = of_raw(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        Duration::ZERO,
    );
    assert!(
        said.contains("bytes: 3"),
        "a length need not be told: {said}"
    );
}
