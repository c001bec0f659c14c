//! The panel that tries every schedule of the cluster on the stage.
//!
//! The search runs in a worker, so that the page stays smooth; stopping ends the worker at once.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::prelude::*;

use crate::cluster::Setup;
use crate::protocol::{Invariant, Rule};
use crate::scenario::Scenario;

use super::choice::Choice;
use super::dom::{get, number, object, text};
use super::state::{Action, Dispatch, Page};

/// What the panel needs.
#[derive(Properties, PartialEq)]
pub struct CheckProps {
    /// The page.
    pub page: Page,
    /// Where gestures go.
    pub dispatch: Dispatch,
    /// Whether it begins by itself.
    pub begins: bool,
    /// Closes the panel.
    pub onclose: Callback<()>,
}

/// How a check stands.
#[derive(Clone, PartialEq)]
enum Course {
    Idle,
    Running(Covered),
    Ended(Rc<Ending>),
    Failed(AttrValue),
}

/// How much was tried.
#[derive(Clone, Copy, Default, PartialEq)]
struct Covered {
    distinct: f64,
    depth: f64,
    frontier: f64,
    seconds: f64,
}

#[derive(PartialEq)]
struct Ending {
    verdict: String,
    /// The invariant that is broken.
    property: String,
    steps: f64,
    limit: String,
    covered: Covered,
    counterexample: Option<Scenario>,
    /// Its steps, as sentences.
    trace: Vec<String>,
    /// The cluster that was checked, and within which bounds.
    setup: Setup,
    ballots: f64,
    more_ballots: Option<f64>,
}

/// A worker at work; it ends with this.
struct Running {
    worker: Worker,
    /// The cluster that it checks.
    setup: Setup,
    _listener: Closure<dyn Fn(MessageEvent)>,
    _failed: Closure<dyn Fn(Event)>,
    _watch: Interval,
}

/// How often it is looked whether the worker is alive, in milliseconds: it tells much more often
/// how far it is.
const WATCH: u32 = 5_000;

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Covered {
    fn of(object: &JsValue) -> Self {
        let number = |name| number(object, name).unwrap_or_default();
        Self {
            distinct: number("distinct"),
            depth: number("depth"),
            frontier: number("frontier"),
            seconds: number("seconds"),
        }
    }
}

/// A step of a trace, as a sentence.
fn says(step: &JsValue) -> Option<String> {
    text(step, "says")
}

/// What to check: the panel's own choices.
#[derive(Clone, Copy, PartialEq)]
struct Bounds {
    /// As many as there are proposals, from 2 to 4, if `None`.
    ballots: Option<u32>,
    all: bool,
}

/// Starts a worker on this scenario. It says through `tell` how it stands.
fn start(scenario: &Scenario, bounds: Bounds, tell: Callback<Course>) -> Result<Running, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options("./checker.js", &options)?;
    let checked = scenario.setup.clone();
    let about = std::cell::RefCell::new(JsValue::UNDEFINED);
    // Until it is loaded, which may take long, it says nothing.
    let silent = Rc::new(Cell::new(None));
    let watch = {
        let (tell, silent) = (tell.clone(), silent.clone());
        Interval::new(WATCH, move || {
            silent.set(silent.get().map(|times| times + 1));
            // A page that was asleep gives it time to wake up too.
            if silent.get() == Some(3) {
                let why = "The checker does not answer any more: the browser may have ended it. Check again to begin anew.";
                tell.emit(Course::Failed(why.into()));
            }
        })
    };
    let listener = {
        let (tell, setup) = (tell.clone(), checked.clone());
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            silent.set(Some(0));
            let data = event.data();
            let said = |name| Some(get(&data, name)).filter(|value| !value.is_undefined());
            if let Some(error) = text(&data, "error") {
                tell.emit(Course::Failed(error.into()));
            } else if let Some(known) = said("about") {
                about.replace(known);
            } else if let Some(progress) = said("progress") {
                tell.emit(Course::Running(Covered::of(&progress)));
            } else if let Some(result) = said("result") {
                let about = about.borrow();
                let found = text(&data, "counterexample");
                let text = |name| text(&result, name).unwrap_or_default();
                tell.emit(Course::Ended(Rc::new(Ending {
                    verdict: text("verdict"),
                    property: text("property"),
                    steps: number(&result, "steps").unwrap_or_default(),
                    limit: text("limit"),
                    covered: Covered::of(&result),
                    counterexample: found.and_then(|found| Scenario::parse(&found).ok()),
                    trace: get(&result, "trace")
                        .dyn_ref::<js_sys::Array>()
                        .map(|steps| steps.iter().filter_map(|step| says(&step)).collect())
                        .unwrap_or_default(),
                    setup: setup.clone(),
                    ballots: number(&about, "ballots").unwrap_or_default(),
                    more_ballots: number(&about, "takesMoreBallots"),
                })));
            }
        })
    };
    let failed = Closure::<dyn Fn(Event)>::new(move |_| {
        let why = "The checker cannot be loaded. Is the page still online?";
        tell.emit(Course::Failed(why.into()));
    });
    worker.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    // What is undefined is as usual.
    let ballots = bounds.ballots.map_or(JsValue::UNDEFINED, JsValue::from);
    let all = bounds.all.then(|| JsValue::from("all"));
    let property = all.unwrap_or_default();
    let options = object([("ballots", ballots), ("property", property)]);
    let request = object([
        ("scenario", scenario.to_json().into()),
        ("options", options),
    ]);
    worker.post_message(&request)?;
    Ok(Running {
        worker,
        setup: checked,
        _listener: listener,
        _failed: failed,
        _watch: watch,
    })
}

/// A number of states as people read it.
fn grouped(number: f64) -> String {
    let digits = format!("{}", number as u64);
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The panel.
#[component]
pub fn Check(props: &CheckProps) -> Html {
    let course = use_state_eq(|| Course::Idle);
    let bounds = use_state_eq(|| Bounds {
        ballots: None,
        all: false,
    });
    let running = use_mut_ref(|| None::<Running>);
    let title = use_node_ref();
    {
        // Whoever opened the panel goes on in it.
        let title = title.clone();
        use_effect_with((), move |()| {
            if let Some(title) = title.cast::<web_sys::HtmlElement>() {
                let _ = title.focus();
            }
        });
    }
    let begin = {
        let (page, course, running) = (props.page.clone(), course.setter(), running.clone());
        let dispatch = props.dispatch.clone();
        move |bounds: Bounds| {
            course.set(Course::Running(Covered::default()));
            let tell = {
                let (course, running) = (course.clone(), Rc::downgrade(&running));
                let dispatch = dispatch.clone();
                Callback::from(move |now: Course| {
                    if let Course::Ended(ending) = &now
                        && let Some(says) = ending.proof()
                    {
                        dispatch.dispatch(Action::Proved(ending.setup.clone(), says));
                    }
                    let ended = !matches!(now, Course::Running(_));
                    course.set(now);
                    if ended && let Some(running) = running.upgrade() {
                        // Not now: this very closure is part of what ends.
                        gloo_timers::callback::Timeout::new(0, move || {
                            running.replace(None);
                        })
                        .forget();
                    }
                })
            };
            match start(&page.as_played(), bounds, tell) {
                Ok(worker) => {
                    running.replace(Some(worker));
                }
                Err(_) => course.set(Course::Failed("This browser runs no workers.".into())),
            }
        }
    };
    {
        let (begin, bounds) = (begin.clone(), *bounds);
        use_effect_with(props.begins, move |begins| {
            if *begins {
                begin(bounds);
            }
        });
    }
    let stop = {
        let (course, running) = (course.clone(), running.clone());
        Callback::from(move |_: MouseEvent| {
            let stopped = running.replace(None).map(|running| running.setup.clone());
            if let (Course::Running(covered), Some(setup)) = (&*course, stopped) {
                course.set(Course::Ended(Rc::new(Ending {
                    verdict: "incomplete".into(),
                    property: String::new(),
                    steps: 0.0,
                    limit: "stopped".into(),
                    covered: *covered,
                    counterexample: None,
                    trace: Vec::new(),
                    setup,
                    // That is said of what holds alone.
                    ballots: 0.0,
                    more_ballots: None,
                })));
            }
        })
    };
    let choose_ballots = {
        let bounds = bounds.clone();
        Callback::from(move |chosen: String| {
            let ballots = chosen.parse().ok();
            bounds.set(Bounds { ballots, ..*bounds });
        })
    };
    let choose_property = {
        let bounds = bounds.clone();
        Callback::from(move |chosen: String| {
            let all = chosen == "all";
            bounds.set(Bounds { all, ..*bounds });
        })
    };
    let onclick = {
        let (begin, bounds) = (begin.clone(), *bounds);
        Callback::from(move |_: MouseEvent| begin(bounds))
    };
    let onclose = props.onclose.reform(|_: MouseEvent| ());
    let options = |pairs: &[(&'static str, &'static str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|&(value, text)| (AttrValue::from(value), AttrValue::from(text)))
            .collect::<Vec<_>>()
    };
    let ballots = [
        ("", "automatic"),
        ("1", "1"),
        ("2", "2"),
        ("3", "3"),
        ("4", "4"),
        ("5", "5"),
    ];
    let properties = [("agreement", "agreement"), ("all", "every invariant")];
    let chosen = bounds.ballots.map(|ballots| ballots.to_string());
    let is_running = matches!(*course, Course::Running(_));
    let state = match &*course {
        // That it failed is an alert, and would be said twice here.
        Course::Idle | Course::Failed(_) => Html::default(),
        Course::Running(covered) => progress(covered),
        Course::Ended(ending) => {
            let again = {
                let bounds = bounds.clone();
                Callback::from(move |more: u32| {
                    let wider = Bounds {
                        ballots: Some(more),
                        ..*bounds
                    };
                    bounds.set(wider);
                    begin(wider);
                })
            };
            result(ending, &props.page, &props.dispatch, &again)
        }
    };
    html! {
        <section class="checker" aria-labelledby="check-title" data-check={course.name()}>
            <header>
                <h2 id="check-title" ref={title} tabindex="-1">{ "Check every schedule" }</h2>
                <button type="button" class="icon" aria-label="Close the check" onclick={onclose}>{ "×" }</button>
            </header>
            <p>{ about(&props.page) }</p>
            <div class="fields">
                <Choice label="Ballots" value={chosen.unwrap_or_default()} options={options(&ballots)} onchoose={choose_ballots} />
                <Choice label="Holds" value={if bounds.all { "all" } else { "agreement" }} options={options(&properties)} onchoose={choose_property} />
                if is_running {
                    <button type="button" class="primary" onclick={stop}>{ "Stop" }</button>
                } else {
                    <button type="button" class="primary" {onclick}>{ "Check" }</button>
                }
            </div>
            <div role="status">{ state }</div>
            if let Course::Failed(why) = &*course {
                <p class="verdict bad" role="alert">{ why }</p>
            }
        </section>
    }
}

impl Ending {
    /// What was proved, if something was.
    fn proof(&self) -> Option<String> {
        let (states, ballots) = (grouped(self.covered.distinct), grouped(self.ballots));
        (self.verdict == "holds").then(|| {
            format!("Nobody can. The checker tried every schedule of up to {ballots} ballots, {states} states.")
        })
    }
}

impl Course {
    fn name(&self) -> String {
        match self {
            Course::Idle => "idle".into(),
            Course::Running(_) => "running".into(),
            Course::Failed(_) => "failed".into(),
            Course::Ended(ending) => ending.verdict.clone(),
        }
    }
}

/// What would be checked, in a sentence.
fn about(page: &Page) -> String {
    let session = page.session.borrow();
    let scenario = session.run().scenario();
    let setup = &scenario.setup;
    let acceptors = setup.processes.iter().filter(|spec| spec.roles.acceptor);
    let count = acceptors.count();
    let quorums = match setup.quorums() {
        Ok(quorums) => format!("{} promises, {} votes", quorums.phase1(), quorums.phase2()),
        Err(_) => String::from("majorities"),
    };
    let broken = scenario.broken_rules();
    let broken: Vec<&str> = broken.broken().map(Rule::name).collect();
    let broken = match broken.as_slice() {
        [] => String::new(),
        names => format!(" Broken: {}.", names.join(", ")),
    };
    let acceptors = if count == 1 { "acceptor" } else { "acceptors" };
    format!(
        "Every order, delay, loss and doubling of messages of this cluster: {count} {acceptors}, \
         quorums of {quorums}.{broken} Each proposal has a ballot, from 2 to 4 unless you say."
    )
}

fn figures(covered: &Covered) -> Html {
    let rate = covered.distinct / covered.seconds.max(0.001) / 1e6;
    let row =
        |name: &'static str, value: String| html! { <><dt>{ name }</dt><dd>{ value }</dd></> };
    html! {
        // They change ten times a second: nobody wants to hear that.
        <dl class="figures" aria-live="off">
            { row("states", grouped(covered.distinct)) }
            { row("million/s", one_decimal(rate)) }
            { row("depth", grouped(covered.depth)) }
            { row("frontier", grouped(covered.frontier)) }
        </dl>
    }
}

fn one_decimal(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn progress(covered: &Covered) -> Html {
    html! { <>{ figures(covered) }<p class="soft">{ "Trying every schedule…" }</p></> }
}

fn result(ending: &Rc<Ending>, page: &Page, dispatch: &Dispatch, again: &Callback<u32>) -> Html {
    let covered = &ending.covered;
    let states = grouped(covered.distinct);
    let changed = page.session.borrow().run().scenario().setup != ending.setup;
    let verdict = match ending.verdict.as_str() {
        "holds" => html! {
            <p class="verdict ok">
                { format!("✓ Safe: {states} states, every schedule of up to {} ballots.", grouped(ending.ballots)) }
            </p>
        },
        "violated" => {
            let meaning = Invariant::named(&ending.property).map_or("", Invariant::meaning);
            html! {
                <>
                    <p class="verdict bad">
                        { format!("✗ Broken in {} steps: {}.", grouped(ending.steps), ending.property) }
                    </p>
                    <p>{ meaning }{ " No schedule breaks it in fewer steps." }</p>
                </>
            }
        }
        _ => {
            let why = match ending.limit.as_str() {
                "stopped" => "Stopped",
                "max-memory" => "Out of memory",
                _ => "Too many states",
            };
            let steps = (covered.depth - 1.0).max(0.0);
            html! {
                <p class="verdict">
                    { format!("{why}: nothing is broken in the {states} states found, among them all within {} steps.", grouped(steps)) }
                </p>
            }
        }
    };
    let play = ending.counterexample.as_ref().map(|scenario| {
        let (dispatch, scenario) = (dispatch.clone(), Rc::new(scenario.clone()));
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::OpenFound(scenario.clone()));
        });
        html! { <button type="button" class="primary" {onclick}>{ "Play it" }</button> }
    });
    let more = ending.more_ballots.filter(|_| ending.verdict == "holds").map(|more| {
        let again = again.clone();
        let onclick = Callback::from(move |_: MouseEvent| again.emit(more as u32));
        html! {
            <>
                <p>{ format!("What is broken here takes {} ballots to do harm.", grouped(more)) }</p>
                <button type="button" {onclick}>{ format!("Check {} ballots", grouped(more)) }</button>
            </>
        }
    });
    html! {
        <>
            { verdict }
            { for play }
            { for more }
            if !ending.trace.is_empty() {
                <details>
                    <summary>{ format!("All {} steps", grouped(ending.steps)) }</summary>
                    <ol>{ for ending.trace.iter().map(|says| html! { <li>{ says }</li> }) }</ol>
                </details>
            }
            if changed {
                <p class="soft">{ "This is about another cluster than the one on the stage now." }</p>
            }
            { figures(covered) }
        </>
    }
}
