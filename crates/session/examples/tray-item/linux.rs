use std::io::Write;
use std::sync::mpsc;

use ksni::blocking::TrayMethods;
use ksni::menu::{CheckmarkItem, StandardItem, SubMenu};

struct Item {
    log: std::fs::File,
    name: String,
    colour: [u8; 3],
    checked: bool,
    quit: mpsc::Sender<()>,
}

impl Item {
    fn note(&mut self, what: &str) {
        writeln!(self.log, "{what}").unwrap();
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        self.name.clone()
    }

    fn title(&self) -> String {
        format!("{} title", self.name)
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        ksni::ToolTip {
            title: format!("{} tooltip", self.name),
            description: "in more words".to_owned(),
            ..Default::default()
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        let [red, green, blue] = self.colour;
        let data = [255, red, green, blue].repeat(22 * 22);
        vec![ksni::Icon {
            width: 22,
            height: 22,
            data,
        }]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.note("left click");
    }

    fn secondary_activate(&mut self, _x: i32, _y: i32) {
        self.note("middle click");
    }

    fn menu(&self) -> Vec<ksni::MenuItem<Self>> {
        let greet = |item: &mut Self| item.note("greeted");
        let check = |item: &mut Self| {
            item.checked = !item.checked;
            item.note("checked");
        };
        let quit = |item: &mut Self| item.quit.send(()).unwrap();
        vec![
            StandardItem {
                label: "Greet".to_owned(),
                activate: Box::new(greet),
                ..Default::default()
            }
            .into(),
            ksni::MenuItem::Separator,
            SubMenu {
                label: "More".to_owned(),
                submenu: vec![
                    CheckmarkItem {
                        label: "Snake_case".to_owned().replace('_', "__"),
                        checked: self.checked,
                        activate: Box::new(check),
                        ..Default::default()
                    }
                    .into(),
                ],
                ..Default::default()
            }
            .into(),
            StandardItem {
                label: "_Quit".to_owned(),
                activate: Box::new(quit),
                ..Default::default()
            }
            .into(),
        ]
    }
}

pub(crate) fn run() {
    let mut arguments = std::env::args().skip(1);
    let log = arguments.next().expect("the file to write to");
    let name = arguments.next().expect("the item's name");
    let colour = arguments.next().expect("the item's colour");
    let colour = u32::from_str_radix(&colour, 16)
        .expect("a colour as RRGGBB")
        .to_be_bytes();
    let (quit, until_quit) = mpsc::channel();
    let item = Item {
        log: std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap(),
        name,
        colour: [colour[1], colour[2], colour[3]],
        checked: false,
        quit,
    };
    let handle = item.assume_sni_available(true).spawn().unwrap();
    until_quit.recv().unwrap();
    handle.shutdown().wait();
}
