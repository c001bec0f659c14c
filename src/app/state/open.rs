//! Opening what comes from elsewhere: the run of a link, a file.

use std::rc::Rc;

use crate::history::{Run, Session};
use crate::scenario::{Scenario, built_in};

use super::{Page, View};

impl Page {
    /// Whether the reader made something of the run that is shown: such a run is kept.
    pub(super) fn is_own(&self) -> bool {
        let left = self.scenario();
        let own = built_in(&left.id).is_none_or(|known| known != left);
        own || self.session.borrow().run().is_touched()
    }

    /// Show the run of a link, beside those that are there. One that differs from it only in what
    /// is shown makes way for it, so that a link that is opened again and again is there once.
    /// `false` if the link is wrong: that is said, and nothing else changes.
    pub(super) fn open_link(&mut self, link: &str) -> bool {
        let run = match Run::from_link(link) {
            Ok(run) => run,
            Err(error) => {
                self.notify(format!("The address cannot be opened: {error}."), true);
                return false;
            }
        };
        let places = Rc::new(run.scenario().places.clone());
        let kept = self.is_own() || !self.session.borrow().run().is_fresh();
        let (new, old) = {
            let mut session = self.session.borrow_mut();
            let old = session.current();
            let mut runs = session.runs().iter();
            match runs.position(|known| known.is_same_choice(&run)) {
                Some(same) => session.show(same),
                None if kept => {
                    self.places.push(places.clone());
                    session.add(run.clone());
                }
                None => {}
            }
            *session.run_mut() = run;
            (session.current(), old)
        };
        self.places[new] = places;
        self.goal = None;
        self.note = None;
        self.view = View::default();
        self.turn();
        self.notices.clear();
        if new != old {
            let (new, old) = (new + 1, old + 1);
            self.notify(
                format!("This is run {new}, from the address; run {old} is kept."),
                false,
            );
        }
        true
    }

    /// Open what is in a file: a scenario, or a session, whose runs join those that are there.
    pub(super) fn open_text(&mut self, name: &str, text: &str) {
        let scenario = match Scenario::parse(text) {
            Ok(scenario) => {
                self.goal = None;
                self.selected = None;
                return self.begin_and_keep(scenario, None, true);
            }
            Err(error) => error,
        };
        match Session::restore(text) {
            Ok(session) => {
                for run in session.runs() {
                    self.places.push(Rc::new(run.scenario().places.clone()));
                    self.session.borrow_mut().add(run.clone());
                }
                self.turn();
            }
            // Only a session has runs.
            Err(error) if text.contains("\"runs\"") => {
                self.notify(format!("{name} cannot be opened: {error}."), true);
            }
            Err(_) => self.notify(format!("{name} cannot be opened: {scenario}."), true),
        }
    }
}
