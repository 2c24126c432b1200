//! The sheet of pictures to look at: the bell in each state, at each size, on both panels.

use std::path::{Path, PathBuf};

use belldot_core::bell::Mark;
use resvg::tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, Transform};

use super::drawing::{Look, Panel, Picture, draw};

/// Unread and mark of each row.
const STATES: [(u64, Option<Mark>); 11] = [
    (0, None),
    (1, None),
    (12, None),
    (48, None),
    (100, None),
    (0, Some(Mark::NotAlive)),
    (3, Some(Mark::NotAlive)),
    (0, Some(Mark::Paused)),
    (27, Some(Mark::Paused)),
    (6, Some(Mark::Full)),
    (100, Some(Mark::SignIn)),
];
const SIZES: [u32; 5] = [16, 22, 24, 32, 64];
const PANELS: [(Panel, [u8; 3]); 2] = [
    (Panel::Light, [0xf2, 0xf3, 0xf6]),
    (Panel::Dark, [0x22, 0x25, 0x2e]),
];
/// Around each picture, in its pixels.
const AIR: u32 = 6;

#[test]
fn on_the_sheet_no_two_states_look_alike() {
    let folder = pictures();
    for (name, sizes, scale) in [
        ("bells.png", &SIZES[..], 1),
        ("bells-enlarged.png", &SIZES[..3], 6),
    ] {
        let path = folder.join(name);
        sheet(sizes, scale).save_png(&path).unwrap();
        let sheet = Pixmap::load_png(&path).unwrap();
        let row = sheet.pixels().len() / STATES.len();
        let rows: Vec<_> = sheet.pixels().chunks_exact(row).collect();
        for (at, row) in rows.iter().enumerate() {
            let alike = rows[..at].iter().position(|other| other == row);
            assert_eq!(alike.map(|other| STATES[other]), None, "{:?}", STATES[at]);
        }
    }
}

/// Rows of states; columns of sizes on the light panel, then on the dark one.
fn sheet(sizes: &[u32], scale: u32) -> Pixmap {
    let cell = |size: &u32| (size + 2 * AIR) * scale;
    let half: u32 = sizes.iter().map(cell).sum();
    let row = sizes.iter().map(cell).max().unwrap();
    let mut sheet = Pixmap::new(2 * half, row * STATES.len() as u32).unwrap();
    for (side, (panel, [red, green, blue])) in (0..).zip(PANELS) {
        let mut paper = Pixmap::new(half, sheet.height()).unwrap();
        paper.fill(Color::from_rgba8(red, green, blue, 255));
        lay(&mut sheet, &paper, side * half, 0, 1);
        for (line, (unread, mark)) in (0..).zip(STATES) {
            let mut left = side * half;
            for size in sizes {
                let look = Look {
                    unread,
                    mark,
                    panel,
                };
                let bell = pixmap(&draw(&look, *size));
                let top = line * row + (row - size * scale) / 2;
                lay(&mut sheet, &bell, left + AIR * scale, top, scale);
                left += cell(size);
            }
        }
    }
    sheet
}

fn lay(below: &mut Pixmap, above: &Pixmap, x: u32, y: u32, scale: u32) {
    let paint = PixmapPaint {
        quality: FilterQuality::Nearest,
        ..PixmapPaint::default()
    };
    let place = Transform::from_translate(x as f32, y as f32);
    let place = place.pre_scale(scale as f32, scale as f32);
    below.draw_pixmap(0, 0, above.as_ref(), &paint, place, None);
}

fn pixmap(picture: &Picture) -> Pixmap {
    let mut pixmap = Pixmap::new(picture.size, picture.size).unwrap();
    let straight = picture.rgba.chunks_exact(4);
    for (pixel, rgba) in pixmap.pixels_mut().iter_mut().zip(straight) {
        let [red, green, blue, alpha] = rgba.try_into().unwrap();
        *pixel = resvg::tiny_skia::ColorU8::from_rgba(red, green, blue, alpha).premultiply();
    }
    pixmap
}

/// `pictures` in Cargo's target folder, which holds this test in `debug/deps`.
fn pictures() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap_or(Path::new("."));
    let folder = target.join("pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
