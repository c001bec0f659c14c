//! Somebody does not see the page: it is its roles and names, and what it says by itself.

use std::collections::BTreeSet;
use std::time::Duration;

use site_tests::{Page, story};

use crate::checking::ends;

/// Roles that somebody acts on, which therefore need a name.
const ACTED_ON: [&str; 8] = [
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "slider",
    "tab",
    "checkbox",
];

async fn has(page: &Page, role: &str, name: &str) {
    page.wait_until(&format!("there is the {role} {name:?}"), async |page| {
        let heard = page.heard().await;
        heard.iter().any(|(r, n)| r == role && n == name)
    })
    .await;
}

/// All that somebody acts on has a name, and no two have the same.
fn are_told_apart(heard: &[(String, String)]) {
    let acted_on = heard
        .iter()
        .filter(|(role, _)| ACTED_ON.contains(&role.as_str()));
    let mut known = BTreeSet::new();
    for control in acted_on {
        assert!(!control.1.is_empty(), "a {} without a name", control.0);
        assert!(known.insert(control), "two are called {control:?}");
    }
}

#[test]
fn every_message_has_a_button_of_its_own() {
    story(async |page| {
        page.open("?scenario=late-proposer").await;
        page.step().await;
        page.press("Messages").await;
        has(&page, "button", "Act on Prepare(1.P), P → A").await;
        page.press("Act on Prepare(1.P), P → A").await;
        page.press("Duplicate").await;
        has(
            &page,
            "button",
            "Act on Prepare(1.P), P → A, the second one of it",
        )
        .await;
        are_told_apart(&page.heard().await);
    });
}

/// What is said from now on, by all that speaks by itself.
const LISTEN: &str = "
    window.said = [];
    const speaks = '[role=status], [role=alert], output, [aria-live]';
    new MutationObserver(changes => {
        const regions = new Set(changes.map(change =>
            (change.target.closest ? change.target : change.target.parentElement)?.closest(speaks)));
        // An alert speaks as soon as it is there.
        for (const { addedNodes } of changes) for (const added of addedNodes)
            if (added.matches?.('[role=alert]')) regions.add(added);
        for (const region of regions) {
            if (region && region.getAttribute('aria-live') !== 'off' && region.checkVisibility())
                window.said.push(region.textContent.trim());
        }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    return null";

async fn said(page: &Page) -> Vec<String> {
    page.ask("return window.said.splice(0)").await
}

#[test]
fn a_session_is_had_by_roles_and_names_alone() {
    story(async |page| {
        page.open("?scenario=late-proposer&speed=50").await;
        let heard = page.heard().await;
        for (role, name) in [
            ("heading", "Paxos Playground"),
            ("banner", ""),
            ("main", ""),
            ("group", "Cluster"),
            ("group", "Time"),
            ("region", "Space-time diagram"),
            ("complementary", "Details"),
            ("region", "Story"),
            ("heading", "First, P"),
            ("form", "Propose a value"),
        ] {
            let is = |(r, n): &(String, String)| r == role && (name.is_empty() || n == name);
            assert!(heard.iter().any(is), "no {role} {name:?} in {heard:#?}");
        }
        are_told_apart(&heard);

        has(&page, "button", "A acceptor").await;
        page.press("Next ›: the next note").await;
        has(&page, "heading", "Then Q wants “World”").await;
        let voted = "A promised 1.P voted “Hello”, acceptor";
        has(&page, "button", voted).await;
        page.press(voted).await;
        has(&page, "heading", "A").await;
        page.press("Crash A").await;
        page.wait_until("its name says that it is down", async |page| {
            let heard = page.heard().await;
            let mut names = heard.iter().map(|(_, name)| name);
            names.any(|name| name.starts_with("A ") && name.contains("down"))
        })
        .await;
        page.press("Play").await;
        page.wait_until("Q has got its ballot through", async |page| {
            page.log_says("chosen").await && !page.state().await.playing
        })
        .await;
        page.press("State").await;
        has(&page, "tab", "State").await;
        page.press("Check every schedule").await;
        page.press("Check").await;
        ends(&page, "holds").await;
    });
}

#[test]
fn what_is_said_while_it_plays_is_neither_nothing_nor_everything() {
    story(async |page| {
        page.open("?scenario=hello&speed=2").await;
        page.ask::<()>(LISTEN).await;
        page.play_until_learned("Hello").await;
        let said = said(&page).await;
        let all = said.join(" / ");
        assert!(
            all.contains("is chosen") && all.contains("learned"),
            "{all}"
        );
        assert!(said.len() <= 6, "{said:#?}");

        // Where nothing comes out nothing is said.
        page.open("?scenario=duel&speed=10").await;
        page.ask::<()>(LISTEN).await;
        page.play().await;
        page.wait_until("they have outbid each other for a while", async |page| {
            page.time().await > 1_000.0
        })
        .await;
        let said = self::said(&page).await;
        assert!(said.len() <= 6, "{said:#?}");
    });
}

#[test]
fn a_check_says_that_it_goes_on_and_how_it_ends_and_no_figures() {
    story(async |page| {
        page.open("?scenario=hello").await;
        page.press("Check every schedule").await;
        page.choose("Ballots", 5).await;
        page.ask::<()>(LISTEN).await;
        page.press("Check").await;
        page.wait_until("some figures were shown", async |page| {
            page.ask("return /\\d,\\d{3},\\d{3}/.test(document.querySelector('[data-check=running]')?.innerText)")
                .await
        })
        .await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let running = said(&page).await;
        assert!(running.len() <= 2, "{running:#?}");
        assert!(running.join(" ").contains("Trying every schedule"));
        page.press("Stop").await;
        page.wait_until("it is said how it ends", async |page| {
            said(page)
                .await
                .join(" ")
                .contains("Stopped: nothing is broken")
        })
        .await;

        page.ask::<()>("window.Worker = function () { throw new Error('no'); }; return null")
            .await;
        page.press("Check").await;
        ends(&page, "failed").await;
        let failed = said(&page).await;
        let told = failed.iter().filter(|words| words.contains("no workers"));
        assert_eq!(told.count(), 1, "{failed:#?}");
    });
}
