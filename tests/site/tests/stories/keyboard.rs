//! Somebody has only a keyboard.

use std::time::Duration;

use site_tests::{Page, key, story};

use crate::checking::ends;

const A_WHILE: Duration = Duration::from_millis(300);

async fn is_playing(page: &Page, playing: bool) {
    let what = if playing {
        "time runs"
    } else {
        "time stands still"
    };
    page.wait_until(what, async |page| page.state().await.playing == playing)
        .await;
}

/// Goes to a control with Tab, and presses it with Enter.
async fn press_by_key(page: &Page, name: &str) {
    page.tab_to(name).await;
    page.strike(key::ENTER).await;
}

#[test]
fn tab_leads_to_play_and_enter_presses_it() {
    story(async |page| {
        page.open("?speed=50").await;
        press_by_key(&page, "Play").await;
        page.wait_until("\"Hello\" is learned", async |page| {
            page.state().await.learned.as_deref() == Some("Hello")
        })
        .await;
    });
}

#[test]
fn space_plays_and_pauses_wherever_no_control_needs_it() {
    story(async |page| {
        page.open("?speed=0.2").await;
        page.strike(key::SPACE).await;
        is_playing(&page, true).await;
        page.strike(key::SPACE).await;
        is_playing(&page, false).await;
        let scrolled: f64 = page.ask("return scrollY").await;
        assert_eq!(scrolled, 0.0, "the page does not scroll instead");
    });
}

#[test]
fn space_on_play_plays_once() {
    story(async |page| {
        page.open("?speed=0.2").await;
        page.tab_to("Play").await;
        page.strike(key::SPACE).await;
        is_playing(&page, true).await;
        page.stays("what was begun with one key", A_WHILE, async |page| {
            page.state().await.playing
        })
        .await;
        assert_eq!(
            page.focused_name().await,
            "Pause",
            "the focus stays on the button"
        );
        page.strike(key::SPACE).await;
        is_playing(&page, false).await;
        assert_eq!(
            page.focused_name().await,
            "Play",
            "the focus stays on the button"
        );
    });
}

#[test]
fn space_in_the_value_field_is_a_character() {
    story(async |page| {
        page.open("").await;
        page.tab_to("Value").await;
        for character in ["a", key::SPACE, "b"] {
            page.strike(character).await;
        }
        let field = page.field("Value").await;
        assert_eq!(field.value().await.unwrap().as_deref(), Some("a b"));
        assert!(!page.state().await.playing);
    });
}

#[test]
fn a_cluster_is_built_broken_and_mended_with_keys_alone() {
    story(async |page| {
        page.open("?speed=50").await;
        press_by_key(&page, "Add acceptor").await;
        page.wait_until("there are four acceptors", async |page| {
            page.with_role("acceptor").await.len() == 4
        })
        .await;

        page.tab_until("A has the focus", async |page| {
            focused_process(page).await == "A"
        })
        .await;
        page.strike(key::ENTER).await;
        page.wait_until("A is selected", async |page| {
            page.has_button("Crash A").await
        })
        .await;
        press_by_key(&page, "Crash A").await;
        page.wait_until("A is down", async |page| !page.is_up("A").await)
            .await;

        page.tab_to("Value").await;
        for character in ["K", "e", "y"] {
            page.strike(character).await;
        }
        page.strike(key::ENTER).await;
        if !page.state().await.playing {
            press_by_key(&page, "Play").await;
        }
        page.wait_until("something is learned", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
        assert!(page.log_says("1 of 3 promises").await, "four need three");
    });
}

/// Opens what this button opens, and closes it with Escape: the focus is inside, and then back.
async fn opens_and_closes(page: &Page, button: &str) {
    press_by_key(page, button).await;
    page.wait_until("the focus is in the dialog", async |page| {
        page.ask("return document.activeElement.closest('dialog:modal') !== null")
            .await
    })
    .await;
    page.strike(key::ESCAPE).await;
    page.wait_until("the focus is back", async |page| {
        page.focused_name().await == button
    })
    .await;
}

#[test]
fn a_whole_session_is_had_by_keys() {
    story(async |page| {
        page.open("?speed=50").await;
        press_by_key(&page, "Scenarios: Hello").await;
        page.tab_to("Search scenarios").await;
        for character in ["l", "a", "t", "e"] {
            page.strike(character).await;
        }
        page.tab_until("the late proposer has the focus", async |page| {
            page.ask("return document.activeElement.dataset.scenario === 'late-proposer'")
                .await
        })
        .await;
        page.strike(key::ENTER).await;
        page.wait_until("it is open", async |page| {
            page.ask("return document.querySelector('.story h2')?.textContent === 'First, P'")
                .await
        })
        .await;

        let times = async |page: &Page, key: &str, holds: fn(f64) -> bool| {
            page.strike(key).await;
            page.wait_until(&format!("{key:?} moves time"), async |page| {
                holds(page.time().await)
            })
            .await;
        };
        times(&page, "n", |time| time > 0.0).await;
        times(&page, key::HOME, |time| time == 0.0).await;
        times(&page, ".", |time| time > 0.0).await;
        times(&page, ",", |time| time == 0.0).await;
        page.tab_to("Play").await;
        page.strike(key::SPACE).await;
        page.wait_until("Q has learned from others", async |page| {
            let state = page.state().await;
            state.learned.as_deref() == Some("Hello") && !state.playing
        })
        .await;
        page.tab_to("Time").await;
        let moment = async |page: &Page| -> String {
            page.ask("return document.activeElement.ariaValueText")
                .await
        };
        let end = moment(&page).await;
        page.strike(key::LEFT).await;
        page.wait_until("it is one event earlier", async |page| {
            moment(page).await != end
        })
        .await;

        for button in [
            "Scenarios: A late proposer adopts the chosen value",
            "Share",
            "Embed",
            "Help",
        ] {
            opens_and_closes(&page, button).await;
        }
        press_by_key(&page, "Check every schedule").await;
        press_by_key(&page, "Check").await;
        ends(&page, "holds").await;
        press_by_key(&page, "Close the check").await;
        page.wait_until("the focus is back", async |page| {
            page.focused_name().await == "Check every schedule"
        })
        .await;
    });
}

#[test]
fn enter_on_a_process_leads_into_its_card_also_below_another() {
    story(async |page| {
        page.open("").await;
        for panel in ["Goals", "Network"] {
            press_by_key(&page, panel).await;
            page.tab_until("A has the focus", async |page| {
                focused_process(page).await == "A"
            })
            .await;
            page.strike(key::ENTER).await;
            page.wait_until("the focus is in the card of A", async |page| {
                page.ask("return document.activeElement.id === 'inspector-title'")
                    .await
            })
            .await;
            page.strike(key::ESCAPE).await;
            page.wait_until("the focus is back", async |page| {
                focused_process(page).await == "A"
            })
            .await;
        }
    });
}

#[test]
fn whoever_closes_a_panel_goes_on_where_it_was_opened() {
    story(async |page| {
        page.open("").await;
        let closes = async |page: &Page, button: &str, close: &str| {
            press_by_key(page, button).await;
            press_by_key(page, close).await;
            page.wait_until("the focus is back", async |page| {
                page.focused_name().await == button
            })
            .await;
        };
        closes(&page, "Goals", "Close the goals").await;
        closes(&page, "Network", "Close the network").await;
        closes(&page, "Check every schedule", "Close the check").await;

        press_by_key(&page, "Goals").await;
        page.tab_until("the goal that nobody reaches has the focus", async |page| {
            page.focused_name()
                .await
                .contains("Two values, by the rules")
        })
        .await;
        page.strike(key::ENTER).await;
        closes(&page, "Ask the checker", "Close the check").await;
        press_by_key(&page, "Ask the checker").await;
        ends(&page, "holds").await;
        press_by_key(&page, "Check every schedule").await;
        page.wait_until("it is closed", async |page| {
            page.ask("return document.querySelector('[data-check]') === null")
                .await
        })
        .await;
    });
}

/// Looks at what has the focus: whether that is the body, and whether what had it before looks
/// different now that it has it no more.
const LOOK: &str = "
    const look = e => [e, ...e.querySelectorAll('*')].map(part => {
        const s = getComputedStyle(part);
        return [s.outline, s.boxShadow, s.stroke, s.strokeWidth, s.fill, s.opacity, s.visibility,
            s.borderColor, s.backgroundColor].join();
    }).join('|');
    const before = window.focusBefore, e = document.activeElement;
    const differs = !before || look(before.element) !== before.look;
    window.focusBefore = { element: e, look: look(e) };
    return [e === document.body, differs];";

#[test]
fn the_focus_is_never_lost_and_always_seen() {
    story(async |page| {
        page.prefer("prefers-reduced-motion", "reduce").await;
        page.open("").await;
        let mut visited: Vec<String> = vec![];
        for _ in 0..60 {
            page.strike(key::TAB).await;
            let name = page.focused_name().await;
            let (on_body, differs): (bool, bool) = page.ask(LOOK).await;
            assert!(differs, "the focus on {:?} is not seen", visited.last());
            if on_body || visited.first() == Some(&name) {
                break;
            }
            assert!(
                !name.is_empty(),
                "after {visited:?} comes something without a name"
            );
            visited.push(name);
        }
        for name in [
            "Play",
            "Step",
            "Speed",
            "Add proposer",
            "Add acceptor",
            "Add learner",
            "Value",
            "Propose",
        ] {
            assert!(
                visited.iter().any(|seen| seen == name),
                "{name:?} is not among {visited:?}"
            );
        }
        for process in ["A", "B", "C", "L", "P"] {
            let named = visited.iter().any(|name| name.starts_with(process));
            assert!(named, "{process} is not among {visited:?}");
        }
    });
}

async fn focused_process(page: &Page) -> String {
    page.ask("return document.activeElement?.dataset?.process ?? ''")
        .await
}
