//! The library: scenarios to open, files to open and to save, and the scenario as text.

use wasm_bindgen::prelude::*;
use web_sys::{DragEvent, File, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::scenario::{BUILT_IN, GROUPS, Scenario, built_in, limits};

use super::dialog::{self, Dialog, coming};
use super::dom::find;
use super::file::{of_run, save};
use super::keep;
use super::rest::{Part, part};
use super::state::{Action, Dispatch, Page};

/// The button, which says what is open, and the library that it opens.
pub fn library(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let scenario = session.run().scenario();
    let title = match scenario.title.as_str() {
        "" => "Your own cluster",
        title => title,
    };
    html! {
        <Dialog name="Scenarios" label={AttrValue::from(title.to_owned())} title="Scenarios">
            { part(Part::Library(page, dispatch)) }
        </Dialog>
    }
}

/// What the library needs.
#[derive(Properties, PartialEq)]
pub struct LibraryProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
}

/// What is in the library.
#[component]
pub fn Library(props: &LibraryProps) -> Html {
    let LibraryProps { page, dispatch } = props;
    let all = use_memo((), |()| {
        let scenarios = BUILT_IN.iter().filter_map(|(id, _)| built_in(id));
        scenarios.collect::<Vec<_>>()
    });
    let word = use_state_eq(String::new);
    let wanted = word.trim().to_lowercase();
    let meets = |scenario: &Scenario, group: &str| {
        let notes = scenario.notes.iter().map(|note| &*note.text);
        let texts = [&scenario.title, &scenario.summary, &scenario.id];
        let texts = texts
            .into_iter()
            .map(|text| &**text)
            .chain([group])
            .chain(notes);
        let all: String = texts.map(|text| text.to_lowercase() + " ").collect();
        wanted.split_whitespace().all(|word| all.contains(word))
    };
    let oninput = {
        let word = word.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                word.set(field.value());
            }
        })
    };
    let open = page.session.borrow().run().scenario().id.clone();
    let entry = |(scenario, &(id, _)): (&Scenario, &(&'static str, &str))| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            dialog::close();
            dispatch.dispatch(Action::Open(id));
        });
        html! {
            <li key={id}>
                <button type="button" data-scenario={id} {onclick} aria-current={(open == id).then_some("true")}>
                    <strong>{ &scenario.title }</strong>
                    <span>{ &scenario.summary }</span>
                </button>
            </li>
        }
    };
    let mut first = 0;
    let mut found = 0;
    let groups: Html = GROUPS
        .iter()
        .map(|&(title, count)| {
            let these = first..first + count;
            first = these.end;
            let entries = all[these.clone()].iter().zip(&BUILT_IN[these]);
            let entries: Vec<Html> = entries
                .filter(|(scenario, _)| meets(scenario, title))
                .map(entry)
                .collect();
            found += entries.len();
            match entries.is_empty() {
                true => Html::default(),
                false => html! {
                    <section key={title}>
                        <h3>{ title }</h3>
                        <ul>{ entries }</ul>
                    </section>
                },
            }
        })
        .collect();
    html! {
        <>
            <p>{ "New to Paxos? " }<a href="./paxos-explained.html">{ "Paxos, explained by breaking it" }</a>{ " goes through most of these, one after the other." }</p>
            <input type="search" aria-label="Search scenarios" placeholder="search: crash, duel, quorum" value={(*word).clone()} {oninput} />
            <p class="unseen" role="status">
                { if wanted.is_empty() { String::new() } else { format!("{found} scenarios") } }
            </p>
            if found == 0 {
                <p class="nothing">{ "No scenario says that." }</p>
            }
            <div class="shelf">{ groups }</div>
            <Own page={page.clone()} dispatch={dispatch.clone()} />
        </>
    }
}

/// Files, and the scenario as text.
#[component]
fn Own(props: &LibraryProps) -> Html {
    let LibraryProps { page, dispatch } = props;
    let editing = use_state_eq(|| None::<String>);
    let wrong = use_state_eq(String::new);
    let chooser = use_node_ref();
    let choose = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(chooser) = chooser.cast::<HtmlElement>() {
                chooser.click();
            }
        })
    };
    let onfile = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let field = event.target_dyn_into::<HtmlInputElement>();
            if let Some(file) = field.and_then(|field| field.files()?.get(0)) {
                dialog::close();
                open(file, &dispatch);
            }
        })
    };
    let is_editing = editing.is_some();
    let onsave = {
        let (page, dispatch) = (page.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let scenario = page.as_scenario();
            let name = match scenario.id.as_str() {
                "" => "scenario".to_owned(),
                id => id.to_owned(),
            };
            let run = page.session.borrow().run().clone();
            let (file, text) = of_run(&name, Some(scenario), run, page.places());
            let saved = save(&file, "application/json", &text);
            dispatch.dispatch(match saved {
                true => Action::Say(format!("{file} is saved.")),
                false => Action::Notify(format!("This browser does not save {file}.")),
            });
        })
    };
    let edit = {
        let (editing, wrong, page) = (editing.setter(), wrong.setter(), page.clone());
        Callback::from(move |_: MouseEvent| {
            wrong.set(String::new());
            editing.set((!is_editing).then(|| page.as_scenario().to_json()));
        })
    };
    let onedit = {
        let editing = editing.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event.target_dyn_into::<HtmlTextAreaElement>() {
                editing.set(Some(area.value()));
            }
        })
    };
    let take = {
        let (dispatch, wrong) = (dispatch.clone(), wrong.setter());
        let text = (*editing).clone().unwrap_or_default();
        Callback::from(move |_: MouseEvent| match Scenario::parse(&text) {
            Ok(scenario) => {
                dialog::close();
                dispatch.dispatch(Action::OpenOwn(scenario.into()));
            }
            Err(error) => {
                wrong.set(error.to_string());
                if let Some(area) = find::<HtmlElement>(".own textarea") {
                    let _ = area.focus();
                }
            }
        })
    };
    html! {
        <section class="own" aria-label="Your own">
            <h3>{ "Your own" }</h3>
            <div class="actions">
                <input ref={chooser} type="file" accept=".json,application/json" hidden=true aria-hidden="true" onchange={onfile} />
                <button type="button" onclick={choose}>{ "Open a file" }</button>
                <button type="button" onclick={onsave}>{ "Save this one" }</button>
                <button type="button" aria-expanded={is_editing.to_string()} onclick={edit}>{ "Edit this one" }</button>
            </div>
            if let Some(text) = &*editing {
                <textarea aria-label="Scenario as JSON" aria-invalid={(!wrong.is_empty()).to_string()} aria-describedby="scenario-wrong"
                    rows="14" spellcheck="false" autocomplete="off" value={text.clone()} oninput={onedit} />
                <p id="scenario-wrong" class="wrong" role="alert">{ &*wrong }</p>
                <div class="actions"><button type="button" class="primary" onclick={take}>{ "Open as edited" }</button></div>
            } else {
                <p>{ "A scenario is a JSON file: who takes part, what happens when, and what there is to read. A file can also be dropped on the page." }</p>
            }
            <PutAside />
            <h3>{ "Take this run along, as far as it has been played" }</h3>
            <@{"paxos-export"}>{ coming() }</@>
            <script type="module" src="./export.js"></script>
        </section>
    }
}

/// What was put aside in this browser, if anything: to be had as files, and to be deleted.
#[component]
fn PutAside() -> Html {
    let names = use_state(keep::put_aside_before);
    let entry = |name: &String| {
        let (saved, gone, names) = (name.clone(), name.clone(), names.setter());
        let onsave = Callback::from(move |_: MouseEvent| {
            if let Some(text) = keep::read(&saved) {
                save(&format!("{saved}.json"), "application/json", &text);
            }
        });
        let ondelete = Callback::from(move |_: MouseEvent| {
            keep::delete(&gone);
            names.set(keep::put_aside_before());
            // The button goes with it.
            if let Some(own) = find::<HtmlElement>(".own button") {
                let _ = own.focus();
            }
        });
        html! {
            <div key={name.clone()} class="actions">
                <button type="button" onclick={onsave}>{ format!("Save {name}") }</button>
                <button type="button" onclick={ondelete}>{ format!("Delete {name}") }</button>
            </div>
        }
    };
    if names.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ "Put aside" }</h3>
            <p>{ "Sessions that were kept in this browser and could not be read, or gave way to that of another page. Those that another page has kept can be opened as files." }</p>
            { for names.iter().map(entry) }
        </>
    }
}

/// Reads a file and opens what is in it.
fn open(file: File, dispatch: &Dispatch) {
    let name = file.name();
    let wrong = |why: &str| Action::Notify(format!("{name} cannot be opened: {why}."));
    if file.size() > limits::KEPT as f64 {
        let most = limits::KEPT / 1_000_000;
        return dispatch.dispatch(wrong(&format!("it has more than {most} MB")));
    }
    let unread = wrong("it cannot be read");
    let (then, otherwise) = (dispatch.clone(), dispatch.clone());
    let done = Closure::once(move |text: JsValue| {
        let text = text.as_string().unwrap_or_default();
        then.dispatch(Action::OpenText { name, text });
    });
    let failed = Closure::once(move |_: JsValue| otherwise.dispatch(unread));
    let text: js_sys::Promise = file.text().unchecked_into();
    let _ = text.then2(&done, &failed);
    done.forget();
    failed.forget();
}

/// Opens files that are dropped on the page.
#[hook]
pub fn use_dropping(dispatch: &Dispatch) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        let body = web_sys::window().and_then(|window| window.document()?.body());
        let Some(body) = body else { return };
        let carries = |event: &DragEvent| {
            let carried = event.data_transfer().map(|carried| carried.types());
            carried.is_some_and(|types| types.includes(&"Files".into(), 0))
        };
        // For as long as the window is there.
        let over = Closure::<dyn Fn(DragEvent)>::new(move |event: DragEvent| {
            if carries(&event) {
                event.prevent_default();
            }
        });
        let drop = Closure::<dyn Fn(DragEvent)>::new(move |event: DragEvent| {
            let files = event.data_transfer().and_then(|carried| carried.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                event.prevent_default();
                dialog::close();
                open(file, &dispatch);
            }
        });
        for (name, callback) in [("dragover", over), ("drop", drop)] {
            let function = callback.into_js_value();
            let _ = body.add_event_listener_with_callback(name, function.unchecked_ref());
        }
    });
}
