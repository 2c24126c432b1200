//! Files that reach themselves by way of their imports.

use std::{collections::BTreeMap, fmt};

use crate::graph::{Graph, Import};

/// Files of which each reaches every other one.
#[derive(Debug)]
pub struct Cycle {
    /// Sorted.
    pub files: Vec<String>,
    /// The imports between them.
    imports: Vec<Import>,
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.files.join(" "))?;
        for import in &self.imports {
            writeln!(f, "    {import}")?;
        }
        Ok(())
    }
}

/// Every cycle of a graph, none of them a part of another one.
pub fn cycles(graph: &Graph) -> Vec<Cycle> {
    let mut search = Search {
        targets: BTreeMap::new(),
        order: BTreeMap::new(),
        stack: Vec::new(),
        found: Vec::new(),
    };
    for import in graph.imports() {
        let targets = search.targets.entry(&import.from).or_default();
        targets.push(import.to.as_str());
    }
    for file in graph.files() {
        if !search.order.contains_key(file) {
            search.visit(file);
        }
    }
    let cycles = search.found.into_iter().map(|files| {
        let is_inside = |file: &String| files.binary_search(&file.as_str()).is_ok();
        let imports = graph
            .imports()
            .filter(|import| is_inside(&import.from) && is_inside(&import.to));
        Cycle {
            imports: imports.cloned().collect(),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
        }
    });
    cycles.collect()
}

/// Tarjan's search for strongly connected components.
struct Search<'a> {
    targets: BTreeMap<&'a str, Vec<&'a str>>,
    order: BTreeMap<&'a str, usize>,
    stack: Vec<&'a str>,
    found: Vec<Vec<&'a str>>,
}

impl<'a> Search<'a> {
    /// Visits a file and all that it reaches; the earliest file that they reach.
    fn visit(&mut self, file: &'a str) -> usize {
        let order = self.order.len();
        self.order.insert(file, order);
        self.stack.push(file);
        let mut lowest = order;
        for target in self.targets.get(file).cloned().unwrap_or_default() {
            match self.order.get(target) {
                None => lowest = lowest.min(self.visit(target)),
                Some(order) if self.stack.contains(&target) => lowest = lowest.min(*order),
                Some(_) => (),
            }
        }
        if lowest == order {
            let start = self.stack.iter().rposition(|known| *known == file);
            let mut files = self.stack.split_off(start.unwrap_or_default());
            if files.len() > 1 {
                files.sort_unstable();
                self.found.push(files);
            }
        }
        lowest
    }
}
