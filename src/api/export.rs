//! Exports of a session, for a page that has its text.

use paxos_playground::history::Session;
use paxos_playground::scenario::Question;
use paxos_playground::scenario::export::{ExportFile, Format, export};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A file, as JavaScript sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    name: String,
    media_type: &'static str,
    text: String,
}

/// The shown line of the run that a session shows, up to its end, in this format: a list of
/// `{name, mediaType, text}`. The session is the text that `Session::save` writes.
#[wasm_bindgen]
pub fn export_session(session: &str, format: &str) -> Result<JsValue, JsError> {
    let wanted = Format::named(format).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        JsError::new(&format!("format is {format:?}, and must be one of {known}"))
    })?;
    let session = Session::restore(session)?;
    let played = session.run().played(None)?;
    let files = export(wanted, &played, &Question::default())?;
    let file = |file: ExportFile| File {
        name: file.name,
        media_type: file.media_type,
        text: file.text,
    };
    let files: Vec<File> = files.into_iter().map(file).collect();
    super::to_js(&files)
}
