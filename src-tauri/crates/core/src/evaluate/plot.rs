//! The listeners' curves as a picture: an SVG of lines and words, light or dark as the page is.

use std::fmt::Write;

use super::listener::{Listeners, ROWS};

/// The arms that are drawn, with the colour of each: the two centroids in greys, what the program ranks
/// by in the strongest tone.
const DRAWN: [(&str, &str, &str); 5] = [
    ("fixed_centroid", "fixed centroid", "#8a8a8a"),
    ("drifting_mean", "drifting mean", "#b98b2f"),
    ("anchors", "anchors", "#4f9bd0"),
    ("anchors_negatives", "anchors and dislikes", "#3aa57a"),
    ("shipped", "as shipped", "#d0503f"),
];

/// Size of the picture, and of the frame of the curves within it, in pixels.
const SIZE: [f64; 2] = [640.0, 360.0];
const FRAME: [f64; 4] = [56.0, 40.0, 420.0, 320.0];

impl Listeners {
    /// The curves of the main arms, with a bar of one standard error at each point, under `title`.
    pub fn svg(&self, title: &str) -> String {
        let drawn = || {
            DRAWN
                .iter()
                .filter_map(|arm| Some((arm, self.arms.get(arm.0)?)))
        };
        let values = || drawn().flat_map(|(_, curve)| curve.iter().copied());
        let least = (values().fold(1.0, f64::min) * 20.0 - 0.5).floor().max(0.0) / 20.0;
        let most = (values().fold(0.0, f64::max) * 20.0 + 0.5).ceil() / 20.0;
        let [left, top, right, bottom] = FRAME;
        let x =
            |round: usize| left + (right - left) * round as f64 / (self.rounds.max(2) - 1) as f64;
        let y = |value: f64| bottom - (bottom - top) * (value - least) / (most - least);
        let mut svg = String::new();
        let mut line = |text: std::fmt::Arguments<'_>| {
            svg.write_fmt(text)
                .and_then(|()| svg.write_char('\n'))
                .unwrap_or_default();
        };
        line(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" font-family="sans-serif" font-size="13" role="img">"#,
            SIZE[0], SIZE[1]
        ));
        line(format_args!(
            "<style>text {{ fill: #444 }} @media (prefers-color-scheme: dark) {{ text {{ fill: #ccc }} }}</style>"
        ));
        line(format_args!(
            r#"<text x="{left}" y="22" font-size="15">{}</text>"#,
            escaped(title)
        ));
        let steps = ((most - least) * 20.0).round() as usize;
        for value in (0..=steps).map(|step| least + step as f64 / 20.0) {
            let at = y(value);
            line(format_args!(
                r##"<path d="M{left} {at:.1}H{right}" stroke="#888" stroke-opacity="0.25"/>"##
            ));
            line(format_args!(
                r#"<text x="{}" y="{:.1}" text-anchor="end">{value:.2}</text>"#,
                left - 8.0,
                at + 4.0
            ));
        }
        for round in 0..self.rounds {
            line(format_args!(
                r#"<text x="{:.1}" y="{}" text-anchor="middle">{}</text>"#,
                x(round),
                bottom + 18.0,
                round * ROWS
            ));
        }
        let middle = f64::midpoint(left, right);
        line(format_args!(
            r#"<text x="{middle}" y="{}" text-anchor="middle">thumbs given</text>"#,
            bottom + 36.0
        ));
        for (place, ((name, words, colour), curve)) in drawn().enumerate() {
            let points: Vec<String> = (0..)
                .zip(curve)
                .map(|(round, &v)| format!("{:.1} {:.1}", x(round), y(v)))
                .collect();
            line(format_args!(
                r#"<path d="M{}" fill="none" stroke="{colour}" stroke-width="2.5"/>"#,
                points.join("L")
            ));
            let errors = self.standard_error.get(name).into_iter().flatten();
            for (round, (&value, &error)) in curve.iter().zip(errors).enumerate() {
                let (at, from, to) = (x(round), y(value - error), y(value + error));
                line(format_args!(
                    r#"<path d="M{at:.1} {from:.1}V{to:.1}" stroke="{colour}"/>"#
                ));
            }
            let row = top + 20.0 + 24.0 * place as f64;
            line(format_args!(
                r#"<path d="M{} {row}h22" stroke="{colour}" stroke-width="3"/>"#,
                right + 16.0
            ));
            line(format_args!(
                r#"<text x="{}" y="{}">{words}</text>"#,
                right + 44.0,
                row + 4.0
            ));
        }
        line(format_args!("</svg>"));
        svg
    }
}

/// `text` as XML holds it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_drawn_arm_has_a_line_and_a_name() {
        let of = |value: f64| {
            DRAWN
                .iter()
                .map(|&(name, ..)| (name, vec![value; 4]))
                .collect::<BTreeMap<_, _>>()
        };
        let listeners = Listeners {
            listeners: 2,
            rounds: 4,
            arms: of(0.4),
            standard_error: of(0.01),
        };
        let svg = listeners.svg("a < b");
        assert_eq!(
            svg.matches("stroke-width=\"2.5\"").count(),
            DRAWN.len(),
            "{svg}"
        );
        for (_, words, _) in DRAWN {
            assert!(svg.contains(words), "{words} is named");
        }
        assert!(svg.contains("a &lt; b") && !svg.contains("NaN"), "{svg}");
    }
}
