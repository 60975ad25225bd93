//! Judges a dump of labelled vectors: `discovery FILE PART…`, one track a line: its label, a tab, and the
//! components of its raw vector with spaces between. Writes the figures as JSON, and the curves beside FILE
//! as SVG.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use throughline_core::evaluate::{LISTENERS, discovery};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let file = PathBuf::from(words.next().ok_or("which file?")?);
    let parts: Vec<usize> = words.map(|word| word.parse()).collect::<Result<_, _>>()?;
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let (mut labels, mut rows) = (Vec::new(), Vec::new());
    for line in fs::read_to_string(&file)?.lines() {
        let (label, vector) = line.split_once('\t').ok_or("a line without a label")?;
        let next = names.len();
        labels.push(*names.entry(label.to_owned()).or_insert(next));
        rows.push(
            vector
                .split(' ')
                .map(str::parse)
                .collect::<Result<Vec<f32>, _>>()?,
        );
    }
    let raw: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let found = discovery(&parts, &raw, &labels, LISTENERS, 1)?;
    fs::write(
        file.with_extension("svg"),
        found.listener.svg("Liked among the first twenty"),
    )?;
    println!("{}", serde_json::to_string_pretty(&found)?);
    Ok(())
}
