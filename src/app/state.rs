//! The state of the page: all that is shown, and all that can be done.

mod announce;
mod begin;
mod earlier;
mod follow;
mod open;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use yew::prelude::*;

use crate::cluster::{Command, MessageId, Millis, Roles, Setup};
use crate::history::{BranchId, Session};
use crate::protocol::{ProcessId, Rule};
use crate::scenario::goals::{Goal, Pursuit};
use crate::scenario::{Place, Scenario};

use super::address::{Controls, Wanted};
use super::frame::View;
use super::keep::kept;
use super::rest::{rest, wait};

use earlier::Earlier;

/// So many notices are shown at once, the latest.
const NOTICES: usize = 3;

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
    /// What it has a button for.
    pub offers: Offer,
}

/// What can be done about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Offer {
    /// To read it.
    Nothing,
    /// To begin with the first scenario.
    Afresh,
    /// To have a file of what was put aside.
    Aside,
    /// To open what another page had kept.
    Other,
}

/// Everything that the page shows.
///
/// The session is shared, not copied: a run may hold very many events. `revision` stands for its
/// content, and the reducer is the only one to change either.
#[derive(Clone)]
pub struct Page {
    /// The runs.
    pub session: Rc<RefCell<Session>>,
    /// Grows with every action, and so with every change of the session.
    pub revision: u32,
    /// Where the processes stand, for each run.
    places: Vec<Rc<Vec<Place>>>,
    /// The time that the picture shows, in virtual milliseconds: at or after the session's own.
    /// The clock moves it on between events, the reducer follows and sets it where time jumps.
    pub instant: Rc<Cell<f64>>,
    /// What time does.
    pub mode: Mode,
    /// The same as of the last action, for the clock: a frame may come before the page is rendered.
    pub latest: Rc<Cell<Mode>>,
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
    pub goal: Option<Rc<Pursuit>>,
    /// The note whose moment the page plays to.
    heading: Option<usize>,
    /// Whether the run may go on beyond the end of its scenario.
    beyond: bool,
    /// What changes of the cluster can be taken back, the latest last, and what was taken back.
    before: Vec<Earlier>,
    after: Vec<Earlier>,
    /// What the reader should know, oldest first.
    pub notices: Vec<Notice>,
    next_notice: u32,
    /// Whether the card was asked for, and so should come into view.
    pub reveal: bool,
    /// What was just done, for those who do not see it.
    pub said: AttrValue,
    /// If the page is part of another one, how much of it is shown.
    pub embed: Option<Controls>,
    /// Why an embedded page has nothing to show; empty while it waits for a scenario.
    pub absent: Option<AttrValue>,
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
            && self.embed == other.embed
            && self.absent == other.absent
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
    /// Open the run of a link.
    OpenLink(String),
    /// Open a scenario that the embedding page sent, in place of what is there.
    Load(Rc<Scenario>),
    /// There is nothing to show, for this reason.
    Fail(String),
    /// Open a scenario that the checker found, and play it.
    OpenFound(Rc<Scenario>),
    /// Open a scenario that the reader wrote.
    OpenOwn(Rc<Scenario>),
    /// Open what is in a file: a scenario, or a session.
    OpenText {
        /// What the file is called.
        name: String,
        /// What is in it.
        text: String,
    },
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
    /// Show this time, and let happen what has not happened until then.
    Reach(Millis),
    /// Show the moment directly after the event with this index among all that are recorded.
    SeekEvent(usize),
    /// Every schedule of this cluster was tried, and none breaks it.
    Proved(Setup, String),
    /// Go after a goal, or after none any more.
    OpenGoal(Option<&'static Goal>),
    /// Go to the moment of a note of the story, the first time if it has not come yet.
    Note(usize),
    /// Play until the moment of a note; go there at once if asked twice.
    Walk(usize),
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
    /// What another page had kept was put aside for the session of this one.
    Spared,
    /// Say why something cannot be done now.
    Explain(&'static str),
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
    /// The page with the scenario of its address, at rest.
    pub fn new(wanted: &Wanted) -> Self {
        let scenario = Arc::new(wanted.scenario.clone());
        let places = Rc::new(scenario.places.clone());
        let session = Session::new(scenario).expect("a scenario is checked when it is read");
        let mut page = Self {
            session: Rc::new(RefCell::new(session)),
            revision: 0,
            places: vec![places],
            instant: Rc::new(Cell::new(0.0)),
            mode: Mode::Paused,
            latest: Rc::new(Cell::new(Mode::Paused)),
            speed: wanted.speed,
            selected: None,
            tool: Tool::default(),
            tab: Tab::default(),
            view: View::default(),
            note: None,
            goal: None,
            heading: None,
            beyond: false,
            before: Vec::new(),
            after: Vec::new(),
            notices: Vec::new(),
            next_notice: 0,
            reveal: false,
            said: AttrValue::default(),
            embed: wanted.embed,
            absent: None,
        };
        if wanted.embed.is_some() {
            let missing = wanted.missing.clone().map(AttrValue::from);
            page.absent = missing.or(wanted.awaited.then(AttrValue::default));
        }
        page
    }

    /// The page as its address wants it.
    pub fn open(wanted: &Wanted) -> Self {
        let mut page = Self::new(wanted);
        for complaint in &wanted.complaints {
            page.notify(complaint.clone(), true);
        }
        if wanted.keeps {
            page.reopen();
        }
        let opened = wanted.link.as_ref().map(|link| {
            // What is wrong beside the link stays.
            let mut wrong = page.notices.clone();
            wrong.retain(|notice| notice.wrong);
            let opened = page.open_link(link);
            if opened {
                page.notices.splice(..0, wrong);
            }
            opened
        });
        // What cannot be opened runs nothing.
        if wanted.autoplay && opened != Some(false) && page.absent.is_none() {
            page.mode = Mode::Playing;
        }
        page.latest.set(page.mode);
        page
    }

    /// What an action makes of the page.
    pub fn follow(self: Rc<Self>, action: Action) -> Rc<Self> {
        if !self.allows(&action) {
            return self;
        }
        let mut page = Page::clone(&self);
        page.revision += 1;
        let before = page.moment();
        let by_itself = matches!(action, Action::Due);
        page.catch_up();
        page.take(action);
        page.announce(before, by_itself);
        page.latest.set(page.mode);
        page.into()
    }

    /// The session that was kept is opened again.
    fn reopen(&mut self) {
        match kept() {
            None => {}
            Some(Ok(session)) => {
                let scenarios = session.runs().iter().map(|run| run.scenario());
                self.places = scenarios.map(|one| Rc::new(one.places.clone())).collect();
                self.session = Rc::new(RefCell::new(session));
                self.turn();
                self.notify("Your last session is back.".into(), false);
                self.offer(Offer::Afresh);
            }
            Some(Err(why)) => {
                self.notify(why, true);
                self.offer(Offer::Aside);
            }
        }
    }

    /// The session as text.
    pub fn save(&self) -> String {
        let session = self.session.borrow();
        session.save(self.places.iter().map(|places| places.as_slice()))
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
        let current = self.session.borrow().current();
        // The session may have a run more than this page was drawn with.
        &self.places[current.min(self.places.len() - 1)]
    }

    /// Whether this can be done here: an embedded page keeps the cluster that its author chose, and
    /// without controls the reader changes nothing.
    fn allows(&self, action: &Action) -> bool {
        let builds = matches!(
            action,
            Action::Add(..)
                | Action::Remove(_)
                | Action::SetRoles(..)
                | Action::Rename(..)
                | Action::SetTool(_)
                | Action::OpenText { .. }
        );
        let touches = matches!(
            action,
            Action::Do(_) | Action::Select(_) | Action::Move(..) | Action::SetView(_)
        );
        match self.embed {
            None => true,
            Some(Controls::None) => !builds && !touches,
            Some(_) => !builds,
        }
    }

    fn notify(&mut self, text: String, wrong: bool) {
        // Said once, however often it happens.
        self.notices.retain(|notice| *notice.text != text);
        // And no more than can be read.
        let many = (self.notices.len() + 1).saturating_sub(NOTICES);
        self.notices.drain(..many);
        self.notices.push(Notice {
            id: self.next_notice,
            text: text.into(),
            wrong,
            offers: Offer::Nothing,
        });
        self.next_notice += 1;
    }

    /// The last notice has a button.
    fn offer(&mut self, offer: Offer) {
        if let Some(notice) = self.notices.last_mut() {
            notice.offers = offer;
        }
    }
}

impl Reducible for Page {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        match rest() {
            Some(rest) => (rest.follow)(self, action),
            None => {
                wait(action);
                self
            }
        }
    }
}
