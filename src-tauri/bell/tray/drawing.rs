//! The bell as pixels: parts from `icons/bell/`, laid over one another.
//!
//! There are three optical sizes, each drawn on a grid of its own so that stems and digits fall on whole pixels.
//! A part that covers another keeps a clear gap around itself, whatever lies below.

use std::ops::RangeInclusive;

use belldot_core::bell::{Mark, badge};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg::{Options, Rect, Tree};

use super::digits::{Hand, number};

/// What to draw. Equal looks are equal pictures, so that nothing is drawn or sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How many unread to-dos wait.
    pub unread: u64,
    /// What is wrong or special.
    pub mark: Option<Mark>,
    /// What the bell hangs on.
    pub panel: Panel,
}

/// The brightness of the panel that the bell hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Panel {
    /// A light panel: dark ink.
    Light,
    /// A dark panel: light ink.
    Dark,
}

/// A square picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels from edge to edge.
    pub size: u32,
    /// Four bytes a pixel, row by row: red, green, blue, alpha; straight, not premultiplied.
    pub rgba: Vec<u8>,
}

/// The sizes that panels ask for, in pixels.
pub const SIZES: [u32; 6] = [16, 22, 24, 32, 48, 64];

/// Draws the bell at `size` pixels, which is brought within 8 … 256.
pub fn draw(look: &Look, size: u32) -> Picture {
    let size = size.clamp(*DRAWABLE.start(), *DRAWABLE.end());
    // Only a broken part yields no picture, and the tests draw each of them.
    let rgba = paint(look, size).map_or_else(
        || vec![0; (size * size * 4) as usize],
        |pixmap| pixmap.take_demultiplied(),
    );
    Picture { size, rgba }
}

impl Picture {
    /// The same pixels as a StatusNotifierItem's `IconPixmap` wants them: ARGB32 in network byte order.
    pub fn argb(&self) -> Vec<u8> {
        let mut argb = self.rgba.clone();
        for pixel in argb.chunks_exact_mut(4) {
            pixel.rotate_right(1);
        }
        argb
    }
}

const DRAWABLE: RangeInclusive<u32> = 8..=256;

/// An optical size.
struct Grid {
    /// Its parts.
    svg: &'static str,
    /// Units from edge to edge.
    side: u32,
    /// Units kept clear around a part.
    gap: f32,
    /// The most signs that its badge has room for; a plain dot says the rest.
    signs: usize,
}

const SMALL: Grid = Grid {
    svg: include_str!("../../../icons/bell/16.svg"),
    side: 16,
    gap: 1.0,
    signs: 1,
};
const MEDIUM: Grid = Grid {
    svg: include_str!("../../../icons/bell/22.svg"),
    side: 22,
    gap: 1.0,
    signs: 3,
};
const LARGE: Grid = Grid {
    svg: include_str!("../../../icons/bell/32.svg"),
    side: 32,
    gap: 1.5,
    signs: 3,
};

fn paint(look: &Look, size: u32) -> Option<Pixmap> {
    let mut canvas = Canvas::new(look.panel, size)?;
    let bell = match (look.unread, look.mark) {
        (0, Some(Mark::NotAlive)) => GREY,
        (0, _) => OUTLINE,
        _ => FILLED,
    };
    canvas.lay("bell", bell, 0.0)?;
    let mark = look.mark.map(|mark| match mark {
        Mark::Paused => ("paused", canvas.gap),
        Mark::Full => ("full", canvas.gap),
        Mark::SignIn => ("sign-in", canvas.gap),
        // A slanted edge needs half a pixel more to look as clear.
        Mark::NotAlive => ("slash", canvas.gap + 0.5),
    });
    if let Some((part, gap)) = mark {
        canvas.lay(part, "", gap)?;
    }
    if let Some(text) = badge(look.unread) {
        canvas.count(&text)?;
    }
    Some(canvas.pixmap)
}

struct Canvas {
    pixmap: Pixmap,
    grid: &'static Grid,
    /// How digits are drawn.
    hand: Hand,
    /// Pixels a unit.
    scale: f32,
    /// Pixels around the grid.
    margin: f32,
    /// Pixels kept clear around a part.
    gap: f32,
    colours: &'static str,
}

impl Canvas {
    fn new(panel: Panel, size: u32) -> Option<Self> {
        let (grid, hand, scale) = match size {
            // Just above its own size a small grid gets a margin, for scaled pixels would blur.
            ..=21 => (&SMALL, Hand::Small, f32::min(size as f32 / 16.0, 1.0)),
            22..=27 => (&MEDIUM, Hand::Medium, 1.0),
            _ => (&LARGE, Hand::Large(size as f32 / 32.0), size as f32 / 32.0),
        };
        Some(Self {
            pixmap: Pixmap::new(size, size)?,
            grid,
            hand,
            scale,
            margin: ((size as f32 - grid.side as f32 * scale) / 2.0).floor(),
            gap: (grid.gap * scale).round(),
            colours: match panel {
                Panel::Light => LIGHT,
                Panel::Dark => DARK,
            },
        })
    }

    /// Lays a part over what is there, keeps `gap` pixels clear around it, and tells where it lies on the grid.
    fn lay(&mut self, id: &str, style: &str, gap: f32) -> Option<Rect> {
        let part = self.part(id, style)?;
        let layer = self.render(&part, 0.0, 0.0)?;
        clear(&mut self.pixmap, &layer, gap);
        self.over(&layer);
        Some(part.root().abs_bounding_box())
    }

    /// Lays the badge with its number, or the dot where the number finds no room.
    fn count(&mut self, text: &str) -> Option<()> {
        if text.len() > self.grid.signs {
            return self.lay("dot", "", self.gap).map(drop);
        }
        let badge = self.lay(&format!("badge-{}", text.len()), "", self.gap)?;
        let number = number(text, self.hand);
        let svg = document(self.grid.side, &number.svg);
        let tree = Tree::from_str(&svg, &Options::default()).ok()?;
        let whole = |units: f32| (units * self.scale).round();
        let x = whole(badge.x() + (badge.width() - number.width) / 2.0);
        let y = whole(badge.y() + (badge.height() - number.height) / 2.0);
        let layer = self.render(&tree, x, y)?;
        self.over(&layer);
        Some(())
    }

    /// One part of the grid's drawing, in the panel's colours.
    fn part(&self, id: &str, style: &str) -> Option<Tree> {
        let options = Options {
            style_sheet: Some(format!(
                "{} svg > * {{ display: none }} #{id} {{ display: inline }} {style}",
                self.colours
            )),
            ..Options::default()
        };
        let tree = Tree::from_str(self.grid.svg, &options).ok()?;
        tree.root().has_children().then_some(tree)
    }

    /// The grid's drawing as pixels, moved to the right and down by so many.
    fn render(&self, tree: &Tree, x: f32, y: f32) -> Option<Pixmap> {
        let mut layer = Pixmap::new(self.pixmap.width(), self.pixmap.height())?;
        let place = Transform::from_translate(self.margin + x, self.margin + y);
        resvg::render(
            tree,
            place.pre_scale(self.scale, self.scale),
            &mut layer.as_mut(),
        );
        Some(layer)
    }

    fn over(&mut self, layer: &Pixmap) {
        self.pixmap.draw_pixmap(
            0,
            0,
            layer.as_ref(),
            &Default::default(),
            Transform::identity(),
            None,
        );
    }
}

/// Styles of the bell: all is read, something waits, nobody knows.
const OUTLINE: &str = "";
const FILLED: &str = ".body { fill: currentColor }";
const GREY: &str = "#bell { opacity: 0.5 }";

/// Ink and marks on a light panel: amber at 3 : 1 on the panel, its sign at 3 : 1 on the amber.
const LIGHT: &str = "svg { color: #2b2e38 } .amber { fill: #c97700 } .sign { fill: #ffffff }";
const DARK: &str = "svg { color: #e9ebf2 } .amber { fill: #f3b35b } .sign { fill: #22252e }";

fn document(side: u32, elements: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{elements}</svg>"#
    )
}

/// Clears `below` wherever `above` is, and `gap` pixels around.
fn clear(below: &mut Pixmap, above: &Pixmap, gap: f32) {
    let (side, reach) = (above.width() as i32, gap.ceil() as i32);
    let near = |dx: i32, dy: i32| (gap + 1.0 - (dx as f32).hypot(dy as f32)).clamp(0.0, 1.0);
    let around: Vec<_> = (-reach..=reach)
        .flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy, near(dx, dy))))
        .collect();
    let covered = |x: i32, y: i32| {
        let inside = around
            .iter()
            .map(|(dx, dy, near)| (x + dx, y + dy, near))
            .filter(|(x, y, _)| (0..side).contains(x) && (0..side).contains(y));
        inside.fold(0.0, |most, (x, y, near)| {
            let alpha = above.pixels()[(y * side + x) as usize].alpha();
            f32::max(most, near * f32::from(alpha) / 255.0)
        })
    };
    let pixels = below.pixels_mut().iter_mut().enumerate();
    for (at, pixel) in pixels.filter(|(_, pixel)| pixel.alpha() > 0) {
        let keep = 1.0 - covered(at as i32 % side, at as i32 / side);
        let [r, g, b, a] = [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
            .map(|channel| (f32::from(channel) * keep) as u8);
        *pixel = PremultipliedColorU8::from_rgba(r, g, b, a).unwrap_or(*pixel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: [Option<Mark>; 5] = [
        None,
        Some(Mark::Paused),
        Some(Mark::Full),
        Some(Mark::NotAlive),
        Some(Mark::SignIn),
    ];
    const COUNTS: [u64; 6] = [0, 1, 9, 10, 99, 100];
    const RED: [u8; 4] = [0xe5, 0x38, 0x3b, 255];
    const WHITE: [u8; 4] = [255; 4];

    fn look(unread: u64, mark: Option<Mark>, panel: Panel) -> Look {
        Look {
            unread,
            mark,
            panel,
        }
    }

    fn looks() -> impl Iterator<Item = Look> {
        COUNTS.into_iter().flat_map(|unread| {
            MARKS.into_iter().flat_map(move |mark| {
                [Panel::Light, Panel::Dark].map(|panel| look(unread, mark, panel))
            })
        })
    }

    fn unread(count: u64, size: u32) -> Picture {
        draw(&look(count, None, Panel::Light), size)
    }

    /// The pixels of one colour.
    fn of(picture: &Picture, colour: [u8; 4]) -> Vec<usize> {
        let pixels = picture.rgba.chunks_exact(4).enumerate();
        pixels
            .filter(|(_, pixel)| *pixel == colour)
            .map(|(at, _)| at)
            .collect()
    }

    #[test]
    fn every_look_is_drawn_at_every_size() {
        for (look, size) in looks().flat_map(|look| SIZES.map(|size| (look, size))) {
            assert!(paint(&look, size).is_some(), "{look:?} at {size}");
            let picture = draw(&look, size);
            assert_eq!(picture.size, size);
            assert_eq!(picture.rgba.len(), (size * size * 4) as usize);
        }
    }

    #[test]
    fn odd_sizes_are_drawn_too_and_absurd_ones_bounded() {
        for size in 8..80 {
            assert!(
                paint(&look(100, None, Panel::Dark), size).is_some(),
                "{size}"
            );
        }
        assert_eq!(unread(3, 0).size, 8);
        assert_eq!(unread(3, u32::MAX).size, 256);
    }

    #[test]
    fn red_means_unread_and_nothing_else() {
        for (look, size) in looks().flat_map(|look| SIZES.map(|size| (look, size))) {
            let red = of(&draw(&look, size), RED).len();
            assert_eq!(red > 0, look.unread > 0, "{look:?} at {size}");
        }
    }

    #[test]
    fn a_mark_neither_moves_nor_covers_the_badge() {
        for (look, size) in looks().flat_map(|look| SIZES.map(|size| (look, size))) {
            let plain = Look { mark: None, ..look };
            let (marked, plain) = (draw(&look, size), draw(&plain, size));
            assert_eq!(of(&marked, RED), of(&plain, RED), "{look:?} at {size}");
            let badge = of(&plain, RED).into_iter().chain(of(&plain, WHITE));
            if look.unread > 0 {
                for at in badge {
                    assert_eq!(marked.rgba[at * 4..][..4], plain.rgba[at * 4..][..4]);
                }
            }
        }
    }

    #[test]
    fn the_badge_takes_at_most_two_thirds_of_a_small_picture() {
        for (size, most) in [(16, 10), (22, 15), (24, 16)] {
            for count in COUNTS {
                let red = of(&unread(count, size), RED);
                let columns = red.iter().map(|at| *at as u32 % size);
                let left = columns.min().unwrap_or(size);
                assert!(size - left <= most, "{count} at {size}: from column {left}");
            }
        }
    }

    #[test]
    fn each_mark_is_seen_with_and_without_unread() {
        for (count, size) in [0, 3, 27]
            .into_iter()
            .flat_map(|c| SIZES.map(|size| (c, size)))
        {
            let pictures = MARKS.map(|mark| draw(&look(count, mark, Panel::Light), size).rgba);
            for (at, picture) in pictures.iter().enumerate() {
                assert!(
                    !pictures[..at].contains(picture),
                    "{:?} {count} {size}",
                    MARKS[at]
                );
            }
        }
    }

    #[test]
    fn each_number_is_a_picture_of_its_own() {
        for size in [22, 32] {
            let pictures: Vec<_> = (0..=100).map(|count| unread(count, size)).collect();
            for (at, picture) in pictures.iter().enumerate() {
                assert!(!pictures[..at].contains(picture), "{at} at {size}");
            }
        }
    }

    #[test]
    fn sixteen_pixels_show_one_digit_or_a_dot() {
        assert_ne!(unread(8, 16), unread(9, 16));
        assert_eq!(unread(10, 16), unread(1000, 16));
        assert!(of(&unread(10, 16), WHITE).is_empty());
    }

    #[test]
    fn a_hundred_and_a_thousand_look_the_same() {
        for size in SIZES {
            assert_eq!(unread(100, size), unread(1000, size));
            assert_eq!(unread(100, size), unread(u64::MAX, size));
        }
    }

    #[test]
    fn small_digits_fall_on_whole_pixels() {
        for (text, size, hand) in [
            ("8", 16, Hand::Small),
            ("48", 22, Hand::Medium),
            ("99+", 24, Hand::Medium),
        ] {
            let drawn = of(&unread(text.parse().unwrap_or(100), size), WHITE).len();
            assert_eq!(
                drawn,
                number(text, hand).svg.matches('M').count(),
                "{text} at {size}"
            );
        }
    }

    #[test]
    fn ink_follows_the_panel() {
        let ink = |panel| of(&draw(&look(3, None, panel), 32), [0x2b, 0x2e, 0x38, 255]).len();
        assert!(ink(Panel::Light) > 100);
        assert_eq!(ink(Panel::Dark), 0);
    }

    #[test]
    fn equal_looks_are_equal_bytes() {
        for look in looks() {
            assert_eq!(draw(&look, 22), draw(&look.clone(), 22));
        }
    }

    #[test]
    fn argb_begins_with_alpha() {
        let rgba = vec![1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(Picture { size: 1, rgba }.argb(), [4, 1, 2, 3, 8, 5, 6, 7]);
    }
}
