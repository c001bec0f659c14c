//! What each action does to the page.

use std::rc::Rc;

use crate::cluster::Millis;
use crate::history::Run;
use crate::scenario::goals::Pursuit;
use crate::scenario::{Scenario, When, built_in, tidy};

use crate::app::clock::prefers_reduced_motion;
use crate::app::story::current;

use super::{Action, Mode, Offer, Page, Thing};

/// The way to a note takes no more steps than this.
const MOST_STEPS: usize = 20_000;

/// Each time that so many events more are recorded, the play rests: they are kept, to go back to.
const LONG: usize = 200_000;

/// How many times that many events are recorded.
fn length(run: &Run) -> usize {
    run.recorded().len() / LONG
}

/// From the end of the line on, let happen what is due up to this time. `false` if that would make
/// the run too long to go on without a rest.
fn play_on(run: &mut Run, time: Millis) -> bool {
    run.seek_event(usize::MAX);
    let before = length(run);
    while run.next_due().is_some_and(|due| due <= time) {
        if length(run) > before {
            return false;
        }
        run.step();
    }
    true
}

/// Show this time. What has not come yet is let happen, but for what is beyond the scenario's end.
fn reach(run: &mut Run, time: Millis) {
    if run.end().time >= time {
        return run.seek(time);
    }
    let time = time.min(run.scenario().until);
    if play_on(run, time) {
        run.run_until(time);
    }
}

impl Page {
    /// The session lets pass what the clock has shown to pass. While time stands still, or is on
    /// its way to the next event, nothing that is due happens by itself.
    pub(super) fn catch_up(&mut self) {
        if self.mode == Mode::Paused {
            return;
        }
        let time = Millis(self.instant.get() as u64);
        let mut session = self.session.borrow_mut();
        let run = session.run_mut();
        let end = if self.beyond {
            Millis(u64::MAX)
        } else {
            run.scenario().until
        };
        // On its way to the next event, what is beyond the end was asked for.
        let time = match self.mode {
            Mode::Playing => time.min(end),
            _ => time,
        };
        let heading = self.heading;
        let arrived = |run: &Run| heading.is_some() && current(run) >= heading;
        let before = length(run);
        while self.mode == Mode::Playing && run.next_due().is_some_and(|due| due <= time) {
            run.step();
            if arrived(run) || length(run) > before {
                self.mode = Mode::Paused;
            }
        }
        if self.mode == Mode::Paused {
            drop(session);
            self.rest(before);
            return self.jump();
        }
        // A run ends at its last event: no time passes where nothing is left to happen.
        if run.next_due().is_some_and(|due| due > time) {
            run.run_until(time);
        }
    }

    /// If the run is long, and was shorter by one such length before, that is said.
    fn rest(&mut self, before: usize) {
        let events = {
            let session = self.session.borrow();
            let run = session.run();
            (length(run) > before).then_some(run.recorded().len())
        };
        if let Some(events) = events {
            let text = format!(
                "Paused: this run has {events} events. Play goes on, and each takes a little memory."
            );
            self.notify(text, false);
        }
    }

    /// The picture shows the session's own time.
    pub(super) fn jump(&mut self) {
        let now = self.session.borrow().run().cluster().now();
        self.instant.set(now.0 as f64);
    }

    /// Whether what comes next is beyond the end of the scenario.
    fn is_over(&self) -> bool {
        let session = self.session.borrow();
        let run = session.run();
        let due = run.next_due();
        !self.beyond && due.is_some_and(|due| due > run.scenario().until)
    }

    /// Go to the moment of a note. What has not come yet is let happen, unseen.
    fn tell(&mut self, index: usize) {
        let found = {
            let mut session = self.session.borrow_mut();
            let run = session.run_mut();
            let notes = &run.scenario().notes;
            let Some(when) = notes.get(index).map(|note| note.when) else {
                return;
            };
            let until = run.scenario().until;
            let index = match when {
                When::At(_) => None,
                When::On(occasion) => {
                    let recorded = run.recorded();
                    recorded.iter().position(|event| occasion.is(&event.fact))
                }
            };
            match (when, index) {
                (_, Some(index)) => {
                    run.seek_event(index);
                    true
                }
                (When::At(time), _) => {
                    reach(run, time);
                    true
                }
                (When::On(occasion), _) => {
                    let was = run.cursor();
                    run.seek_event(usize::MAX);
                    let mut found = false;
                    for _ in 0..MOST_STEPS {
                        let before = run.events().len();
                        if run.next_due().is_none_or(|due| due > until) || !run.step() {
                            break;
                        }
                        let mut new = run.events().iter().skip(before);
                        if new.any(|event| occasion.is(&event.fact)) {
                            found = true;
                            break;
                        }
                    }
                    if !found {
                        run.seek_to(was);
                    }
                    found
                }
            }
        };
        self.mode = Mode::Paused;
        self.jump();
        if found {
            self.note = Some(index);
        } else {
            let text = "What that note is about does not happen in this run.";
            self.notify(text.into(), false);
        }
    }

    fn is_idle(&self) -> bool {
        let session = self.session.borrow();
        session.run().next_due().is_none()
    }

    /// Let the next thing happen, at once.
    fn land(&mut self) {
        {
            let mut session = self.session.borrow_mut();
            let run = session.run_mut();
            run.step();
            // Whoever steps beyond the end need not be told of it.
            self.beyond |= run.cursor().time > run.scenario().until;
        }
        self.jump();
        self.mode = Mode::Paused;
    }

    /// Another run is shown, and rests where it was left.
    pub(super) fn turn(&mut self) {
        self.selected = None;
        self.mode = Mode::Paused;
        {
            let session = self.session.borrow();
            let run = session.run();
            self.beyond = run.cursor().time > run.scenario().until;
        }
        self.jump();
    }

    /// Show another moment, which is there already.
    pub(super) fn look(&mut self, go: impl FnOnce(&mut Run)) {
        go(self.session.borrow_mut().run_mut());
        self.mode = Mode::Paused;
        self.jump();
    }

    pub(super) fn take(&mut self, action: Action) {
        // What was said of an earlier gesture goes when the reader goes on; errors stay.
        if !matches!(action, Action::Due | Action::Move(..) | Action::Select(_)) {
            self.notices.retain(|notice| notice.wrong);
        }
        if !matches!(
            action,
            Action::Select(_)
                | Action::SetView(_)
                | Action::ShowTab(_)
                | Action::Move(..)
                | Action::Say(_)
        ) {
            self.note = None;
        }
        let hurried = self.heading.is_some() && self.mode == Mode::Playing;
        if !matches!(action, Action::Due) {
            self.heading = None;
        }
        self.reveal = matches!(action, Action::Select(Some(_)));
        match action {
            Action::Play => self.mode = Mode::Playing,
            Action::Pause => {
                self.mode = Mode::Paused;
                self.jump();
            }
            Action::Due => {
                if self.is_idle() {
                    self.mode = Mode::Paused;
                    self.jump();
                } else if self.is_over() {
                    self.beyond = true;
                    self.mode = Mode::Paused;
                    self.jump();
                    let until = self.session.borrow().run().scenario().until;
                    let text = format!("The scenario ends here, at {until} ms. Play goes on.");
                    self.notify(text, false);
                }
            }
            // A second step does not wait for the first one to be drawn to its end.
            Action::Step if self.mode == Mode::Stepping => {
                self.land();
                self.mode = Mode::Stepping;
            }
            Action::Step if self.is_idle() => self.mode = Mode::Paused,
            Action::Step => self.mode = Mode::Stepping,
            Action::Land => self.land(),
            Action::StepBack => {
                self.session.borrow_mut().run_mut().step_back();
                self.mode = Mode::Paused;
                self.jump();
            }
            Action::Open(id) => {
                self.goal = None;
                if let Some(scenario) = built_in(id) {
                    self.selected = None;
                    let own = self.is_own();
                    self.begin_and_keep(scenario, None, own);
                }
            }
            Action::OpenLink(link) => {
                self.open_link(&link);
            }
            Action::OpenOwn(scenario) => {
                self.goal = None;
                self.selected = None;
                self.begin_and_keep(Scenario::clone(&scenario), None, true);
            }
            Action::OpenText { name, text } => self.open_text(&name, &text),
            Action::Load(scenario) => {
                self.selected = None;
                self.absent = None;
                self.notices.clear();
                self.begin_and_keep(Scenario::clone(&scenario), None, false);
            }
            Action::Fail(why) => {
                self.absent = Some(why.into());
                self.mode = Mode::Paused;
            }
            Action::OpenFound(scenario) => {
                let old = self.session.borrow().current() + 1;
                self.selected = None;
                self.begin_and_keep(Scenario::clone(&scenario), None, true);
                self.notify(
                    format!("The shortest way to break it; run {old} is kept."),
                    false,
                );
                self.mode = Mode::Playing;
            }
            Action::Switch(branch) => {
                // A branch that is gone meanwhile leaves all as it is.
                let _ = self.session.borrow_mut().run_mut().switch(branch);
                self.mode = Mode::Paused;
                self.jump();
            }
            Action::Restart => {
                let scenario = self.scenario();
                self.begin(scenario, None);
            }
            Action::SetSpeed(speed) => self.speed = speed,
            Action::Do(command) => {
                if self.propose_first(&command) {
                    return;
                }
                // The small card makes room for what follows.
                if self.embed.is_some() {
                    self.selected = None;
                }
                let mut session = self.session.borrow_mut();
                let run = session.run_mut();
                let flies = |run: &Run| run.cluster().in_flight().next().is_some();
                let before = flies(run);
                run.apply(command);
                // Whoever goes step by step is not hurried on.
                if !before && flies(run) {
                    self.mode = Mode::Playing;
                }
            }
            Action::Add(roles, place) => {
                let mut scenario = self.scenario();
                let id = scenario.add(roles, place);
                let name = scenario.setup.spec(id).name.clone();
                self.begin(scenario, Some(format!("{name} joins.")));
                if self.session.borrow().run().cluster().process(id).is_some() {
                    self.selected = Some(Thing::Process(id));
                }
            }
            Action::Move(id, place) => {
                let current = self.session.borrow().current();
                let places = Rc::make_mut(&mut self.places[current]);
                if let Some(old) = places.get_mut(usize::from(id.0)) {
                    *old = place;
                }
            }
            Action::Remove(id) => {
                let mut scenario = self.scenario();
                let Some(spec) = scenario.setup.processes.get(usize::from(id.0)) else {
                    return;
                };
                let why = format!("{} leaves.", spec.name);
                scenario.remove(id);
                self.selected = None;
                self.begin(scenario, Some(why));
            }
            Action::SetRoles(id, roles) => {
                let mut scenario = self.scenario();
                scenario.set_roles(id, roles);
                let Some(spec) = scenario.setup.processes.get(usize::from(id.0)) else {
                    return;
                };
                let why = format!("{} has other roles.", spec.name);
                self.begin(scenario, Some(why));
            }
            Action::Select(thing) => self.selected = thing,
            Action::OpenGoal(goal) => {
                self.goal = goal.map(|goal| {
                    let (pursuit, scenario) = Pursuit::begin(goal);
                    self.selected = None;
                    self.begin_and_keep(scenario, None, true);
                    Rc::new(pursuit)
                });
            }
            Action::Note(index) => self.tell(index),
            Action::Walk(index) if hurried || self.is_idle() || prefers_reduced_motion() => {
                self.tell(index);
            }
            Action::Walk(index) => {
                self.heading = Some(index);
                self.mode = Mode::Playing;
            }
            Action::Seek(time) => self.look(|run| run.seek(time)),
            Action::Reach(time) => {
                let before = length(self.session.borrow().run());
                self.look(|run| {
                    play_on(run, time);
                    match run.next_due() {
                        Some(due) if due > time => reach(run, time),
                        // No time passes where nothing is left to happen, or too much.
                        _ => run.seek(time),
                    }
                });
                self.rest(before);
            }
            Action::SeekEvent(index) => self.look(|run| run.seek_event(index)),
            Action::Undo => self.undo(),
            Action::Redo => self.redo(),
            Action::Proved(setup, says) => {
                if let Some(goal) = &mut self.goal {
                    Rc::make_mut(goal).prove(&setup, says);
                }
            }
            Action::NameBranch(id, name) => {
                // A branch that is gone meanwhile has no use for a name.
                let _ = self.session.borrow_mut().run_mut().rename_branch(id, &name);
            }
            Action::DeleteBranch(id) => {
                let deleted = self.session.borrow_mut().run_mut().delete(id);
                match deleted {
                    Ok(()) => self.look(|_| ()),
                    Err(error) => self.notify(format!("That cannot be done: {error}."), true),
                }
            }
            Action::Rename(id, name) => {
                self.rename(id, name.trim());
            }
            Action::SetRule(rule, broken) => self.set_rule(rule, broken),
            Action::SetQuorums(phase1, phase2) => {
                let mut scenario = self.repeated();
                scenario.setup.phase1 = Some(phase1);
                scenario.setup.phase2 = Some(phase2);
                let why = format!("Quorums of {phase1} promises and {phase2} votes.");
                self.begin(scenario, Some(why));
            }
            Action::Tidy => {
                let places = Rc::new(tidy(&self.scenario().setup.processes));
                let current = self.session.borrow().current();
                self.places[current] = places;
                self.said = "Everybody is in their place.".into();
            }
            Action::SetTool(tool) => self.tool = tool,
            Action::ShowTab(tab) => self.tab = tab,
            Action::SetView(view) => self.view = view,
            Action::Notify(text) => self.notify(text, true),
            Action::Spared => {
                let why = "Another page had kept its session where this one is kept now.";
                self.notify(why.into(), true);
                self.offer(Offer::Other);
            }
            Action::Explain(why) => self.notify(format!("Not possible now: {why}."), false),
            Action::Say(text) => self.said = text.into(),
            Action::Show(index) => {
                self.session.borrow_mut().show(index);
                self.turn();
            }
            Action::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
        }
    }
}
