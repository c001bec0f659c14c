//! Files for the reader to keep.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::history::{Run, Session};
use crate::scenario::{Place, Scenario};

/// After so many milliseconds a file that is saved is read: not every browser reads it at once.
const LATER: u32 = 10_000;

/// Name and text of a file from which this run can be opened again: as this scenario or, where no
/// scenario file can hold it, as a session that has only this run.
pub fn of_run(
    name: &str,
    scenario: Option<Scenario>,
    run: Run,
    places: &[Place],
) -> (String, String) {
    let text = scenario.map(|scenario| scenario.to_json());
    match text.filter(|text| Scenario::parse(text).is_ok()) {
        Some(text) => (format!("{name}.json"), text),
        None => {
            let text = Session::from_run(run).save(std::iter::once(places));
            ("paxos-session.json".into(), text)
        }
    }
}

/// The address of a file with this text, until it is given back.
pub fn address(media: &str, text: &str) -> Option<String> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media);
    let parts = js_sys::Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Saves a text as a file where the browser keeps such things. `false` if it does not.
pub fn save(name: &str, media: &str, text: &str) -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let anchor = document.and_then(|document| document.create_element("a").ok());
    let anchor = anchor.and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok());
    let (Some(anchor), Some(address)) = (anchor, address(media, text)) else {
        return false;
    };
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    let revoke = move || {
        let _ = Url::revoke_object_url(&address);
    };
    Timeout::new(LATER, revoke).forget();
    true
}
