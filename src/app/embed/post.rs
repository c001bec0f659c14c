//! The messages between an embedded page and the page around it.
//!
//! This page says `here` to whoever is around it, and nothing more until it is greeted: from then
//! on it knows with whom it speaks, and takes commands from that window and origin alone. Every
//! message is an object with `paxos: 1`.
//!
//! | to this page | means |
//! |---|---|
//! | `do: "hello"`, `visible` | the greeting |
//! | `do: "visible"`, `visible` | whether it is seen; unseen, nothing plays |
//! | `do`, `id`, and what that needs | a command; its answer is `reply: id` with `value` or `error` |
//!
//! Commands are `play`, `pause`, `step`, `stepBack`, `seek` with a `time` in milliseconds, `speed`
//! with a `speed` as text, `theme` with a `theme`, `load` with a `scenario` as JSON or the name of a
//! built-in one, and `state`. The value of an answer is how things stand.
//!
//! | from this page | means |
//! |---|---|
//! | `here: true` | it listens |
//! | `tell: [[name, detail], …]` | what happened, in its order |
//! | `height` | how high it has to be, in CSS pixels |
//!
//! Where the core has failed, `www/rescue.js` tells that as an `error`, to whom has greeted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, MessageEvent, Window};
use yew::prelude::*;

use crate::app::address::{FASTEST, SLOWEST, THEMES, Wanted};
use crate::app::dom::{find, get, number, object, root, text};
use crate::app::keep::hear_others;
use crate::app::stage::focus_stage;
use crate::app::state::{Action, Dispatch, Mode, Page, Thing};
use crate::cluster::{Millis, shorten};
use crate::decimal::{self, Decimal};
use crate::scenario::{Scenario, built_in};

use super::dialog;
use super::tell::{error, happened, ready, standing};

/// The page around this one.
struct Host {
    window: Option<Window>,
    /// Its origin, once it has greeted.
    origin: RefCell<Option<String>>,
    /// The page as of the last rendering.
    page: RefCell<Page>,
    dispatch: Dispatch,
    /// Commands that are not answered yet; for each, whether it ends with a step.
    unanswered: RefCell<Vec<(JsValue, bool)>>,
    /// Whether it was said that the page is there, or why it is not.
    introduced: Cell<bool>,
    /// How many events of which run were told.
    told: Cell<(usize, *const Scenario)>,
    unseen: Cell<bool>,
    /// Whether it plays as soon as it is seen.
    resumes: Cell<bool>,
    height: Cell<f64>,
}

/// What the page around this one needs.
#[derive(Properties, PartialEq)]
pub struct AroundProps {
    /// The page.
    pub page: Page,
    /// Takes the commands.
    pub dispatch: Dispatch,
    /// What the address asks for.
    pub wanted: Rc<Wanted>,
}

/// Ties the page to what is around it: in a frame to the page there, elsewhere to the dialog for
/// authors.
#[component]
pub fn Around(props: &AroundProps) -> Html {
    let host = use_mut_ref(|| None::<Rc<Host>>);
    let AroundProps {
        page,
        dispatch,
        wanted,
    } = props;
    let (page, dispatch, wanted) = (page.clone(), dispatch.clone(), wanted.clone());
    use_effect(move || {
        let mut host = host.borrow_mut();
        let first = host.is_none();
        let host = host.get_or_insert_with(|| Rc::new(Host::around(&page, dispatch)));
        let before = host.page.replace(page.clone()).selected;
        if first {
            host.listen(&wanted);
        }
        if wanted.embed.is_some() {
            host.report(&wanted.complaints);
            keep_focus(before, page.selected);
        }
    });
    Html::default()
}

/// Where the focus goes when a card opens and closes: it must not be lost with what had it.
fn keep_focus(before: Option<Thing>, now: Option<Thing>) {
    if before == now {
        return;
    }
    match now {
        None => focus_stage(),
        Some(_) => {
            let first = find::<HtmlElement>(".over .actions button");
            let _ = first.map(|first| first.focus());
        }
    }
}

impl Host {
    fn around(page: &Page, dispatch: Dispatch) -> Self {
        let own = web_sys::window();
        let parent = own.as_ref().and_then(|own| own.parent().ok().flatten());
        Self {
            window: parent.filter(|parent| Some(parent) != own.as_ref()),
            origin: RefCell::new(None),
            page: RefCell::new(page.clone()),
            dispatch,
            unanswered: RefCell::default(),
            introduced: Cell::new(false),
            told: Cell::new((0, std::ptr::null())),
            unseen: Cell::new(false),
            resumes: Cell::new(false),
            height: Cell::new(0.0),
        }
    }

    /// From now on, for as long as this window is there.
    fn listen(self: &Rc<Self>, wanted: &Wanted) {
        let Some(own) = web_sys::window() else { return };
        let on = |name: &str, hears: Closure<dyn Fn(JsValue)>| {
            let function = hears.into_js_value();
            let _ = own.add_event_listener_with_callback(name, function.unchecked_ref());
        };
        let host = self.clone();
        if wanted.embed.is_none() {
            if wanted.keeps {
                hear_others(host.dispatch.clone());
            }
            return on(
                dialog::ASKS,
                Closure::new(move |event: JsValue| {
                    dialog::answer(&host.page.borrow(), event.unchecked_ref());
                }),
            );
        }
        let theme = wanted.theme.unwrap_or("auto");
        let _ = root().map(|root| root.set_attribute("data-theme", theme));
        let Some(around) = &self.window else { return };
        on(
            "message",
            Closure::new(move |event: JsValue| host.hear(event.unchecked_ref())),
        );
        let host = self.clone();
        on("resize", Closure::new(move |_| host.measure()));
        // Everybody may know that.
        let here = object([("paxos", 1.into()), ("here", true.into())]);
        let _ = around.post_message(&here, "*");
    }

    fn send(&self, field: &str, value: JsValue, more: (&str, JsValue)) {
        if let (Some(window), Some(origin)) = (&self.window, &*self.origin.borrow()) {
            let message = object([("paxos", 1.into()), (field, value), more]);
            let _ = window.post_message(&message, origin);
        }
    }

    fn tell(&self, events: &Array) {
        if events.length() > 0 {
            self.send("tell", events.into(), ("time", self.time()));
        }
    }

    fn time(&self) -> JsValue {
        self.page.borrow().instant.get().into()
    }

    fn answer(&self, id: JsValue, answer: Result<(), String>) {
        let said = match answer {
            Ok(()) => ("value", standing(&self.page.borrow(), self.resumes.get())),
            Err(why) => ("error", why.into()),
        };
        self.send("reply", id, said);
    }

    /// Tells what is new since the last rendering.
    fn report(&self, complaints: &[String]) {
        if self.origin.borrow().is_none() {
            return;
        }
        let events = Array::new();
        {
            let page = self.page.borrow();
            let absent = page.absent.as_deref();
            if !self.introduced.get() && absent != Some("") {
                self.introduced.set(true);
                for complaint in complaints.iter().filter(|_| absent.is_none()) {
                    events.push(&error(complaint));
                }
                events.push(&absent.map_or_else(|| ready(&page), error));
            }
            let session = page.session.borrow();
            let run = session.run();
            let (told, of) = self.told.get();
            let this = Arc::as_ptr(run.scenario());
            let seen = run.events();
            // Where the picture went back, what comes again is told again.
            let from = if of == this { told.min(seen.len()) } else { 0 };
            if absent.is_none() {
                for event in seen.range(from..seen.len()).iter() {
                    happened(run, event, &events);
                }
                self.told.set((seen.len(), this));
            }
        }
        self.tell(&events);
        let stepping = self.page.borrow().mode == Mode::Stepping;
        let all = self.unanswered.take();
        let (wait, done): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|&(_, step)| step && stepping);
        self.unanswered.replace(wait);
        for (id, _) in done {
            self.answer(id, Ok(()));
        }
        self.measure();
    }

    /// Says how high the page has to be: all but the stage as it is, and the stage at its lowest.
    fn measure(&self) {
        let lowest = || {
            let stage = find::<Element>(".figure svg.stage, .figure .absent")?;
            let whole = find::<Element>(".figure")?;
            let style = web_sys::window()?.get_computed_style(&stage).ok()??;
            let least = style.get_property_value("min-height").ok()?;
            let least = decimal::parse(least.strip_suffix("px")?)?;
            let height = stage.get_bounding_client_rect().height();
            let all = f64::from(whole.scroll_height()) + 2.0;
            Some((all - height + least).ceil())
        };
        if let Some(height) = lowest().filter(|&height| height != self.height.get()) {
            if self.origin.borrow().is_some() {
                self.height.set(height);
            }
            self.send("height", height.into(), ("time", self.time()));
        }
    }

    fn hear(&self, event: &MessageEvent) {
        let data = event.data();
        let from = event.source().map(JsValue::from);
        if from != self.window.as_ref().map(JsValue::from) || number(&data, "paxos") != Some(1.0) {
            return;
        }
        let Some(verb) = text(&data, "do") else {
            return;
        };
        let known = self.origin.borrow().clone();
        // A page without an origin of its own, such as a file, cannot be named.
        let origin = match event.origin() {
            origin if origin == "null" => "*".into(),
            origin => origin,
        };
        match known {
            None if verb == "hello" => {
                self.origin.replace(Some(origin));
                self.see(&data);
                return self.dispatch.dispatch(Action::Say(String::new()));
            }
            Some(known) if known == origin => {}
            _ => return,
        }
        if verb == "visible" {
            return self.see(&data);
        }
        let id = get(&data, "id");
        match self.follow(&verb, &data) {
            Ok(Some(action)) => {
                let steps = matches!(action, Action::Step);
                self.unanswered.borrow_mut().push((id, steps));
                self.dispatch.dispatch(action);
            }
            Ok(None) => self.answer(id, Ok(())),
            Err(why) => {
                if verb == "load" {
                    self.tell(&Array::of1(&error(&why)));
                    if self.page.borrow().absent.is_some() {
                        self.introduced.set(true);
                        self.dispatch.dispatch(Action::Fail(why.clone()));
                    }
                }
                self.answer(id, Err(why));
            }
        }
    }

    /// Whether this page is seen. Unseen, it does not play, and goes on where it was.
    fn see(&self, data: &JsValue) {
        let Some(visible) = get(data, "visible").as_bool() else {
            return;
        };
        self.unseen.set(!visible);
        let playing = self.page.borrow().mode == Mode::Playing;
        if !visible && playing {
            self.resumes.set(true);
            self.dispatch.dispatch(Action::Pause);
        } else if visible && self.resumes.take() {
            self.dispatch.dispatch(Action::Play);
        }
    }

    /// What a command asks for; nothing, if it is done already.
    fn follow(&self, verb: &str, data: &JsValue) -> Result<Option<Action>, String> {
        if verb == "load" {
            let scenario = read(&text(data, "scenario").unwrap_or_default())?;
            self.resumes.set(false);
            return Ok(Some(Action::Load(Rc::new(scenario))));
        }
        if let Some(why) = self.page.borrow().absent.as_deref() {
            return Err(match why {
                "" => "There is no scenario yet.".into(),
                why => why.into(),
            });
        }
        let unseen = self.unseen.get();
        Ok(Some(match verb {
            "play" if unseen => {
                self.resumes.set(true);
                return Ok(None);
            }
            "play" => Action::Play,
            "pause" => {
                self.resumes.set(false);
                Action::Pause
            }
            // Unseen there are no frames that would draw the way to the next event.
            "step" if unseen => Action::Land,
            "step" => Action::Step,
            "stepBack" => Action::StepBack,
            "seek" => match number(data, "time") {
                Some(time) if (0.0..=1e12).contains(&time) => Action::Reach(Millis(time as u64)),
                _ => return Err("seek: the time is a number of milliseconds from 0 on.".into()),
            },
            "speed" => match text(data, "speed").and_then(|text| decimal::parse(&text)) {
                Some(speed) if (SLOWEST..=FASTEST).contains(&speed) => Action::SetSpeed(speed),
                _ => {
                    let (least, most) = (Decimal(SLOWEST), Decimal(FASTEST));
                    return Err(format!("speed: it is a number from {least} to {most}."));
                }
            },
            "theme" => {
                let wanted = text(data, "theme");
                let known = THEMES.iter().find(|theme| wanted.as_deref() == Some(theme));
                let theme = known.ok_or("theme: it is auto, light or dark.")?;
                let _ = root().map(|root| root.set_attribute("data-theme", theme));
                return Ok(None);
            }
            "state" => return Ok(None),
            _ => return Err(format!("There is no command “{}”.", shorten(verb, 40))),
        }))
    }
}

/// A scenario as JSON, or a built-in one by its name.
fn read(text: &str) -> Result<Scenario, String> {
    if text.trim_start().starts_with('{') {
        return Scenario::parse(text).map_err(|error| error.to_string());
    }
    let found = built_in(text);
    found.ok_or_else(|| format!("There is no scenario “{}”.", shorten(text, 40)))
}
