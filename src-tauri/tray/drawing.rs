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
    /// How digits are drawn.
    hand: Hand,
    /// The most signs that its badge has room for; a plain dot says the rest.
    signs: usize,
}

const SMALL: Grid = Grid {
    svg: include_str!("../../icons/bell/16.svg"),
    side: 16,
    gap: 1.0,
    hand: Hand::Small,
    signs: 1,
};
const MEDIUM: Grid = Grid {
    svg: include_str!("../../icons/bell/22.svg"),
    side: 22,
    gap: 1.0,
    hand: Hand::Medium,
    signs: 3,
};
const LARGE: Grid = Grid {
    svg: include_str!("../../icons/bell/32.svg"),
    side: 32,
    gap: 1.5,
    hand: Hand::Large,
    signs: 3,
};

fn paint(look: &Look, size: u32) -> Option<Pixmap> {
    let mut canvas = Canvas::new(look.panel, size)?;
    let struck = look.mark == Some(Mark::NotAlive);
    canvas.lay(match (look.unread, struck) {
        (0, false) => "bell",
        (0, true) => "bell-grey",
        _ => "bell-filled",
    })?;
    match look.mark {
        Some(Mark::NotAlive) => canvas.lay("slash")?,
        Some(Mark::Full) => canvas.lay("full")?,
        Some(Mark::Paused) => canvas.lay("paused")?,
        Some(Mark::SignIn) => canvas.lay("sign-in")?,
        None => {}
    }
    if let Some(text) = badge(look.unread) {
        canvas.count(&text)?;
    }
    Some(canvas.pixmap)
}

struct Canvas {
    pixmap: Pixmap,
    grid: &'static Grid,
    /// From the grid's units to pixels.
    transform: Transform,
    /// Pixels kept clear around a part.
    gap: f32,
    colours: &'static str,
}

impl Canvas {
    fn new(panel: Panel, size: u32) -> Option<Self> {
        let grid = match size {
            ..=21 => &SMALL,
            22..=27 => &MEDIUM,
            _ => &LARGE,
        };
        // Just above its own size a small grid gets a margin, for scaled pixels would blur.
        let (scale, margin) = if size < grid.side || grid.side == LARGE.side {
            (size as f32 / grid.side as f32, 0)
        } else {
            (1.0, (size - grid.side) / 2)
        };
        Some(Self {
            pixmap: Pixmap::new(size, size)?,
            grid,
            transform: Transform::from_translate(margin as f32, margin as f32)
                .pre_scale(scale, scale),
            gap: (grid.gap * scale).round(),
            colours: match panel {
                Panel::Light => LIGHT,
                Panel::Dark => DARK,
            },
        })
    }

    /// Lays a part over what is there, with a gap around it.
    fn lay(&mut self, part: &str) -> Option<()> {
        let (id, style) = match part {
            "bell-filled" => ("bell", ".body { fill: currentColor }"),
            "bell-grey" => ("bell", "#bell { opacity: 0.5 }"),
            _ => (part, ""),
        };
        let tree = self.part(id, style)?;
        let layer = self.render(&tree, self.transform)?;
        clear(&mut self.pixmap, &layer, self.gap);
        self.over(&layer);
        Some(())
    }

    /// Lays the badge with its number, or the dot where the number finds no room.
    fn count(&mut self, text: &str) -> Option<()> {
        if text.len() > self.grid.signs {
            return self.lay("dot");
        }
        let id = format!("badge-{}", text.len());
        self.lay(&id)?;
        let badge: Rect = self.part(&id, "")?.root().abs_bounding_box();
        let number = number(text, self.grid.hand);
        let tree =
            Tree::from_str(&document(self.grid.side, &number.svg), &Options::default()).ok()?;
        let x = badge.x() + (badge.width() - number.width) / 2.0;
        let y = badge.y() + (badge.height() - number.height) / 2.0;
        let layer = self.render(&tree, self.transform.pre_translate(x, y))?;
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

    fn render(&self, tree: &Tree, transform: Transform) -> Option<Pixmap> {
        let mut layer = Pixmap::new(self.pixmap.width(), self.pixmap.height())?;
        resvg::render(tree, transform, &mut layer.as_mut());
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
    let shadow = |x: i32, y: i32| {
        let mut most = 0.0_f32;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let (x, y) = (x + dx, y + dy);
                if (0..side).contains(&x) && (0..side).contains(&y) {
                    let near = (gap + 0.5 - (dx as f32).hypot(dy as f32)).clamp(0.0, 1.0);
                    let alpha = above.pixels()[(y * side + x) as usize].alpha();
                    most = most.max(near * f32::from(alpha) / 255.0);
                }
            }
        }
        most
    };
    for (at, pixel) in below.pixels_mut().iter_mut().enumerate() {
        let keep = 1.0 - shadow(at as i32 % side, at as i32 / side);
        let [r, g, b, a] = [pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]
            .map(|channel| (f32::from(channel) * keep) as u8);
        *pixel = PremultipliedColorU8::from_rgba(r, g, b, a).unwrap_or(*pixel);
    }
}
