//! The state of the page, and all that changes it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use yew::prelude::*;

use crate::cluster::{Command, MessageId, Millis, Roles};
use crate::history::{BranchId, Run, Session};
use crate::protocol::{ProcessId, Rule, Rules};
use crate::scenario::goals::Goal;
use crate::scenario::{Place, Scenario, When, built_in, tidy};

use super::address::Wanted;
use super::frame::View;
use super::keep::kept;

/// The way to a note takes no more steps than this.
const MOST_STEPS: usize = 20_000;

/// What time does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mode {
    /// It stands still.
    Paused,
    /// It passes.
    Playing,
    /// It passes quickly until the next thing happens.
    Stepping,
}

/// A thing of the stage that has a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A process.
    Process(ProcessId),
    /// A message in flight or held.
    Message(MessageId),
    /// The link between two processes, in no particular direction.
    Link(ProcessId, ProcessId),
}

/// What the pointer does on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// It drags processes, and the stage under them.
    #[default]
    Hand,
    /// It draws a line that parts the network.
    Partition,
}

/// What the details show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// What happened, and why.
    #[default]
    Events,
    /// The pseudocode, the rule switches and the invariants.
    Rules,
    /// What is on its way.
    Messages,
    /// What every process holds, and the counts.
    State,
}

/// Something that the reader should know about what the page did.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Tells notices apart.
    pub id: u32,
    /// A sentence.
    pub text: AttrValue,
    /// Whether it is about something wrong.
    pub wrong: bool,
    /// Whether it offers to start afresh.
    pub afresh: bool,
}

/// Everything that the page shows.
///
/// The session is shared, not copied: a run may hold very many events. `revision` stands for its
/// content, and the reducer is the only one to change either.
#[derive(Clone)]
pub struct Page {
    /// The runs.
    pub session: Rc<RefCell<Session>>,
    /// Grows with every change of the session.
    pub revision: u32,
    /// Where the processes stand, for each run.
    places: Vec<Rc<Vec<Place>>>,
    /// The time that the picture shows, in virtual milliseconds: at or after the session's own.
    /// The clock moves it on between events, the reducer follows and sets it where time jumps.
    pub instant: Rc<Cell<f64>>,
    /// What time does.
    pub mode: Mode,
    /// How fast it passes; 1 is the usual pace.
    pub speed: f64,
    /// Whose card is open.
    pub selected: Option<Thing>,
    /// What the pointer does on the stage.
    pub tool: Tool,
    /// What the details show.
    pub tab: Tab,
    /// Which part of the plane the stage shows.
    pub view: View,
    /// Which note of the story the reader went to; if none, the one of the moment is shown.
    pub note: Option<usize>,
    /// The goal that the reader is after.
    pub goal: Option<&'static Goal>,
    /// Whether the run may go on beyond the end of its scenario.
    beyond: bool,
    /// What the reader should know, oldest first.
    pub notices: Vec<Notice>,
    next_notice: u32,
    /// Whether the card was asked for, and so should come into view.
    pub reveal: bool,
    /// What was just done, for those who do not see it.
    pub said: AttrValue,
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
            && self.revision == other.revision
            && self.places == other.places
            && self.mode == other.mode
            && self.speed == other.speed
            && self.selected == other.selected
            && self.tool == other.tool
            && self.tab == other.tab
            && self.view == other.view
            && self.note == other.note
            && self.goal == other.goal
            && self.notices == other.notices
            && self.said == other.said
    }
}

/// A gesture of the reader, or the clock's word that something is due.
#[derive(Clone, Debug)]
pub enum Action {
    /// Let time pass.
    Play,
    /// Let time stand still, where the picture is.
    Pause,
    /// Something is due at the instant that the picture shows.
    Due,
    /// Go to the next thing that happens.
    Step,
    /// Let the next thing happen now.
    Land,
    /// Go back to before the last thing that happened.
    StepBack,
    /// Open a built-in scenario.
    Open(&'static str),
    /// Open a scenario that the checker found, and play it.
    OpenFound(Rc<Scenario>),
    /// Show another branch of the run.
    Switch(BranchId),
    /// Begin the same scenario anew.
    Restart,
    /// Change the pace.
    SetSpeed(f64),
    /// Ask for something in the running cluster.
    Do(Command),
    /// Put a process on the stage.
    Add(Roles, Place),
    /// Put a process somewhere else.
    Move(ProcessId, Place),
    /// Take a process off the stage.
    Remove(ProcessId),
    /// Give a process other roles.
    SetRoles(ProcessId, Roles),
    /// Open the card of a thing, or of none.
    Select(Option<Thing>),
    /// Show the shown line at this time.
    Seek(Millis),
    /// Show the moment directly after the event with this index among all that are recorded.
    SeekEvent(usize),
    /// Go after a goal, or after none any more.
    OpenGoal(Option<&'static Goal>),
    /// Go to the moment of a note of the story, the first time if it has not come yet.
    Note(usize),
    /// Take the last command back.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// Give a branch a name.
    NameBranch(BranchId, String),
    /// Delete a branch for good.
    DeleteBranch(BranchId),
    /// Give a process another name.
    Rename(ProcessId, String),
    /// Break a rule, or keep it again.
    SetRule(Rule, bool),
    /// Take quorums of these sizes, for promises and for votes.
    SetQuorums(u16, u16),
    /// Put all processes where the page would.
    Tidy,
    /// Change what the pointer does on the stage.
    SetTool(Tool),
    /// Change what the details show.
    ShowTab(Tab),
    /// Show another part of the plane.
    SetView(View),
    /// Say something that the reader should not miss.
    Notify(String),
    /// Say something that a gesture outside the session has done.
    Say(String),
    /// Show another run.
    Show(usize),
    /// Close a notice.
    Dismiss(u32),
}

/// Hands actions to the page from anywhere below it.
pub type Dispatch = UseReducerDispatcher<Page>;

impl Page {
    /// The page as its address wants it.
    pub fn new(wanted: &Wanted) -> Self {
        let scenario = Arc::new(wanted.scenario.clone());
        let places = Rc::new(scenario.places.clone());
        let session = Session::new(scenario).expect("a scenario is checked when it is read");
        let mut page = Self {
            session: Rc::new(RefCell::new(session)),
            revision: 0,
            places: vec![places],
            instant: Rc::new(Cell::new(0.0)),
            mode: if wanted.autoplay {
                Mode::Playing
            } else {
                Mode::Paused
            },
            speed: wanted.speed,
            selected: None,
            tool: Tool::default(),
            tab: Tab::default(),
            view: View::default(),
            note: None,
            goal: None,
            beyond: false,
            notices: Vec::new(),
            next_notice: 0,
            reveal: false,
            said: AttrValue::default(),
        };
        for complaint in &wanted.complaints {
            page.notify(complaint.clone(), true);
        }
        if wanted.open {
            page.reopen();
        }
        page
    }

    /// The session that was kept is opened again.
    fn reopen(&mut self) {
        match kept() {
            None => {}
            Some(Ok(session)) => {
                let scenarios = session.runs().iter().map(|run| run.scenario());
                self.places = scenarios.map(|one| Rc::new(one.places.clone())).collect();
                self.session = Rc::new(RefCell::new(session));
                self.jump();
                self.notify("Your last session is back.".into(), false);
                if let Some(notice) = self.notices.last_mut() {
                    notice.afresh = true;
                }
            }
            Some(Err(error)) => self.notify(
                format!("The session that was kept cannot be read, and was put aside: {error}."),
                true,
            ),
        }
    }

    /// The session as text.
    pub fn save(&self) -> String {
        let session = self.session.borrow();
        session.save(self.places.iter().map(|places| places.as_slice()))
    }

    /// Stands for what is kept of the session: it changes with it.
    pub fn change(&self) -> u32 {
        self.revision
    }

    /// The process whose card is open.
    pub fn selected_process(&self) -> Option<ProcessId> {
        match self.selected {
            Some(Thing::Process(id)) => Some(id),
            _ => None,
        }
    }

    /// Where the processes of the run that is shown stand.
    pub fn places(&self) -> &Rc<Vec<Place>> {
        &self.places[self.session.borrow().current()]
    }

    fn notify(&mut self, text: String, wrong: bool) {
        // Said once, however often it happens.
        self.notices.retain(|notice| *notice.text != text);
        self.notices.push(Notice {
            id: self.next_notice,
            text: text.into(),
            wrong,
            afresh: false,
        });
        self.next_notice += 1;
    }

    /// The session lets pass what the clock has shown to pass. While time stands still, or is on
    /// its way to the next event, nothing that is due happens by itself.
    fn catch_up(&mut self) {
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
        let due = |run: &Run| run.next_due().is_some_and(|due| due <= time && due <= end);
        while self.mode == Mode::Playing && due(run) {
            run.step();
        }
        // A run ends at its last event: no time passes where nothing is left to happen.
        if run.next_due().is_some_and(|due| due > time) {
            run.run_until(time);
        }
    }

    /// The picture shows the session's own time.
    fn jump(&mut self) {
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
                (When::At(time), _) if run.end().time >= time => {
                    run.seek(time);
                    true
                }
                (When::At(time), _) => {
                    run.seek_event(usize::MAX);
                    run.run_until(time.min(until));
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
        self.session.borrow_mut().run_mut().step();
        self.jump();
        self.mode = Mode::Paused;
    }

    /// The scenario of the run that is shown, with its processes where they stand now.
    fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::clone(self.session.borrow().run().scenario());
        scenario.places = self.places().to_vec();
        scenario
    }

    /// The same, with all that the reader had proposed and crashed in this run.
    pub fn as_played(&self) -> Scenario {
        let mut scenario = self.scenario();
        let session = self.session.borrow();
        let commands = session.run().commands();
        let asked = commands.filter(|(_, command)| {
            matches!(command, Command::Propose { .. } | Command::Crash { .. })
        });
        // The order is all that matters to a check.
        let end = scenario.script.iter().map(|(at, _)| *at).max();
        let at = end.unwrap_or_default();
        let asked = asked.map(|(_, command)| (at, command.clone()));
        scenario.script.extend(asked);
        scenario
    }

    /// Begin a run of this scenario; `why` says what it changes about the configuration.
    fn begin(&mut self, scenario: Scenario, why: Option<String>) {
        let keep = why.is_some() && !self.session.borrow().run().is_fresh();
        self.begin_and_keep(scenario, why, keep);
    }

    /// The same. The old run is kept in any case if the reader did something in it.
    fn begin_and_keep(&mut self, mut scenario: Scenario, why: Option<String>, keep: bool) {
        if why.is_some() {
            scenario.summary = String::from("Your own cluster.");
        }
        let places = Rc::new(scenario.places.clone());
        let keep = keep || self.session.borrow().run().is_touched();
        let old = self.session.borrow().current() + 1;
        let begun = self.session.borrow_mut().begin(Arc::new(scenario), keep);
        match begun {
            Err(error) => return self.notify(format!("That cannot be done: {error}."), true),
            Ok(()) if keep => self.places.push(places),
            Ok(()) => {
                let current = self.session.borrow().current();
                self.places[current] = places;
            }
        }
        // A notice is announced by itself.
        self.said = why.clone().filter(|_| !keep).unwrap_or_default().into();
        if let (Some(why), true) = (why, keep) {
            let new = self.session.borrow().runs().len();
            self.notify(
                format!(
                    "{why} Who takes part cannot change while Paxos runs, so run {new} begins; \
                     run {old} is kept."
                ),
                false,
            );
        }
        self.beyond = false;
        self.jump();
        self.mode = Mode::Paused;
    }

    /// Show another moment, which is there already.
    fn look(&mut self, go: impl FnOnce(&mut Run)) {
        go(self.session.borrow_mut().run_mut());
        self.mode = Mode::Paused;
        self.jump();
    }

    /// The scenario of the run that is shown, and after its script all that the reader asked for,
    /// but for what was done to one message: in another run there is another one in its place.
    fn repeated(&self) -> Scenario {
        let mut scenario = self.scenario();
        let session = self.session.borrow();
        let commands = session.run().commands();
        let asked = commands.filter(|(_, command)| command.message().is_none());
        for (at, command) in asked {
            let after = scenario
                .script
                .partition_point(|&(other, _)| other <= at.time);
            scenario.script.insert(after, (at.time, command.clone()));
        }
        scenario
    }

    fn set_rule(&mut self, rule: Rule, broken: bool) {
        let mut scenario = self.repeated();
        let others = scenario.setup.rules.broken().filter(|&other| other != rule);
        scenario.setup.rules = Rules::breaking(others.chain(broken.then_some(rule)));
        let word = if broken { "broken" } else { "kept" };
        self.begin(scenario, Some(format!("{} is {word}.", rule.name())));
    }

    fn propose_first(&mut self, command: &Command) -> bool {
        let Command::Propose { process, .. } = command else {
            return false;
        };
        let fresh = self.session.borrow().run().is_fresh();
        let mut scenario = self.scenario();
        let planned = |(_, planned): &(Millis, Command)| matches!(planned, Command::Propose { process: other, .. } if other == process);
        if !fresh || !scenario.script.iter().any(planned) {
            return false;
        }
        scenario.script.retain(|item| !planned(item));
        scenario.script.insert(0, (Millis(0), command.clone()));
        scenario.summary = String::from("With a value of your own.");
        self.begin(scenario, None);
        self.mode = Mode::Playing;
        true
    }

    fn follow(&mut self, action: Action) {
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
                    let left = self.scenario();
                    let own = built_in(&left.id).is_none_or(|known| known != left);
                    self.begin_and_keep(scenario, None, own);
                }
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
                self.goal = goal;
                if let Some(goal) = goal {
                    self.selected = None;
                    self.begin_and_keep(goal.scenario(), None, true);
                }
            }
            Action::Note(index) => self.tell(index),
            Action::Seek(time) => self.look(|run| run.seek(time)),
            Action::SeekEvent(index) => self.look(|run| run.seek_event(index)),
            Action::Undo => self.look(|run| {
                run.undo();
            }),
            Action::Redo => self.look(|run| {
                run.redo();
            }),
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
                let renamed = self.session.borrow_mut().run_mut().rename(id, name.trim());
                if let Err(error) = renamed {
                    self.notify(format!("That cannot be a name: {error}."), true);
                }
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
            Action::Say(text) => self.said = text.into(),
            Action::Show(index) => {
                self.session.borrow_mut().show(index);
                self.selected = None;
                self.mode = Mode::Paused;
                self.jump();
            }
            Action::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
        }
    }
}

impl Reducible for Page {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut page = Page::clone(&self);
        page.revision += 1;
        page.catch_up();
        page.follow(action);
        page.into()
    }
}
