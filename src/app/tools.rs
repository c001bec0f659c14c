//! The tools over the stage: parting, holding, the network's card, and how close the stage is.

use yew::prelude::*;

use crate::cluster::{Cluster, Command, refusal};

use super::act::button;
use super::geometry::Point;
use super::state::{Action, Dispatch, Page, Tool};

/// How much closer one press brings the stage.
pub const NEARER: f64 = 1.4;

/// Closer or further by this factor, about the middle.
pub fn zoom(page: &Page, by: f64) -> Action {
    Action::SetView(page.view.zoomed(by, Point { x: 0.5, y: 0.5 }))
}

/// The command that holds all messages, or releases them if all are held.
pub fn hold_or_release(cluster: &Cluster) -> Command {
    if cluster.network().hold {
        Command::Release { message: None }
    } else {
        Command::Hold { message: None }
    }
}

/// The tools; the network's card may be open, and is opened and closed by `onnetwork`.
pub fn tools(
    page: &Page,
    dispatch: &Dispatch,
    networking: bool,
    onnetwork: &Callback<MouseEvent>,
) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let cluster = run.cluster();
    let parting = page.tool == Tool::Partition;
    let toggle = {
        let dispatch = dispatch.clone();
        let other = if parting { Tool::Hand } else { Tool::Partition };
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SetTool(other)))
    };
    let hold = hold_or_release(cluster);
    let holding = cluster.network().hold;
    let heal = Command::Heal { link: None };
    let why = |command: &Command| cluster.check(command).err().map(refusal);
    let reached = |scale: f64, why: &'static str| (page.view.scale == scale).then_some(why);
    let whole = reached(1.0, "everything is seen already");
    let close = reached(super::frame::CLOSEST, "it does not come closer");
    html! {
        <>
            <div class="tools" role="group" aria-label="Network tools">
                <button type="button" aria-pressed={parting.to_string()} onclick={toggle}
                    title="Draw a line across the stage: nothing gets through it">{ "Partition" }</button>
                { button(dispatch, Action::Do(heal.clone()), why(&heal), "Heal".into(), Some("Heal every link".into())) }
                { button(dispatch, Action::Do(hold.clone()), why(&hold),
                    if holding { "Release all" } else { "Hold all" }.into(), None) }
                <button type="button" aria-expanded={networking.to_string()} onclick={onnetwork.clone()}>{ "Network" }</button>
            </div>
            <div class="tools zoom" role="group" aria-label="View">
                { button(dispatch, Action::Tidy, None, "Tidy".into(), Some("Tidy up: put everybody in their place".into())) }
                { button(dispatch, zoom(page, 1.0 / NEARER), whole, "−".into(), Some("Zoom out".into())) }
                { button(dispatch, zoom(page, NEARER), close, "+".into(), Some("Zoom in".into())) }
                { button(dispatch, zoom(page, 0.01), whole, "Fit".into(), Some("Fit: show everything".into())) }
            </div>
        </>
    }
}
