//! The network's card: how it treats messages, and who reaches whom.

use std::collections::BTreeSet;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::cluster::{Chance, Command, DelayRange, NetworkChange};
use crate::protocol::ProcessId;

use super::act::act;
use super::state::{Action, Dispatch, Page};

/// The longest delay that the sliders offer, in milliseconds.
const LONGEST: u32 = 400;

/// What the card needs.
#[derive(Properties, PartialEq)]
pub struct NetworkProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
    /// Closes the card.
    pub onclose: Callback<()>,
}

/// The card.
#[component]
pub fn Network(props: &NetworkProps) -> Html {
    let NetworkProps { page, dispatch, .. } = props;
    let away = use_state(BTreeSet::<String>::new);
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let network = cluster.network();
    let send = {
        let dispatch = dispatch.clone();
        move |change: NetworkChange| dispatch.dispatch(Action::Do(Command::Network { change }))
    };
    let percent = |chance: Chance| chance.per_million() / 10_000;
    let chance = |percent: u32| Chance::per_million_of(percent.min(100) * 10_000);
    let loss = {
        let send = send.clone();
        Callback::from(move |loss: u32| {
            send(NetworkChange {
                loss: chance(loss),
                ..NetworkChange::default()
            });
        })
    };
    let duplicate = {
        let send = send.clone();
        Callback::from(move |duplicate: u32| {
            send(NetworkChange {
                duplicate: chance(duplicate),
                ..NetworkChange::default()
            });
        })
    };
    let (shortest, longest) = network.delay();
    // One end pushes the other one along.
    let delay = move |shortest: u32, longest: u32| NetworkChange {
        delay: DelayRange::new(shortest, longest).ok(),
        ..NetworkChange::default()
    };
    let least = {
        let send = send.clone();
        Callback::from(move |least: u32| send(delay(least, longest.max(least))))
    };
    let most = Callback::from(move |most: u32| send(delay(shortest.min(most), most)));

    let ids: Vec<ProcessId> = setup.ids().collect();
    let is_away = |id: &ProcessId| away.contains(&*setup.spec(*id).name);
    let groups: Vec<Vec<ProcessId>> = [false, true]
        .iter()
        .map(|&side| {
            ids.iter()
                .copied()
                .filter(|id| is_away(id) == side)
                .collect()
        })
        .collect();
    let side = |id: &ProcessId| {
        let name = setup.spec(*id).name.to_string();
        let checked = away.contains(&name);
        let onchange = {
            let (away, name) = (away.clone(), name.clone());
            Callback::from(move |_: Event| {
                let mut now = (*away).clone();
                if !now.remove(&name) {
                    now.insert(name.clone());
                }
                away.set(now);
            })
        };
        html! {
            <label class="check" key={name.clone()}>
                <input type="checkbox" {checked} {onchange} /><span>{ crate::cluster::shorten_name(&name, 12) }</span>
            </label>
        }
    };
    let parts = if groups.iter().any(Vec::is_empty) {
        html! {
            <button type="button" aria-disabled="true" title="Tick who is to be on the other side">{ "Part them" }</button>
        }
    } else {
        act(
            cluster,
            dispatch,
            Command::Partition {
                groups: groups.clone(),
            },
            "Part them",
        )
    };
    let onclose = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <section class="card inspector network" aria-labelledby="network-title">
            <header>
                <h2 id="network-title">{ "Network" }</h2>
                <button type="button" class="icon" aria-label="Close the network" onclick={onclose}>{ "×" }</button>
            </header>
            <p class="nothing">{ "For messages sent from now on." }</p>
            <div class="sliders">
                <Slider label="Lost" unit="%" most={100} value={percent(network.loss)} onset={loss} />
                <Slider label="Doubled" unit="%" most={100} value={percent(network.duplicate)} onset={duplicate} />
                <Slider label="Shortest delay" unit="ms" most={LONGEST} value={shortest} onset={least} />
                <Slider label="Longest delay" unit="ms" most={LONGEST} value={longest} onset={most} />
            </div>
            <p><strong>{ "You are the network: " }</strong>{ "hold every message, and let each one go, or lose it, when you like." }</p>
            <div class="actions">
                { act(cluster, dispatch, Command::Hold { message: None }, "Hold all messages") }
                { act(cluster, dispatch, Command::Release { message: None }, "Release all messages") }
            </div>
            <fieldset class="sides">
                <p>{ "Partition: who is on the other side?" }</p>
                { for ids.iter().map(side) }
            </fieldset>
            <div class="actions">
                { parts }
                { act(cluster, dispatch, Command::Heal { link: None }, "Heal every link") }
            </div>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct SliderProps {
    label: &'static str,
    unit: &'static str,
    most: u32,
    value: u32,
    onset: Callback<u32>,
}

/// A slider: the number follows the thumb, and is set when it is let go.
#[component]
fn Slider(props: &SliderProps) -> Html {
    let shown = use_state(|| None::<u32>);
    let read = |event: &web_sys::Event| -> Option<u32> {
        use wasm_bindgen::JsCast;
        let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
        field.value().parse().ok()
    };
    let oninput = {
        let shown = shown.clone();
        Callback::from(move |event: InputEvent| shown.set(read(&event)))
    };
    let onchange = {
        let (shown, onset) = (shown.clone(), props.onset.clone());
        Callback::from(move |event: Event| {
            if let Some(value) = read(&event) {
                onset.emit(value);
            }
            shown.set(None);
        })
    };
    let value = shown.unwrap_or(props.value);
    let most = props.most.max(value);
    html! {
        <label class="slider">
            <span>{ props.label }</span>
            <input type="range" aria-label={props.label} min="0" max={most.to_string()} value={value.to_string()}
                aria-valuetext={format!("{value} {}", props.unit)} {oninput} {onchange} />
            <output>{ format!("{value} {}", props.unit) }</output>
        </label>
    }
}
