//! A file system that loses power: what was not synced survives in part, torn and in any order, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::lake::disk::Body;
use engine::lake::disk::system::{FileSystem, Unsynced};

use crate::random::Random;

/// A disk is written in sectors: of each either the old or the new is there.
const SECTOR: usize = 512;

/// Syncs that a trial leaves out on purpose, to see that it finds the loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LeftOut {
    /// Of what is in a file.
    Content,
    /// Of a file's name in its folder.
    Name,
    /// Of a new folder's name in the one above.
    Folder,
    /// Of a name that was taken away.
    Removal,
}

/// Clones are the same disk.
#[derive(Debug, Clone)]
pub(crate) struct Simulated {
    state: Arc<Mutex<State>>,
    left_out: Option<LeftOut>,
}

#[derive(Debug)]
struct State {
    nodes: Vec<Node>,
    /// What a process sees.
    now: BTreeMap<PathBuf, usize>,
    /// What is sure to be there after a loss of power.
    certain: BTreeMap<PathBuf, usize>,
    /// Changes of names between the two, in their order.
    pending: Vec<Step>,
    /// Calls until the power goes.
    left: Option<u64>,
    is_lost: bool,
    random: Random,
}

#[derive(Debug, Clone, Default)]
struct Node {
    is_folder: bool,
    written: Vec<u8>,
    certain: Vec<u8>,
}

#[derive(Debug, Clone)]
enum Step {
    Appear(PathBuf, usize),
    Rename(PathBuf, PathBuf, usize),
    Vanish(PathBuf),
}

impl Simulated {
    pub(crate) fn new(root: &Path, left_out: Option<LeftOut>, random: Random) -> Self {
        let nodes = vec![Node { is_folder: true, ..Node::default() }];
        let now = BTreeMap::from([(root.to_owned(), 0)]);
        let state = State {
            nodes,
            certain: now.clone(),
            now,
            pending: Vec::new(),
            left: None,
            is_lost: false,
            random,
        };
        Self { state: Arc::new(Mutex::new(state)), left_out }
    }

    /// The power goes at this call from now on.
    pub(crate) fn lose_power_at(&self, call: u64) {
        self.state().left = Some(call);
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.state().is_lost
    }

    /// Only the process ended: what it wrote is there, and as uncertain as before.
    pub(crate) fn go_on(&self) {
        let mut state = self.state();
        (state.left, state.is_lost) = (None, false);
    }

    /// The power is back: what the disk has is what there is.
    pub(crate) fn restart(&self) {
        let mut state = self.state();
        (state.left, state.is_lost) = (None, false);
        let mut steps = std::mem::take(&mut state.pending);
        let mut names = std::mem::take(&mut state.certain);
        while !steps.is_empty() {
            // Any of them, in any order, or none.
            let chosen = state.random.below(steps.len() as u64) as usize;
            let step = steps.swap_remove(chosen);
            if state.random.below(2) == 0 {
                step.apply(&mut names);
            }
        }
        let folders: BTreeSet<PathBuf> = names
            .iter()
            .filter(|(_, node)| state.nodes[**node].is_folder)
            .map(|(path, _)| path.clone())
            .collect();
        let root = folders.first().cloned().unwrap_or_default();
        let is_reached = |path: &Path| {
            let above = path.ancestors().skip(1).take_while(|above| above.starts_with(&root));
            path == root || above.into_iter().all(|above| folders.contains(above))
        };
        names.retain(|path, _| is_reached(path));
        let mut nodes = Vec::with_capacity(names.len());
        for node in names.values_mut() {
            let survived = state.survived(*node);
            let is_folder = state.nodes[*node].is_folder;
            *node = nodes.len();
            nodes.push(Node { is_folder, written: survived.clone(), certain: survived });
        }
        state.nodes = nodes;
        state.now.clone_from(&names);
        state.certain = names;
    }

    /// Files that are there.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let state = self.state();
        let is_file = |node: &usize| !state.nodes[*node].is_folder;
        state.now.iter().filter(|(_, node)| is_file(node)).map(|(path, _)| path.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call that changes something.
    fn call(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        if let Some(left) = &mut state.left {
            *left = left.saturating_sub(1);
            state.is_lost |= state.left == Some(0);
        }
        if state.is_lost { Err(lost()) } else { Ok(state) }
    }
}

fn lost() -> io::Error {
    io::Error::other("the power is gone")
}

impl State {
    /// What is left of a file: as it was synced, or with what came later in part.
    fn survived(&mut self, node: usize) -> Vec<u8> {
        let Node { written, certain, .. } = &self.nodes[node];
        if written == certain {
            return certain.clone();
        }
        match self.random.below(4) {
            0 => certain.clone(),
            1 => written.clone(),
            2 => written[..self.random.below(written.len() as u64 + 1) as usize].to_vec(),
            _ => {
                let mut torn = vec![0; written.len()];
                for (new, kept) in written.chunks(SECTOR).zip(torn.chunks_mut(SECTOR)) {
                    if self.random.below(2) == 0 {
                        kept.copy_from_slice(new);
                    }
                }
                torn
            }
        }
    }

    fn step(&mut self, step: Step) {
        step.apply(&mut self.now);
        self.pending.push(step);
    }
}

impl Step {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Appear(path, node) => drop(names.insert(path.clone(), *node)),
            Self::Rename(from, to, node) => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
            Self::Vanish(path) => drop(names.remove(path)),
        }
    }

    fn folder(&self) -> Option<&Path> {
        let (Self::Appear(path, _) | Self::Rename(_, path, _) | Self::Vanish(path)) = self;
        path.parent()
    }

    /// Which sync it waits for.
    fn waits_for(&self, nodes: &[Node]) -> LeftOut {
        match self {
            Self::Appear(_, node) if nodes[*node].is_folder => LeftOut::Folder,
            Self::Appear(..) | Self::Rename(..) => LeftOut::Name,
            Self::Vanish(_) => LeftOut::Removal,
        }
    }
}

impl FileSystem for Simulated {
    fn create(&self, file: &Path) -> io::Result<Box<dyn Unsynced>> {
        let mut state = self.call()?;
        if !file.parent().is_some_and(|folder| state.now.contains_key(folder)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.nodes.push(Node::default());
        let node = state.nodes.len() - 1;
        state.step(Step::Appear(file.to_owned(), node));
        Ok(Box::new(Writing { disk: self.clone(), node }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.call()?;
        let node = *state.now.get(from).ok_or(io::ErrorKind::NotFound)?;
        state.step(Step::Rename(from.to_owned(), to.to_owned(), node));
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let mut state = self.call()?;
        if !state.now.contains_key(file) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.step(Step::Vanish(file.to_owned()));
        Ok(())
    }

    fn open(&self, file: &Path) -> io::Result<Body> {
        let state = self.state();
        if state.is_lost {
            return Err(lost());
        }
        let node = *state.now.get(file).ok_or(io::ErrorKind::NotFound)?;
        Ok(Body::Bytes(state.nodes[node].written.clone().into()))
    }

    fn is_folder(&self, folder: &Path) -> bool {
        let state = self.state();
        state.now.get(folder).is_some_and(|node| state.nodes[*node].is_folder)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.call()?;
        if state.now.contains_key(folder) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.nodes.push(Node { is_folder: true, ..Node::default() });
        let node = state.nodes.len() - 1;
        state.step(Step::Appear(folder.to_owned(), node));
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.call()?;
        let State { pending, nodes, certain, .. } = &mut *state;
        pending.retain(|step| {
            let is_synced =
                step.folder() == Some(folder) && self.left_out != Some(step.waits_for(nodes));
            if is_synced {
                step.apply(certain);
            }
            !is_synced
        });
        Ok(())
    }
}

/// A file that is being written.
#[derive(Debug)]
struct Writing {
    disk: Simulated,
    node: usize,
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.call()?;
        state.nodes[self.node].written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unsynced for Writing {
    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.call()?;
        if self.disk.left_out != Some(LeftOut::Content) {
            let node = &mut state.nodes[self.node];
            node.certain.clone_from(&node.written);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use engine::lake::disk::system::FileSystem as _;

    use super::Simulated;
    use crate::random::Random;

    fn write(disk: &Simulated, name: &str, bytes: &[u8], is_synced: bool) {
        let mut file = disk.create(Path::new(name)).unwrap();
        file.write_all(bytes).unwrap();
        if is_synced {
            file.sync().unwrap();
        }
    }

    /// After many losses of power: how often a file was there, and how often whole.
    fn survivals(after: impl Fn(&Simulated)) -> (u32, u32) {
        let (mut there, mut whole) = (0, 0);
        for seed in 0..400 {
            let disk = Simulated::new(Path::new("/d"), None, Random::new(seed));
            after(&disk);
            disk.restart();
            if let Ok(body) = disk.open(Path::new("/d/f")) {
                there += 1;
                whole += u32::from(body.bytes().unwrap() == vec![7; 2000]);
            }
        }
        (there, whole)
    }

    #[test]
    fn only_what_was_synced_is_sure() {
        let (there, whole) = survivals(|disk| write(disk, "/d/f", &[7; 2000], false));
        assert!((100..300).contains(&there) && whole < there / 2, "{there} {whole}");
        let (there, whole) = survivals(|disk| write(disk, "/d/f", &[7; 2000], true));
        assert!((100..300).contains(&there) && whole == there, "{there} {whole}");
        let synced = |disk: &Simulated| {
            write(disk, "/d/f", &[7; 2000], true);
            disk.sync_folder(Path::new("/d")).unwrap();
        };
        assert_eq!(survivals(synced), (400, 400));
        let (there, _) = survivals(|disk| {
            synced(disk);
            disk.remove(Path::new("/d/f")).unwrap();
        });
        assert!((100..300).contains(&there), "{there}");
    }

    #[test]
    fn a_file_in_a_folder_that_is_lost_is_lost() {
        for seed in 0..50 {
            let disk = Simulated::new(Path::new("/d"), None, Random::new(seed));
            disk.create_folder(Path::new("/d/e")).unwrap();
            write(&disk, "/d/e/f", b"x", true);
            disk.sync_folder(Path::new("/d/e")).unwrap();
            disk.restart();
            let is_there = disk.is_folder(Path::new("/d/e"));
            let files = if is_there { vec![PathBuf::from("/d/e/f")] } else { Vec::new() };
            assert_eq!(disk.files(), files);
        }
    }
}
