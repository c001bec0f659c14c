//! Undo and redo of what is no command to a cluster: who takes part, by which rules, and what they
//! are called.

use std::rc::Rc;
use std::sync::Arc;

use crate::cluster::Names;
use crate::history::Session;
use crate::protocol::ProcessId;
use crate::scenario::{Place, Scenario};

use crate::app::rest;

use super::Page;

/// How things were before a change of the cluster.
#[derive(Clone)]
pub(super) struct Earlier {
    /// What the change was, in words.
    what: String,
    way: Way,
}

/// How to get back to it.
#[derive(Clone)]
enum Way {
    /// Another run was shown, which is still there.
    Show(usize),
    /// A run that had not begun made way.
    Begin(Arc<Scenario>, Rc<Vec<Place>>),
    /// A process of this run had another name.
    Name(usize, Naming),
}

/// What a process is called, and what it was called before.
#[derive(Clone)]
struct Naming {
    id: ProcessId,
    is: Arc<str>,
    was: Arc<str>,
}

impl Earlier {
    /// How things are now, before a change that another run begins with.
    pub(super) fn of(page: &Page, what: Option<&str>, keep: bool) -> Option<Self> {
        let session = page.session.borrow();
        let way = if keep {
            Way::Show(session.current())
        } else {
            Way::Begin(session.run().scenario().clone(), page.places().clone())
        };
        let what = what?.into();
        Some(Self { what, way })
    }

    /// Whether there is a way back: what was renamed may have made way for something else.
    fn is_possible(&self, session: &Session) -> bool {
        let Way::Name(run, Naming { id, is, .. }) = &self.way else {
            return true;
        };
        let run = session.runs().get(*run);
        let named = run.and_then(|run| run.scenario().setup.processes.get(usize::from(id.0)));
        named.is_some_and(|spec| spec.name == *is)
    }
}

/// The last of these that is possible; those after it go.
fn last_possible(all: &mut Vec<Earlier>, session: &Session) -> Option<Earlier> {
    while let Some(last) = all.pop() {
        if last.is_possible(session) {
            return Some(last);
        }
    }
    None
}

impl Page {
    /// What undo would take back, in words.
    pub fn undoable(&self) -> Option<String> {
        self.command(|run| run.undoable())
            .or_else(|| self.last_of(&self.before))
    }

    /// What redo would bring back.
    pub fn redoable(&self) -> Option<String> {
        self.command(|run| run.redoable())
            .or_else(|| self.last_of(&self.after))
    }

    fn last_of(&self, all: &[Earlier]) -> Option<String> {
        let session = self.session.borrow();
        let mut latest = all.iter().rev();
        let last = latest.find(|earlier| earlier.is_possible(&session))?;
        Some(last.what.clone())
    }

    fn command(
        &self,
        which: impl Fn(&crate::history::Run) -> Option<&crate::cluster::Command>,
    ) -> Option<String> {
        let session = self.session.borrow();
        let run = session.run();
        let names = Names::new(&run.scenario().setup, run.cluster());
        which(run).map(|command| rest::command(&names, command).to_string())
    }

    pub(super) fn undo(&mut self) {
        if self.session.borrow().run().undoable().is_some() {
            return self.look(|run| {
                run.undo();
            });
        }
        let earlier = last_possible(&mut self.before, &self.session.borrow());
        if let Some(earlier) = earlier {
            let back = self.go_back(earlier);
            self.after.extend(back);
        }
    }

    pub(super) fn redo(&mut self) {
        if self.session.borrow().run().redoable().is_some() {
            return self.look(|run| {
                run.redo();
            });
        }
        let later = last_possible(&mut self.after, &self.session.borrow());
        if let Some(later) = later {
            let back = self.go_back(later);
            self.before.extend(back);
        }
    }

    /// Makes things as they were; returns how they are now.
    fn go_back(&mut self, Earlier { what, way }: Earlier) -> Option<Earlier> {
        let current = self.session.borrow().current();
        let back = match way {
            Way::Name(run, Naming { id, is, was }) => {
                self.session.borrow_mut().show(run);
                self.set_name(id, &was)?;
                let (is, was) = (was, is);
                Way::Name(run, Naming { id, is, was })
            }
            Way::Show(index) => {
                self.session.borrow_mut().show(index);
                Way::Show(current)
            }
            // What has happened since is kept.
            Way::Begin(scenario, places) if !self.session.borrow().run().is_fresh() => {
                self.session.borrow_mut().begin(scenario, true).ok()?;
                self.places.push(places);
                Way::Show(current)
            }
            Way::Begin(scenario, places) => {
                let now = self.session.borrow().run().scenario().clone();
                self.session.borrow_mut().begin(scenario, false).ok()?;
                Way::Begin(now, std::mem::replace(&mut self.places[current], places))
            }
        };
        self.turn();
        Some(Earlier { what, way: back })
    }

    /// Gives a process another name.
    pub(super) fn rename(&mut self, id: ProcessId, name: &str) {
        if let Some(old) = self.set_name(id, name) {
            let what = format!("{old} is called {name}");
            let (is, was) = (name.into(), old);
            let run = self.session.borrow().current();
            let way = Way::Name(run, Naming { id, is, was });
            self.before.push(Earlier { what, way });
            self.after.clear();
        }
    }

    /// The old name; `None` if it stays, because the new one is refused or the same.
    fn set_name(&mut self, id: ProcessId, name: &str) -> Option<Arc<str>> {
        let mut session = self.session.borrow_mut();
        let run = session.run_mut();
        let old = run.scenario().setup.spec(id).name.clone();
        let taken = run.scenario().setup.id_of(name);
        let renamed = run.rename(id, name);
        drop(session);
        match renamed {
            Ok(()) if *old == *name => None,
            Ok(()) => Some(old),
            Err(_) if taken.is_some() => {
                self.notify(format!("Another process is called “{name}” already."), true);
                None
            }
            Err(error) => {
                self.notify(format!("That cannot be a name: {error}."), true);
                None
            }
        }
    }
}
