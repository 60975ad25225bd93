//! What tracks are, as somebody wrote it down: a line a track, its absolute path, a tab, its label.

use std::collections::HashMap;
use std::path::PathBuf;

use super::LeftOut;

/// A track and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// Absolute path of its file.
    pub path: PathBuf,
    /// Its label: a genre, a composer, whatever should lie together.
    pub label: String,
}

/// Reads a table of labels. Lines that say nothing are passed over; those that cannot be understood are
/// given back with the reason.
pub fn read_labels(table: &[u8]) -> (Vec<Labelled>, Vec<LeftOut>) {
    let table = table.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(table);
    let (mut tracks, mut left_out) = (Vec::new(), Vec::new());
    for (line, number) in table.split(|&byte| byte == b'\n').zip(1_usize..) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match labelled(line) {
            Ok(labelled) => tracks.push(labelled),
            Err(reason) => left_out.push(LeftOut {
                what: format!("line {number}"),
                reason: reason.to_owned(),
            }),
        }
    }
    (tracks, left_out)
}

/// A number for each of `labels`, from 0 in the order in which they first come.
pub(crate) fn numbered<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    labels
        .map(|label| {
            let next = numbers.len();
            *numbers.entry(label).or_insert(next)
        })
        .collect()
}

fn labelled(line: &[u8]) -> Result<Labelled, &'static str> {
    let line = str::from_utf8(line).map_err(|_| "it is not UTF-8 text")?;
    let (path, label) = line
        .split_once('\t')
        .ok_or("it has no tab: a path, a tab, a label")?;
    let (path, label) = (PathBuf::from(path), label.trim());
    if !path.is_absolute() {
        return Err("its path is not absolute");
    }
    if label.is_empty() {
        return Err("it has no label behind the tab");
    }
    Ok(Labelled {
        path,
        label: label.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_those_that_are_none_are_told() {
        let root = if cfg!(windows) { "C:\\" } else { "/" };
        let table = format!(
            "\u{feff}{root}a b.ogg\tslow\r\n\n{root}c.mp3\t fast \n{root}d.mp3\nrelative.mp3\tfast\n{root}e.mp3\t \n"
        );
        let (tracks, left_out) = read_labels(&[table.as_bytes(), b"\xFF\tslow"].concat());
        let labels: Vec<_> = tracks
            .iter()
            .map(|track| (track.path.to_str().expect("text"), track.label.as_str()))
            .collect();
        let (first, second) = (format!("{root}a b.ogg"), format!("{root}c.mp3"));
        assert_eq!(
            labels,
            [(first.as_str(), "slow"), (second.as_str(), "fast")]
        );
        let lines: Vec<_> = left_out.iter().map(|left| left.what.as_str()).collect();
        assert_eq!(lines, ["line 4", "line 5", "line 6", "line 7"]);
    }
}
