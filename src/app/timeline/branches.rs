//! The branches: every future that the run has had, to be switched to, named and deleted.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::act::button;
use crate::app::choice::Choice;
use crate::app::geometry::{Point, px};
use crate::app::state::{Action, Dispatch, Page};
use crate::history::{Branch, Run, Session};

use super::drawing::Scale;

/// Height of a branch in the drawing.
pub const ROW: f64 = 6.0;
/// No more branches than this are drawn; all have their button.
pub const DRAWN: usize = 6;

/// What a branch is called.
pub fn name(branch: &Branch) -> String {
    let number = || format!("Branch {}", branch.id().0 + 1);
    branch.name().map_or_else(number, String::from)
}

/// How many rows the drawing needs.
pub fn rows(run: &Run) -> usize {
    match run.branches().len() {
        1 => 0,
        count => count.min(DRAWN),
    }
}

/// The branches as lines from where they left their parent to their end.
pub fn draw(run: &Run, scale: &Scale) -> Html {
    let rows = rows(run);
    let row = |index: usize| 6.0 + index as f64 * ROW;
    let branches = run.branches();
    let line = |(index, branch): (usize, &Branch)| {
        let inside = |time: f64| scale.x(time).max(scale.left).min(scale.right);
        let from = inside(branch.fork().time.0 as f64);
        let to = inside(branch.end().time.0 as f64);
        let parent = branch.parent();
        let above = branches.iter().position(|other| Some(other.id()) == parent);
        let y = row(index);
        let start = Point {
            x: from,
            y: above.map_or(y, row),
        };
        let d = format!("M{start}V{}H{}", px(y), px(to.max(from + 3.0)));
        let shown = branch.id() == run.branch().id();
        html! { <path class={classes!("branch", shown.then_some("shown"))} {d} /> }
    };
    branches.iter().enumerate().take(rows).map(line).collect()
}

/// The buttons.
pub fn buttons(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    if run.branches().len() < 2 {
        return Html::default();
    }
    let shown = run.branch().id();
    let choice = |branch: &Branch| {
        let id = branch.id();
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Switch(id)));
        html! {
            <button key={id.0} type="button" class="branch" aria-pressed={(id == shown).to_string()} {onclick}>
                { name(branch) }<span class="from">{ format!(" from {} ms", branch.fork().time) }</span>
            </button>
        }
    };
    let rename = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                dispatch.dispatch(Action::NameBranch(shown, field.value()));
            }
        })
    };
    let delete = Action::DeleteBranch(shown);
    html! {
        <div class="branches" role="group" aria-label="Branches">
            { for run.branches().iter().map(choice) }
            <input key={format!("name-{}", shown.0)} type="text" aria-label="Name of this branch" placeholder="name it"
                autocomplete="off" value={run.branch().name().unwrap_or_default().to_owned()} onchange={rename} />
            { button(dispatch, delete, None, "Delete".into(), Some(format!("Delete {}", name(run.branch())).into())) }
        </div>
    }
}

/// Which run is shown, once there are several.
pub fn runs(session: &Session, dispatch: &Dispatch) -> Html {
    let count = session.runs().len();
    if count < 2 {
        return Html::default();
    }
    let dispatch = dispatch.clone();
    let onchoose = Callback::from(move |index: String| {
        if let Ok(index) = index.parse() {
            dispatch.dispatch(Action::Show(index));
        }
    });
    let option = |index: usize| {
        let text = format!("{} of {count}", index + 1);
        (index.to_string().into(), text.into())
    };
    let options: Vec<_> = (0..count).map(option).collect();
    html! { <Choice label="Run" value={session.current().to_string()} {options} {onchoose} /> }
}
