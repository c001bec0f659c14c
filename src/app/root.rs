//! The whole page.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, Element, HtmlElement, UrlSearchParams};
use yew::prelude::*;

use super::acts::{raise, use_acts};
use super::address::{self, Wanted};
use super::clock::use_clock;
use super::controls::controls;
use super::dom::root;
use super::embed::dialog;
use super::help::help;
use super::keep::{is_kept, use_keeping};
use super::keys::use_keys;
use super::library::{library, use_dropping};
use super::notices::notices;
use super::painter::Painter;
use super::palette::Palette;
use super::propose::Propose;
use super::rest::{self, Arrival, Part, failed, part, rest, use_arrival};
use super::share::share;
use super::stage::{ByAddress, Stage, focus_stage};
use super::state::{Action, Dispatch, Mode, Page, Tab, Thing};
use super::status::status;
use super::story::story;
use super::tabs::tabs;
use super::theme::Theme;
use super::timeline::Timeline;
use super::tools::tools;

/// Starts the page in the element `#playground`.
pub fn run() {
    let document = web_sys::window().and_then(|window| window.document());
    let place = document.and_then(|document| document.get_element_by_id("playground"));
    let Some(place) = place else { return };
    report_panics();
    let (parameters, link) = (parameters(), fragment());
    if parameters.iter().any(|(name, _)| name == "embed") {
        place.set_class_name("embedded");
    }
    if !parameters.is_empty() || link.is_some() || is_kept() {
        rest::load();
    }
    let props = StartProps { parameters, link };
    // A task of its own: starting the wasm was one already.
    let draw = || drop(yew::Renderer::<Start>::with_root_and_props(place, props).render());
    Timeout::new(0, draw).forget();
}

/// A fault in the core is told to `rescue.js`, which can still act. To see it do so, an address
/// with `?crash-test` makes the core fail when the window gets the event `paxos:crash-test`.
fn report_panics() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let init = CustomEventInit::new();
        init.set_detail(&info.to_string().into());
        let event = CustomEvent::new_with_event_init_dict("paxos:panic", &init);
        if let (Some(window), Ok(event)) = (web_sys::window(), event) {
            let _ = window.dispatch_event(&event);
        }
    }));
    let window = web_sys::window();
    let search = window
        .as_ref()
        .and_then(|window| window.location().search().ok());
    if let (Some(window), "?crash-test") = (window, search.unwrap_or_default().as_str()) {
        let fail = Closure::<dyn Fn()>::new(|| panic!("the crash that was asked for"));
        let function = fail.into_js_value();
        let _ =
            window.add_event_listener_with_callback("paxos:crash-test", function.unchecked_ref());
    }
}

/// What the address asks for.
fn parameters() -> Vec<(String, String)> {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    let parameters = UrlSearchParams::new_with_str(&search.unwrap_or_default());
    let pairs = parameters.ok().map(|parameters| {
        let pairs = js_sys::try_iter(&parameters).ok().flatten();
        pairs
            .into_iter()
            .flatten()
            .filter_map(|pair| {
                let pair: js_sys::Array = pair.ok()?.unchecked_into();
                Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
            })
            .collect::<Vec<_>>()
    });
    pairs.unwrap_or_default()
}

/// The link in the address, if there is one.
fn fragment() -> Option<String> {
    address::link(&web_sys::window()?.location().hash().ok()?)
}

/// Opens what the address links to when that changes.
#[hook]
fn use_links(page: &UseReducerHandle<Page>) {
    let dispatch = page.dispatcher();
    use_effect_with((), move |()| {
        // For as long as the window is there.
        let open = Closure::<dyn Fn()>::new(move || {
            if let Some(link) = fragment() {
                dispatch.dispatch(Action::OpenLink(link));
            }
        });
        let function = open.into_js_value();
        if let Some(window) = web_sys::window() {
            let _ = window.add_event_listener_with_callback("hashchange", function.unchecked_ref());
        }
    });
}

/// What was asked for before the rest was there.
#[hook]
fn use_waited(dispatch: &Dispatch, arrival: Arrival) {
    let dispatch = dispatch.clone();
    use_effect_with(arrival, move |arrival| {
        if *arrival == Arrival::Here {
            for action in rest::waited() {
                dispatch.dispatch(action);
            }
        }
    });
}

/// What is open beside the stage, apart from the card of a thing.
#[derive(Clone, Copy, PartialEq)]
enum Panel {
    /// The check of every schedule.
    Check,
    /// The same, which begins at once.
    Proof,
    /// The goals.
    Goals,
    /// The network's card.
    Network,
}

impl Panel {
    /// Whether this is opened and closed by the same button.
    fn is_like(self, other: Self) -> bool {
        let button = |panel| match panel {
            Self::Proof => Self::Check,
            panel => panel,
        };
        button(self) == button(other)
    }
}

/// The button that was pressed: the event itself is at the root of the page.
fn pressed(event: &MouseEvent) -> Option<HtmlElement> {
    let inside = event.target_dyn_into::<Element>()?;
    inside.closest("button").ok()??.dyn_into().ok()
}

#[derive(Properties, PartialEq)]
struct StartProps {
    parameters: Vec<(String, String)>,
    link: Option<String>,
}

/// The page, as soon as there is what it needs to open.
#[component]
fn Start(props: &StartProps) -> Html {
    let arrival = use_arrival();
    let wanted = use_mut_ref(|| None::<Rc<Wanted>>);
    let mut wanted = wanted.borrow_mut();
    if wanted.is_none() {
        *wanted = match rest() {
            Some(rest) => Some(Rc::new(Wanted {
                link: props.link.clone(),
                ..(rest.read)(props.parameters.clone())
            })),
            None if arrival == Arrival::Away => Some(Rc::new(Wanted::first())),
            None => None,
        };
    }
    match &*wanted {
        Some(wanted) => html! { <App wanted={wanted.clone()} {arrival} /> },
        None if arrival == Arrival::Failed => {
            raise();
            html! { <div class="loading">{ failed() }</div> }
        }
        // The curtain says that it loads.
        None => Html::default(),
    }
}

/// In so many acts the page is drawn for the first time.
const ACTS: usize = 9;

#[derive(Properties, PartialEq)]
struct AppProps {
    wanted: Rc<Wanted>,
    arrival: Arrival,
}

#[component]
fn App(props: &AppProps) -> Html {
    let wanted = &props.wanted;
    let page = {
        let wanted = wanted.clone();
        use_reducer(move || match rest() {
            Some(rest) => (rest.open)(&wanted),
            None => Page::new(&wanted),
        })
    };
    use_keeping(&page, wanted.keeps);
    let painter = use_memo((), |()| Painter::default());
    let svg = use_node_ref();
    let panel = use_state_eq(|| None::<Panel>);
    let opener = use_mut_ref(|| None::<HtmlElement>);
    // One panel at a time, so that it can be seen.
    let toggle = |wanted: Panel| {
        let (panel, opener) = (panel.clone(), opener.clone());
        Callback::from(move |event: MouseEvent| {
            opener.replace(pressed(&event));
            let opens = !panel.is_some_and(|open| open.is_like(wanted));
            panel.set(opens.then_some(wanted));
        })
    };
    let close = {
        let (panel, opener) = (panel.setter(), opener.clone());
        Callback::from(move |()| {
            panel.set(None);
            // Whoever closes the panel goes on where it was opened.
            match opener.take().filter(|opener| opener.is_connected()) {
                Some(opener) => {
                    let _ = opener.focus();
                }
                None => focus_stage(),
            }
        })
    };
    let ask = {
        let (panel, opener) = (panel.setter(), opener.clone());
        Callback::from(move |event: MouseEvent| {
            opener.replace(pressed(&event));
            panel.set(Some(Panel::Proof));
        })
    };
    let is_open = |wanted: Panel| panel.is_some_and(|open| open.is_like(wanted));
    let dispatch = page.dispatcher();
    use_clock(&page, &painter);
    let acts = use_acts(if page.embed.is_some() { 1 } else { ACTS });
    let on = |act: usize| acts >= act;
    use_root_attributes(&page, page.embed.is_some() || on(ACTS));
    use_links(&page);
    use_dropping(&dispatch);
    use_keys(&page);
    use_waited(&dispatch, props.arrival);
    let painter = ByAddress(painter);
    let snapshot = Page::clone(&page);
    let stage = html! { <Stage page={snapshot.clone()} painter={painter.clone()} dispatch={dispatch.clone()} svg={svg.clone()} /> };
    let timeline = html! { <Timeline page={snapshot.clone()} dispatch={dispatch.clone()} painter={painter.clone()} /> };
    if snapshot.embed.is_some() {
        return html! {
            <>
                { part(Part::Embedded(&snapshot, &dispatch, &painter.0, &stage, &timeline)) }
                { part(Part::Around(&snapshot, &dispatch, wanted)) }
            </>
        };
    }
    if !on(2) {
        return Html::default();
    }
    let in_act = |act: usize, draw: &dyn Fn() -> Html| {
        if on(act) { draw() } else { Html::default() }
    };
    let session = snapshot.session.borrow();
    let summary = &session.run().scenario().summary;
    html! {
        <>
            <header class="top">
                <h1>{ "Paxos Playground" }</h1>
                { library(&snapshot, &dispatch) }
                <p class="summary"><span>{ summary }</span></p>
                { part(Part::Badge(&snapshot, &dispatch)) }
                <button type="button" aria-expanded={is_open(Panel::Check).to_string()} onclick={toggle(Panel::Check)}>{ "Check every schedule" }</button>
                <button type="button" aria-expanded={is_open(Panel::Goals).to_string()} onclick={toggle(Panel::Goals)}>{ "Goals" }</button>
                { in_act(3, &|| share(&snapshot)) }
                { in_act(3, &dialog) }
                <Theme wanted={wanted.theme} />
                { in_act(3, &help) }
            </header>
            <main class="middle">
                <div class="theatre">
                    if on(4) { <Palette page={snapshot.clone()} dispatch={dispatch.clone()} svg={svg.clone()} /> }
                    { in_act(4, &|| tools(&snapshot, &dispatch, is_open(Panel::Network), &toggle(Panel::Network))) }
                    { notices(&snapshot, &dispatch) }
                    // Last, when what is around it has taken its room.
                    if on(ACTS) { { stage } }
                    { in_act(4, &|| status(&snapshot)) }
                </div>
                <div class="bottom">
                    { in_act(5, &|| controls(&snapshot, &dispatch, &painter.0)) }
                    if on(6) { { timeline } }
                </div>
                <aside class="side" aria-label="Details">
                    { part(Part::Goal(&snapshot, &dispatch, &ask)) }
                    { in_act(7, &|| story(&snapshot, &dispatch)) }
                    { match *panel {
                        None => Html::default(),
                        Some(Panel::Goals) => part(Part::Goals(&snapshot, &dispatch, &close)),
                        Some(Panel::Network) => part(Part::Network(&snapshot, &dispatch, &close)),
                        Some(Panel::Check | Panel::Proof) => {
                            let begins = *panel == Some(Panel::Proof);
                            part(Part::Check(&snapshot, &dispatch, begins, &close))
                        }
                    } }
                    { match snapshot.selected {
                        None => Html::default(),
                        // In their tab, messages have their actions beside them.
                        Some(Thing::Message(_)) if snapshot.tab == Tab::Messages => Html::default(),
                        Some(thing) => part(Part::Card(&snapshot, &dispatch, thing)),
                    } }
                    if on(7) { <Propose page={snapshot.clone()} dispatch={dispatch.clone()} /> }
                    { in_act(8, &|| tabs(&snapshot, &dispatch)) }
                </aside>
            </main>
            { part(Part::Around(&snapshot, &dispatch, wanted)) }
        </>
    }
}

/// The root of the document says how things stand, for tests and hosts, and once all is drawn that it is ready.
#[hook]
fn use_root_attributes(page: &Page, drawn: bool) {
    let (chosen, learned, violation) = {
        let session = page.session.borrow();
        let cluster = session.run().cluster();
        let text = |vote: crate::protocol::Vote| cluster.text(vote.value).to_string();
        let mut learners = cluster.processes().filter_map(|(_, p)| p.learner.as_ref());
        (
            cluster.chosen().map(text),
            learners.find_map(|learner| learner.learned()).map(text),
            cluster
                .invariants()
                .find_map(|(invariant, failure)| failure.map(|_| invariant.name())),
        )
    };
    let playing = page.mode != Mode::Paused;
    let all = (chosen, learned, violation, playing, drawn);
    use_effect_with(all, |(chosen, learned, violation, playing, drawn)| {
        let Some(root) = root() else { return };
        let set = |name: &str, value: Option<&str>| {
            let _ = match value {
                Some(value) => root.set_attribute(name, value),
                None => root.remove_attribute(name),
            };
        };
        set("data-chosen", chosen.as_deref());
        set("data-learned", learned.as_deref());
        set("data-violation", *violation);
        set(
            "data-playing",
            Some(if *playing { "true" } else { "false" }),
        );
        if *drawn {
            set("data-ready", Some("true"));
        }
    });
}
