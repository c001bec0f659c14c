//! The goals: puzzles to be solved on the stage, and whether they have been.

use yew::prelude::*;

use crate::cluster::{Command, Event};
use crate::scenario::goals::{Attempt, GOALS, Goal, Pursuit, Standing};

use super::act::button;
use super::keep::{read, write};
use super::state::{Action, Dispatch, Page};

/// Where those that were reached are kept.
const KEPT: &str = "paxos-goals";

/// How the goal stands in the run that is shown.
fn standing(page: &Page, pursuit: &Pursuit) -> Standing {
    let session = page.session.borrow();
    let run = session.run();
    let events: Vec<&Event> = run.events().iter().collect();
    let given = |&(at, _): &(crate::history::Position, &Command)| at < run.cursor();
    let commands: Vec<&Command> = run
        .commands()
        .filter(given)
        .map(|(_, command)| command)
        .collect();
    pursuit.standing(&Attempt {
        setup: &run.scenario().setup,
        cluster: run.cluster(),
        events: &events,
        commands: &commands,
    })
}

/// Which goals were ever reached.
fn reached() -> String {
    read(KEPT).unwrap_or_default()
}

fn is_reached(kept: &str, id: &str) -> bool {
    kept.split(' ').any(|known| known == id)
}

#[derive(Properties, PartialEq)]
struct ReachedProps {
    id: &'static str,
}

/// Keeps that this goal was reached; nothing is seen of it.
#[component]
fn Reached(props: &ReachedProps) -> Html {
    use_effect_with(props.id, |id| {
        let kept = reached();
        if !is_reached(&kept, id) {
            write(KEPT, &format!("{kept} {id}"));
        }
    });
    Html::default()
}

/// The card of the goal that the reader is after.
pub fn goal_card(page: &Page, dispatch: &Dispatch, oncheck: &Callback<MouseEvent>) -> Html {
    let Some(pursuit) = &page.goal else {
        return Html::default();
    };
    let (goal, standing) = (pursuit.goal, standing(page, pursuit));
    let (class, text) = match &standing {
        Standing::Reached(how) => ("fine", format!("✓ Reached: {how}")),
        Standing::Open(how) => ("open", how.clone()),
        Standing::Void(why) => ("wrong", (*why).to_owned()),
    };
    let again = Action::OpenGoal(Some(goal));
    html! {
        <section class="story goal" aria-labelledby="goal-title" data-goal={goal.id} data-standing={class}>
            <div class="notes">
                <div class="note shown">
                    <h2 id="goal-title">{ format!("Goal: {}", goal.title) }</h2>
                    <p>{ goal.task }</p>
                    <p class={classes!("standing", class)} role="status">{ text }</p>
                    <details><summary>{ "Hint" }</summary><p>{ goal.hint }</p></details>
                </div>
            </div>
            <div class="walk">
                { button(dispatch, Action::OpenGoal(None), None, "Leave the goal".into(), None) }
                if goal.impossible {
                    <button type="button" onclick={oncheck.clone()}>{ "Ask the checker" }</button>
                }
                { button(dispatch, again, None, "Begin again".into(), None) }
            </div>
            if matches!(standing, Standing::Reached(_)) {
                <Reached key={goal.id} id={goal.id} />
            }
        </section>
    }
}

/// All goals, to be chosen from.
pub fn goal_list(page: &Page, dispatch: &Dispatch, onclose: &Callback<()>) -> Html {
    let kept = reached();
    let entry = |goal: &'static Goal| {
        let (dispatch, onclose) = (dispatch.clone(), onclose.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::OpenGoal(Some(goal)));
            onclose.emit(());
        });
        let done = is_reached(&kept, goal.id);
        html! {
            <li key={goal.id}>
                <button type="button" {onclick} aria-current={page.goal.as_ref().is_some_and(|now| now.goal == goal).then_some("true")}>
                    <strong>{ if done { "✓ " } else { "○ " } }{ goal.title }</strong>
                    if done { <span class="unseen">{ "reached" }</span> }
                    <span>{ goal.task }</span>
                </button>
            </li>
        }
    };
    html! {
        <section class="card inspector goals" aria-labelledby="goals-title">
            <header>
                <h2 id="goals-title">{ "Goals" }</h2>
                <button type="button" class="icon" aria-label="Close the goals" onclick={onclose.reform(|_: MouseEvent| ())}>{ "×" }</button>
            </header>
            <ul>{ for GOALS.iter().map(entry) }</ul>
        </section>
    }
}
