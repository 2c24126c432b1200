//! The numbers on the badge, drawn without a font: pixel by pixel where pixels are few, by strokes where not.

use std::fmt::Write;

/// A number as SVG elements, its top left corner at the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The elements, white.
    pub svg: String,
    /// Units from its left to its right edge.
    pub width: f32,
    /// Units from its top to its bottom edge.
    pub height: f32,
}

/// How digits are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hand {
    /// 5 × 7 pixels, for a picture of 16.
    Small,
    /// 5 × 8 pixels, and narrower for three signs, for a picture of 22.
    Medium,
    /// Strokes on a box of 6 × 10 units, for a grid of 32 and this many pixels a unit.
    Large(f32),
}

/// Writes `text`, of which only digits and `+` are known; anything else is left out.
pub fn number(text: &str, hand: Hand) -> Number {
    match hand {
        Hand::Small => pixels(text, SMALL),
        Hand::Medium if text.len() > 2 => pixels(text, NARROW),
        Hand::Medium => pixels(text, MEDIUM),
        Hand::Large(scale) => strokes(text, (scale.ceil() / scale).max(1.0)),
    }
}

/// Signs side by side, one pixel between them.
fn pixels(text: &str, glyphs: &[Glyph]) -> Number {
    let mut path = String::new();
    let (mut left, mut height) = (0, 0);
    for rows in text.chars().filter_map(|sign| find(glyphs, sign)) {
        for (y, row) in rows.iter().enumerate() {
            for (x, _) in row.bytes().enumerate().filter(|(_, ink)| *ink == b'#') {
                // Writing to a String does not fail.
                let _ = write!(path, "M{} {y}h1v1h-1z", left + x);
            }
        }
        left += rows.iter().map(|row| row.len()).max().unwrap_or_default() + 1;
        height = height.max(rows.len());
    }
    Number {
        svg: format!(r##"<path fill="#fff" d="{path}"/>"##),
        width: left.saturating_sub(1) as f32,
        height: height as f32,
    }
}

/// Signs side by side, `gap` units between them.
fn strokes(text: &str, gap: f32) -> Number {
    let mut svg = String::new();
    let mut left = 0.0;
    for (width, path) in text.chars().filter_map(|sign| find(LARGE, sign)) {
        let _ = write!(
            svg,
            r##"<path fill="none" stroke="#fff" stroke-width="2" transform="translate({left})" d="{path}"/>"##
        );
        left += width + gap;
    }
    Number {
        svg,
        width: f32::max(left - gap, 0.0),
        height: 10.0,
    }
}

fn find<T: Copy>(glyphs: &[(char, T)], sign: char) -> Option<T> {
    glyphs
        .iter()
        .find(|(of, _)| *of == sign)
        .map(|(_, glyph)| *glyph)
}

type Glyph = (char, &'static [&'static str]);

#[rustfmt::skip]
const SMALL: &[Glyph] = &[
    ('1', &[" ##", "###", " ##", " ##", " ##", " ##", " ##"]),
    ('2', &[" ### ", "## ##", "   ##", "  ## ", " ##  ", "##   ", "#####"]),
    ('3', &[" ### ", "## ##", "   ##", "  ## ", "   ##", "## ##", " ### "]),
    ('4', &["   ##", "  ###", " # ##", "#  ##", "#####", "   ##", "   ##"]),
    ('5', &["#####", "##   ", "#### ", "   ##", "   ##", "## ##", " ### "]),
    ('6', &[" ### ", "##   ", "#### ", "## ##", "## ##", "## ##", " ### "]),
    ('7', &["#####", "   ##", "  ## ", "  ## ", " ##  ", " ##  ", " ##  "]),
    ('8', &[" ### ", "## ##", "## ##", " ### ", "## ##", "## ##", " ### "]),
    ('9', &[" ### ", "## ##", "## ##", "## ##", " ####", "   ##", " ### "]),
];

#[rustfmt::skip]
const MEDIUM: &[Glyph] = &[
    ('0', &[" ### ", "## ##", "## ##", "## ##", "## ##", "## ##", "## ##", " ### "]),
    ('1', &[" ##", "###", "###", " ##", " ##", " ##", " ##", " ##"]),
    ('2', &[" ### ", "## ##", "   ##", "   ##", "  ## ", " ##  ", "##   ", "#####"]),
    ('3', &[" ### ", "## ##", "   ##", "  ## ", "   ##", "   ##", "## ##", " ### "]),
    ('4', &["   ##", "  ###", " # ##", " # ##", "#  ##", "#####", "   ##", "   ##"]),
    ('5', &["#####", "##   ", "##   ", "#### ", "   ##", "   ##", "## ##", " ### "]),
    ('6', &[" ### ", "##   ", "##   ", "#### ", "## ##", "## ##", "## ##", " ### "]),
    ('7', &["#####", "   ##", "   ##", "  ## ", "  ## ", " ##  ", " ##  ", " ##  "]),
    ('8', &[" ### ", "## ##", "## ##", " ### ", "## ##", "## ##", "## ##", " ### "]),
    ('9', &[" ### ", "## ##", "## ##", "## ##", " ####", "   ##", "   ##", " ### "]),
];

#[rustfmt::skip]
const NARROW: &[Glyph] = &[
    ('9', &[" ## ", "# ##", "# ##", "# ##", " ###", "  ##", "  ##", "### "]),
    ('+', &["   ", "   ", "   ", " # ", "###", " # ", "   ", "   "]),
];

/// A sign's width and the line through the middle of its strokes, which are two units wide.
const LARGE: &[(char, (f32, &str))] = &[
    ('0', (6.0, "M1 3a2 2 0 0 1 4 0v4a2 2 0 0 1-4 0z")),
    ('1', (4.0, "M.4 2.8L3 1v9")),
    ('2', (6.0, "M1 3.4V3a2 2 0 0 1 4 0c0 2-4 3.5-4 6h5")),
    (
        '3',
        (
            6.0,
            "M1 3.4V3a2 2 0 0 1 4 0a2 2 0 0 1-2 2a2 2 0 0 1 2 2a2 2 0 0 1-4 0v-.4",
        ),
    ),
    ('4', (6.0, "M3.4 0L1 7h5M5 4v6")),
    ('5', (6.0, "M5.6 1H1v4h2a2 2 0 0 1 2 2a2 2 0 0 1-4 0v-.4")),
    (
        '6',
        (6.0, "M5 3.4V3a2 2 0 0 0-4 0v4a2 2 0 0 0 4 0a2 2 0 0 0-4 0"),
    ),
    ('7', (6.0, "M0 1h5L2.4 10")),
    (
        '8',
        (
            6.0,
            "M3 5a2 2 0 1 1 0-4a2 2 0 1 1 0 4a2 2 0 1 0 0 4a2 2 0 1 0 0-4z",
        ),
    ),
    (
        '9',
        (6.0, "M1 6.6V7a2 2 0 0 0 4 0v-4a2 2 0 0 0-4 0a2 2 0 0 0 4 0"),
    ),
    ('+', (5.0, "M2.5 2.5v5M0 5h5")),
];
