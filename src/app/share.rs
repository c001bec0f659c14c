//! Sharing what is shown: an address to pass on, or a file where that would be too long.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlInputElement, Url, Window};
use yew::prelude::*;

use crate::cluster::Millis;
use crate::history::Run;

use super::dialog::Dialog;
use super::file::{address, of_run};
use super::rest::{Part, part};
use super::state::Page;

/// Addresses up to this length pass everywhere.
const COMFORTABLE: usize = 2_000;

/// The button and what it opens.
pub fn share(page: &Page) -> Html {
    html! { <Dialog name="Share" title="Share this moment">{ part(Part::Share(page)) }</Dialog> }
}

/// What there is to pass on.
enum Shared {
    /// An address.
    Address(String),
    /// A file, and why it is not an address.
    File {
        why: String,
        name: String,
        url: Option<String>,
    },
}

impl Shared {
    /// The moment that the picture shows.
    fn of(page: &Page) -> Self {
        let mut run = page.session.borrow().run().clone();
        let instant = Millis(page.instant.get() as u64);
        if run.next_due().is_some_and(|due| due > instant) {
            run.run_until(instant);
        }
        let places = page.places();
        let link = run.to_link(places);
        match Run::from_link(&link) {
            Ok(_) => Self::Address(format!("{}#{link}", here())),
            Err(why) => {
                let (name, text) = of_run("paxos-scenario", run.alone(places), run, places);
                Self::File {
                    why: why.to_string(),
                    name,
                    url: address("application/json", &text),
                }
            }
        }
    }
}

/// The address of this page, without what it asks for.
fn here() -> String {
    let href = web_sys::window().and_then(|window| window.location().href().ok());
    let href = href.unwrap_or_default();
    String::from(href.split(['?', '#']).next().unwrap_or_default())
}

/// Copies a text, and says whether that went well. Where there is no clipboard, as in a frame or
/// without https, it did not.
fn copy(text: &str, then: Callback<bool>) {
    let clipboard = web_sys::window()
        .map(|window: Window| window.navigator())
        .filter(|navigator| {
            let clipboard = Reflect::get(navigator, &"clipboard".into());
            clipboard.is_ok_and(|clipboard| clipboard.is_object())
        })
        .map(|navigator| navigator.clipboard());
    let Some(clipboard) = clipboard else {
        return then.emit(false);
    };
    let refused = then.clone();
    let done = Closure::once(move |_: JsValue| then.emit(true));
    let refused = Closure::once(move |_: JsValue| refused.emit(false));
    let _ = clipboard.write_text(text).then2(&done, &refused);
    done.forget();
    refused.forget();
}

/// What is shared.
#[derive(Properties, PartialEq)]
pub struct ShareProps {
    /// The page.
    pub page: Page,
}

/// The address, or why there is none.
#[component]
pub fn Share(props: &ShareProps) -> Html {
    // The moment at which the reader asked, also if time goes on behind this.
    let shared = use_memo((), |()| Shared::of(&props.page));
    let copied = use_state_eq(|| None);
    let field = use_node_ref();
    let again = {
        let (shared, copied, field) = (shared.clone(), copied.setter(), field.clone());
        Callback::from(move |()| {
            if let Shared::Address(address) = &*shared {
                if let Some(field) = field.cast::<HtmlInputElement>() {
                    field.select();
                }
                let copied = copied.clone();
                copy(address, Callback::from(move |well| copied.set(Some(well))));
            }
        })
    };
    {
        let (shared, again) = (shared.clone(), again.clone());
        use_effect_with((), move |()| {
            again.emit(());
            move || revoke(&shared)
        });
    }
    match &*shared {
        Shared::Address(address) => {
            let length = address.len();
            let said = match *copied {
                None => "",
                Some(true) => "The address is copied.",
                Some(false) => {
                    "This browser does not let the page copy: copy the selected address."
                }
            };
            html! {
                <>
                    <p>{ "Whoever opens this address sees this run at this moment, with all its branches, and can go on from there." }</p>
                    <p class="address">
                        <input ref={field} type="text" readonly=true aria-label="Address" value={address.clone()} />
                        <button type="button" onclick={again.reform(|_: MouseEvent| ())}>{ "Copy" }</button>
                    </p>
                    <p role="status">{ said }</p>
                    if length > COMFORTABLE {
                        <p>{ format!("It has {length} characters. Some mail and chat programs cut off what is longer than {COMFORTABLE}: see that it arrives whole.") }</p>
                    }
                </>
            }
        }
        Shared::File { why, name, url } => html! {
            <>
                <p role="status">{ format!("This run does not fit into an address: {why}.") }</p>
                <p><a href={url.clone()} download={name.clone()}>{ format!("Save {name}") }</a></p>
            </>
        },
    }
}

fn revoke(shared: &Rc<Shared>) {
    if let Shared::File { url: Some(url), .. } = &**shared {
        let _ = Url::revoke_object_url(url);
    }
}
