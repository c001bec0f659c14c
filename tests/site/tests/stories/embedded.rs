//! Somebody reads a blog with the playground in it.

use std::time::Duration;

use serde::Deserialize;
use site_tests::{Page, Pointer, key, story};

use crate::embedding::{HELLO, call, read, told, wait_for};
use crate::library::give;
use crate::reaching::is_fine;

#[derive(Debug, Deserialize)]
pub struct Fit {
    pub frame: f64,
    pub scrolls: bool,
}

/// How the first frame fits what is in it.
pub async fn fit(page: &Page) -> Fit {
    page.enter(0).await;
    let script = "const root = document.documentElement;
        return { frame: innerHeight, scrolls: root.scrollHeight > innerHeight || root.scrollWidth > innerWidth }";
    let fit = page.ask(script).await;
    page.leave().await;
    fit
}

/// Many embeds far below each other.
fn long(count: usize) -> String {
    let one = "<paxos-playground scenario=duel speed=0.5 autoplay></paxos-playground><div style='height: 2000px'></div>";
    one.repeat(count)
}

/// How many of the elements have loaded their frame.
async fn loaded(page: &Page) -> usize {
    page.ask("return [...document.querySelectorAll('paxos-playground')].filter(e => e.shadowRoot.querySelector('iframe[src]')).length").await
}

/// Whether this one plays, which is when time runs in it and it asks for frames.
async fn moves(page: &Page, number: usize) -> bool {
    page.enter(number).await;
    let moves = loop {
        let was = page.state().await.playing;
        let before = page.time().await;
        let scheduled = page.scheduled().await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let (time, frames) = (page.time().await, page.scheduled().await);
        let playing = page.state().await.playing;
        // It may begin or end just now.
        if was == playing {
            break (playing, time > before, frames > scheduled);
        }
    };
    page.leave().await;
    assert!(moves.0 == moves.1 && moves.1 == moves.2, "{moves:?}");
    moves.0
}

#[test]
fn of_ten_on_a_long_page_only_what_is_seen_is_there_and_runs() {
    story(async |page| {
        let _blog = read(&page, &long(10)).await;
        wait_for(&page, "ready").await;
        assert_eq!(loaded(&page).await, 1);
        assert!(moves(&page, 0).await);
        let show = |n: usize| {
            format!(
                "document.querySelectorAll('paxos-playground')[{n}].scrollIntoView(); return null"
            )
        };
        page.ask::<()>(&show(4)).await;
        page.wait_until("the fifth is loaded", async |page| loaded(page).await == 2)
            .await;
        page.enter(4).await;
        page.leave().await;
        page.wait_until("two are ready", async |page| {
            told(page, "ready").await.len() == 2
        })
        .await;
        page.wait_until("the first stands still, and the fifth runs", async |page| {
            !moves(page, 0).await && moves(page, 4).await
        })
        .await;
        page.ask::<()>(&show(0)).await;
        page.wait_until("the first goes on", async |page| moves(page, 0).await)
            .await;
        assert!(!moves(&page, 4).await);
    });
}

async fn ground(page: &Page) -> String {
    page.enter(0).await;
    let script = "return getComputedStyle(document.querySelector('.figure')).backgroundColor";
    let ground = page.ask(script).await;
    page.leave().await;
    ground
}

/// Has the page around be as light or dark as its reader prefers.
pub const AS_THE_READER: &str =
    "document.documentElement.style.colorScheme = 'light dark'; return null";

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(27, 31, 39)";

#[test]
fn it_is_as_light_or_dark_as_the_page_around() {
    story(async |page| {
        page.prefer("prefers-color-scheme", "dark").await;
        let style = "<style>.dark { background: #111 }</style>";
        let _blog = read(&page, &format!("{style}{HELLO}")).await;
        assert_eq!(
            ground(&page).await,
            LIGHT,
            "the page is white, whatever the reader prefers"
        );
        page.ask::<()>("document.body.className = 'dark'; return null")
            .await;
        page.wait_until("it is dark", async |page| ground(page).await == DARK)
            .await;
        let fixed = "document.querySelector('paxos-playground').setAttribute('theme', 'light'); return null";
        page.ask::<()>(fixed).await;
        page.wait_until("it is light", async |page| ground(page).await == LIGHT)
            .await;
        page.ask::<()>("document.body.className = ''; document.documentElement.style.colorScheme = 'light dark';
            document.querySelector('paxos-playground').setAttribute('theme', 'auto'); return null").await;
        page.wait_until("it follows the reader", async |page| {
            ground(page).await == DARK
        })
        .await;
        page.prefer("prefers-color-scheme", "light").await;
        page.wait_until("and goes on to", async |page| ground(page).await == LIGHT)
            .await;
    });
}

#[test]
fn it_fits_every_column_without_bars_and_with_words_that_can_be_read() {
    story(async |page| {
        for (screen, column) in [(320, 304), (390, 350), (700, 560), (1000, 680), (1000, 900)] {
            page.use_screen(screen, 844).await;
            for scenario in ["late-proposer", "duel-ends", "rough-network"] {
                let one = format!(
                    "<div style='width: {column}px'><paxos-playground scenario={scenario}></paxos-playground></div>"
                );
                let _blog = read(&page, &one).await;
                wait_for(&page, "ready").await;
                call(&page, "seek(130)").await;
                let fit = fit(&page).await;
                assert!(
                    !fit.scrolls && fit.frame > 300.0,
                    "{column} {scenario}: {fit:?}"
                );
                page.enter(0).await;
                let small: Vec<String> = page
                    .ask("return [...document.querySelectorAll('.figure *')].filter(e => e.checkVisibility() && !e.closest('.unseen')
                            && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 12)
                        .map(e => e.textContent)")
                    .await;
                assert_eq!(small, [""; 0]);
                let tight: Vec<String> = page
                    .ask("return [...document.querySelectorAll('.figure > .bar button, .figure > .bar a')].map(e => [e, e.getBoundingClientRect()])
                        .filter(([, r]) => r.width < 44 || r.height < 44 || r.right > innerWidth || r.left < 0).map(([e, r]) => `${e.textContent} ${r.width} ${r.right}`)")
                    .await;
                assert_eq!(tight, [""; 0], "{column}");
                page.leave().await;
            }
        }
    });
}

#[test]
fn a_reader_walks_and_crashes_by_touch() {
    story(async |page| {
        page.use_screen(390, 844).await;
        let _blog = read(&page, HELLO).await;
        page.enter(0).await;
        page.press("Next").await;
        page.wait_until("the second note is told, and it stands", async |page| {
            let title: String = page
                .ask("return document.querySelector('.note.shown strong')?.textContent ?? ''")
                .await;
            title.starts_with("A ballot begins") && !page.state().await.playing
        })
        .await;
        let place = page.place_of("A").await;
        page.tap(Pointer::Touch, place).await;
        page.press("Crash A").await;
        page.wait_until("A is down", async |page| !page.is_up("A").await)
            .await;
        assert!(
            !page.has_button("Close the card").await,
            "the card has closed"
        );
        page.play().await;
        page.wait_until("two are enough", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
        page.press("Start over").await;
        page.wait_until("A is up again", async |page| page.is_up("A").await)
            .await;
        page.strike(key::DELETE).await;
        page.strike("a").await;
        assert_eq!(
            page.processes().await,
            ["A", "B", "C", "L", "P"],
            "its cluster stays"
        );
    });
}

#[test]
fn without_controls_the_reader_looks_and_the_author_leads() {
    story(async |page| {
        let _blog = read(
            &page,
            "<paxos-playground scenario=hello controls=none></paxos-playground>",
        )
        .await;
        call(&page, "seek(120)").await;
        page.enter(0).await;
        assert_eq!(
            page.button_names()
                .await
                .iter()
                .filter(|name| name.contains("Play"))
                .count(),
            0
        );
        assert!(
            !page.messages().await.is_empty(),
            "the list is for those who listen"
        );
        let place = page.place_of("A").await;
        page.tap(Pointer::Mouse, place).await;
        assert!(!page.has_button("Crash A").await);
        let before = page.state().await;
        for key in [key::SPACE, ".", key::END, key::HOME, "n", "h", "3"] {
            page.strike(key).await;
        }
        let while_ago = Duration::from_millis(300);
        page.stays("what is shown", while_ago, async |page| page.state().await)
            .await;
        assert_eq!(page.state().await, before, "keys do nothing either");
        page.leave().await;
        let later = call(&page, "step()").await["time"].as_f64();
        assert!(later > Some(120.0), "{later:?}");
    });
}

/// A scenario that a reader has, of one proposer X.
const OTHER: &str = r#"{"version": 1, "processes": [
    {"id": "X", "roles": ["proposer"]}, {"id": "Y", "roles": ["acceptor", "learner"]}]}"#;

#[test]
fn a_file_that_is_dropped_on_it_changes_nothing() {
    story(async |page| {
        for controls in ["none", "minimal", "full"] {
            let one =
                format!("<paxos-playground scenario=hello controls={controls}></paxos-playground>");
            let _blog = read(&page, &one).await;
            page.enter(0).await;
            give(&page, "other.json", OTHER).await;
            let a_while = Duration::from_millis(300);
            page.stays("its cluster", a_while, async |page| page.processes().await)
                .await;
            assert_eq!(page.processes().await, ["A", "B", "C", "L", "P"]);
            page.leave().await;
        }
    });
}

#[test]
fn all_controls_are_there_if_one_wants_them() {
    story(async |page| {
        let _blog = read(
            &page,
            "<paxos-playground scenario=hello controls=full></paxos-playground>",
        )
        .await;
        page.ask::<()>(AS_THE_READER).await;
        page.enter(0).await;
        for name in ["Play", "Step", "Step back", "Restart", "Undo"] {
            assert!(page.has_button(name).await, "{name}");
        }
        let place = page.place_of("A").await;
        page.tap(Pointer::Mouse, place).await;
        page.press("Crash A").await;
        page.wait_until("A is down", async |page| !page.is_up("A").await)
            .await;
        page.tap(Pointer::Mouse, place).await;
        page.wait_until(
            "what it has on its disk can be lost no more",
            async |page| page.has_button("Crash, forgetting the vote").await,
        )
        .await;
        page.press("Close the card").await;
        page.choose("Speed", 6).await;
        page.play_until_learned("Hello").await;
        is_fine(&page, "an embed with all controls").await;
        page.leave().await;
        assert!(!fit(&page).await.scrolls);
        page.use_screen(390, 844).await;
        page.enter(0).await;
        is_fine(&page, "the same on a phone").await;
        page.leave().await;
    });
}
