//! The page reaches everybody: on phones, in the dark, with a screen reader.

use std::collections::{BTreeMap, BTreeSet};

use site_tests::{Page, Pointer, story};

use crate::checking::ends;
use crate::failing::FAIL;
use crate::library::give;

const DESK: (u32, u32) = (1440, 900);
const PHONE: (u32, u32) = (390, 844);

/// Everything fits the width of the screen, and every button can be hit.
async fn fits(page: &Page, width: u32) {
    let wide: u32 = page
        .ask("return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        .await;
    assert!(
        wide <= width,
        "the page is {wide} pixels wide on a screen of {width}"
    );

    // Smaller than 24 by 24 is what WCAG 2.2 (2.5.8) calls too small to hit.
    let unreachable: Vec<String> = page
        .ask(
            "return [...document.querySelectorAll('button, select, input')]
            .filter(e => e.checkVisibility())
            .map(e => {
                e.scrollIntoView({ block: 'center' });
                const r = e.getBoundingClientRect();
                const name = e.getAttribute('aria-label') || e.innerText || e.outerHTML.slice(0, 60);
                if (r.left < 0 || r.right > innerWidth || r.top < 0 || r.bottom > innerHeight)
                    return `${name} sticks out of the screen`;
                const label = e.closest('label')?.getBoundingClientRect() ?? r;
                if (Math.max(r.width, label.width) < 24 || Math.max(r.height, label.height) < 24)
                    return `${name} is only ${r.width} by ${r.height}`;
                const hit = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
                if (!hit || !(e.contains(hit) || e.closest('label')?.contains(hit)))
                    return `${name} is covered by ${hit?.outerHTML.slice(0, 80)}`;
                return null;
            }).filter(complaint => complaint)",
        )
        .await;
    assert_eq!(unreachable, [""; 0]);
}

async fn play_by_touch(page: &Page) {
    let play = page.place_of_button("Play").await;
    page.tap(Pointer::Touch, play).await;
    page.wait_until("\"Hello\" is learned", async |page| {
        page.state().await.learned.as_deref() == Some("Hello")
    })
    .await;
}

/// What is said to those who do not see the page.
async fn said(page: &Page) -> String {
    page.ask("return document.querySelector('p.unseen[role=status]').textContent")
        .await
}

#[test]
fn what_happens_is_said() {
    story(async |page| {
        page.open("").await;
        for (button, sentence) in [
            ("Step", "P starts ballot 1.P"),
            ("Step", "promises 1.P"),
            ("Step back", "0 ms. P starts ballot 1.P"),
            ("Hold all", "held"),
        ] {
            page.press(button).await;
            page.wait_until(&format!("{sentence:?} is said"), async |page| {
                said(page).await.contains(sentence)
            })
            .await;
        }
        page.open("?scenario=hello&speed=50&autoplay").await;
        page.wait_until("what came out is said", async |page| {
            said(page).await.contains("L learns “Hello”")
        })
        .await;
        assert!(!said(&page).await.contains("promises"), "no chatter");
    });
}

#[test]
fn a_process_is_pressed_without_a_pointer() {
    story(async |page| {
        page.open("").await;
        page.ask::<()>(
            "document.querySelector('[data-process=A]').dispatchEvent(new MouseEvent('click', { bubbles: true }));
            return null",
        )
        .await;
        page.button("Remove A").await;
    });
}

#[test]
fn everything_fits_on_a_phone() {
    story(async |page| {
        page.use_screen(PHONE.0, PHONE.1).await;
        page.open("?speed=50").await;
        fits(&page, PHONE.0).await;
        play_by_touch(&page).await;
        fits(&page, PHONE.0).await;
        page.select_process("A").await;
        fits(&page, PHONE.0).await;
    });
}

#[test]
fn everything_fits_on_a_desk() {
    story(async |page| {
        for (width, height) in [DESK, (1024, 768), (900, 700)] {
            page.use_screen(width, height).await;
            page.open("?speed=50").await;
            page.step().await;
            fits(&page, width).await;
        }
    });
}

#[test]
fn nothing_lies_over_what_has_become_of_the_run() {
    story(async |page| {
        for (width, height) in [DESK, (1024, 768), PHONE] {
            page.use_screen(width, height).await;
            page.open("?scenario=flexible-quorums").await;
            for _ in 0..40 {
                page.strike(".").await;
                if page.state().await.chosen.is_some() && page.obstacle().await.is_some() {
                    break;
                }
            }
            let free: Vec<bool> = page
                .ask(
                    "const said = [...document.querySelectorAll('.status p')].map(e => e.getBoundingClientRect());
                    return [...document.querySelectorAll('.tools button')].map(e => e.getBoundingClientRect())
                        .map(b => said.every(p => b.bottom <= p.top || b.top >= p.bottom || b.right <= p.left || b.left >= p.right))",
                )
                .await;
            assert_eq!(free, [true; 8], "on {width} by {height}");
            assert!(page.obstacle().await.is_some());
        }
    });
}

#[test]
fn everything_fits_on_the_narrowest_screen() {
    story(async |page| {
        page.use_screen(320, 568).await;
        page.open("?speed=50").await;
        fits(&page, 320).await;
        play_by_touch(&page).await;
        fits(&page, 320).await;
    });
}

#[test]
fn everything_fits_at_twice_the_size() {
    // What a browser does with a page at 200 %: half as many pixels of the page on the screen.
    story(async |page| {
        for (width, height) in [(DESK.0 / 2, DESK.1 / 2), (640, 400)] {
            page.use_screen(width, height).await;
            page.open("?speed=50").await;
            fits(&page, width).await;
            page.play_until_learned("Hello").await;
            fits(&page, width).await;
            page.select_process("A").await;
            fits(&page, width).await;
        }
    });
}

#[test]
fn a_finger_builds_a_cluster_on_a_phone() {
    story(async |page| {
        page.use_screen(PHONE.0, PHONE.1).await;
        page.open("?speed=50").await;
        let add = page.place_of_button("Add acceptor").await;
        page.tap(Pointer::Touch, add).await;
        page.wait_until("there are four acceptors", async |page| {
            page.with_role("acceptor").await.len() == 4
        })
        .await;

        let spot = page.free_spot().await;
        let from = page.place_of("B").await;
        page.drag(Pointer::Touch, from, spot).await;
        page.wait_until("B is where it was dragged", async |page| {
            page.place_of("B").await.distance(spot) < 30.0
        })
        .await;
        play_by_touch(&page).await;
    });
}

#[test]
fn nothing_on_the_stage_lies_outside_it() {
    story(async |page| {
        for (width, height) in [DESK, (1024, 768), PHONE, (320, 568)] {
            page.use_screen(width, height).await;
            page.open("").await;
            let outside: Vec<String> = page
                .ask(
                    "return [...document.querySelectorAll('[data-process]')].filter(e => {
                        const stage = e.ownerSVGElement.getBoundingClientRect();
                        const r = e.getBoundingClientRect();
                        return r.left < stage.left - 1 || r.right > stage.right + 1
                            || r.top < stage.top - 1 || r.bottom > stage.bottom + 1;
                    }).map(e => e.dataset.process)",
                )
                .await;
            assert_eq!(outside, [""; 0], "on {width} by {height}");
        }
    });
}

#[test]
fn no_process_covers_another_ones_text() {
    story(async |page| {
        for (width, height) in [DESK, PHONE, (320, 568)] {
            page.use_screen(width, height).await;
            page.open("?scenario=hello&speed=50").await;
            covers_no_text(&page, "as it opens").await;
            page.press("Add acceptor").await;
            page.wait_until("there are four acceptors", async |page| {
                page.with_role("acceptor").await.len() == 4
            })
            .await;
            covers_no_text(&page, "with four acceptors").await;
            page.play_until_learned("Hello").await;
            covers_no_text(&page, "when all have something to tell").await;
        }
    });
}

#[test]
fn long_names_stay_in_their_shapes_and_hide_no_others() {
    story(async |page| {
        for (width, height) in [DESK, (1024, 768), PHONE] {
            page.use_screen(width, height).await;
            page.open("").await;
            give(&page, "long.json", LONG).await;
            page.wait_until("it is open", async |page| {
                page.with_role("acceptor").await.len() == 4
            })
            .await;
            let mut votes = 0;
            for _ in 0..60 {
                page.strike(".").await;
                covers_no_text(&page, "with long names").await;
                let (outside, voted): (Vec<String>, usize) = page
                    .ask(
                        "const inside = [...document.querySelectorAll('[data-process] .who, [data-process] .doing')];
                        const captions = [...document.querySelectorAll('.caption')];
                        return [inside.filter(e => {
                            const r = e.closest('[data-process]').querySelector('.outline').getBoundingClientRect();
                            const t = e.getBoundingClientRect();
                            return t.left < r.left - 1 || t.right > r.right + 1;
                        }).map(e => e.textContent), captions.filter(e => /“a .*”/.test(e.textContent)).length]",
                    )
                    .await;
                assert_eq!(outside, [""; 0], "on {width} by {height}");
                votes += voted;
                if page.state().await.learned.is_some() {
                    break;
                }
            }
            assert!(votes > 10, "{votes} votes are seen on {width} by {height}");
            assert!(page.state().await.learned.is_some());
            let shown: BTreeSet<String> = page
                .ask("return [...document.querySelectorAll('[data-process] .who')].map(e => e.textContent)")
                .await;
            assert_eq!(shown.len(), 5, "{shown:?}");
            // Whoever listens hears all of it, after what is seen.
            let label: String = page
                .ask("return document.querySelector('[data-process$=\"1b\"]').getAttribute('aria-label')")
                .await;
            assert!(
                label.contains("voted") && label.ends_with("acceptor-eu-west-1b"),
                "{label}"
            );
        }
    });
}

const LONG: &str = r#"{"version": 1, "id": "long", "title": "Long names", "seed": 3, "processes": [
    {"id": "The proposer of the northern data centre", "roles": ["proposer", "learner"]},
    {"id": "acceptor-eu-west-1a", "roles": ["acceptor"]},
    {"id": "acceptor-eu-west-1b", "roles": ["acceptor"]},
    {"id": "acceptor-us-east-1c", "roles": ["acceptor", "learner"]},
    {"id": "everything-at-once", "roles": ["proposer", "acceptor", "learner"]}],
  "script": [
    {"at": 0, "do": "propose", "process": "The proposer of the northern data centre", "value": "a value that is longer than one would think"},
    {"at": 90, "do": "propose", "process": "everything-at-once", "value": "another one of those long values"}],
  "network": {"delay": [40, 90]}}"#;

#[test]
fn no_label_of_a_quorum_covers_a_text() {
    story(async |page| {
        page.use_screen(DESK.0, DESK.1).await;
        for scenario in ["highest-ballot-wins", "late-proposer", "flexible-quorums"] {
            page.open(&format!("?scenario={scenario}")).await;
            let mut seen = 0;
            for _ in 0..60 {
                page.strike(".").await;
                let (labels, covered): (usize, Vec<String>) = page
                    .ask(
                        "const labels = [...document.querySelectorAll('svg.stage .tag')]
                            .map(e => ({ e, r: e.querySelector('.plate').getBoundingClientRect() }));
                        const texts = [...document.querySelectorAll('[data-process] text')]
                            .filter(e => e.textContent.trim());
                        const overlap = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
                        return [labels.length, labels.flatMap(({ e, r }) => texts.filter(text => {
                            const t = text.getBoundingClientRect();
                            return overlap(r, t, 'left', 'right') > 1 && overlap(r, t, 'top', 'bottom') > 2;
                        }).map(text => `${e.textContent} / ${text.textContent}`))]",
                    )
                    .await;
                assert_eq!(covered, [""; 0], "in {scenario}");
                seen += labels;
            }
            assert!(seen > 10, "{scenario} has only {seen} labels");
        }
    });
}

async fn covers_no_text(page: &Page, when: &str) {
    let covered: Vec<String> = page
        .ask(
            "const texts = [...document.querySelectorAll('[data-process] text')]
                .filter(e => e.textContent.trim() && !e.closest('[aria-hidden=true]'))
                .map(e => ({ of: e.closest('[data-process]').dataset.process,
                    text: e.textContent, r: e.getBoundingClientRect() }));
            const overlap = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
            return texts.flatMap((a, i) => texts.slice(i + 1)
                .filter(b => a.of !== b.of && overlap(a.r, b.r, 'left', 'right') > 1
                    && overlap(a.r, b.r, 'top', 'bottom') > 2)
                .map(b => `${a.of}: ${a.text} / ${b.of}: ${b.text}`))",
        )
        .await;
    let width: u32 = page.ask("return innerWidth").await;
    assert_eq!(covered, [""; 0], "{when}, {width} pixels wide");
}

/// axe-core has nothing to say about the page as it opens, in the middle of a run with a process
/// selected, when the value is learned, when something is wrong, and with a complaint; in light and dark.
async fn is_accessible(page: &Page, (width, height): (u32, u32)) {
    let mut complaints = BTreeMap::new();
    let mut look = async |when: &'static str| {
        for complaint in complaints_of(page).await {
            complaints.entry(complaint).or_insert(when);
        }
    };
    page.use_screen(width, height).await;
    page.prefer("prefers-color-scheme", "light").await;

    page.open("?speed=50").await;
    look("as it opens").await;

    for _ in 0..4 {
        page.step().await;
    }
    page.select_process("A").await;
    look("in the middle of a run").await;
    for tab in ["Rules", "Messages", "State", "Events"] {
        page.press(tab).await;
        look("with another tab").await;
    }
    for card in ["Network", "Goals"] {
        page.press(card).await;
        look("with a card").await;
        page.press(card).await;
    }

    page.play_until_learned("Hello").await;
    look("when the value is learned").await;

    for (button, closes) in [
        ("Scenarios: Hello", "Close scenarios"),
        ("Share", "Close share"),
        ("Help", "Close help"),
        ("Check every schedule", "Close the check"),
    ] {
        page.press(button).await;
        page.button(closes).await;
        look(button).await;
        page.press(closes).await;
    }

    for acceptor in ["A", "B"] {
        page.select_process(acceptor).await;
        page.press(&format!("Crash {acceptor}")).await;
    }
    page.wait_until("something is in the way", async |page| {
        page.obstacle().await.is_some()
    })
    .await;
    look("when something is wrong").await;

    page.open("?scenario=nope").await;
    look("with a complaint").await;

    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// What axe-core says of the page as it is now, in light, and of its colours in dark.
async fn complaints_of(page: &Page) -> Vec<String> {
    const INK: &str = "return getComputedStyle(document.body).color";
    let mut complaints = page.accessibility_complaints().await;
    let ink: String = page.ask(INK).await;
    page.prefer("prefers-color-scheme", "dark").await;
    page.wait_until("the page is dark", async |page| {
        page.ask::<String>(INK).await != ink
    })
    .await;
    let dark = page.colour_complaints().await.into_iter();
    complaints.extend(dark.map(|complaint| format!("in dark: {complaint}")));
    page.prefer("prefers-color-scheme", "light").await;
    complaints
}

/// axe-core has nothing to say of it.
pub async fn is_fine(page: &Page, when: &str) {
    assert_eq!(complaints_of(page).await, [""; 0], "{when}");
}

#[test]
fn axe_has_no_complaint_of_what_is_seldom_seen() {
    story(async |page| {
        page.use_screen(DESK.0, DESK.1).await;
        page.prefer("prefers-color-scheme", "light").await;
        page.open("?scenario=accept-keeps-promise&speed=50").await;
        page.press("Check every schedule").await;
        page.choose("Ballots", 3).await;
        page.press("Check").await;
        ends(&page, "violated").await;
        page.ask::<()>("document.querySelector('[data-check] details').open = true; return null")
            .await;
        is_fine(&page, "a check that found something").await;
        page.press("Play it").await;
        page.wait_until("it is broken", async |page| {
            page.ask("return 'violation' in document.documentElement.dataset")
                .await
        })
        .await;
        is_fine(&page, "a violation").await;

        page.open("?scenario=late-proposer").await;
        page.step().await;
        page.press("Messages").await;
        page.press("Act on Prepare(1.P), P → A").await;
        is_fine(&page, "the card of a message").await;
        page.press("Scenarios: A late proposer adopts the chosen value")
            .await;
        page.press("Edit this one").await;
        page.paste_into("Scenario as JSON", "{").await;
        page.press("Open as edited").await;
        is_fine(&page, "JSON that is wrong").await;

        page.ask::<()>(
            "localStorage.setItem('paxos-session', 'what nobody can read'); return null",
        )
        .await;
        page.open("").await;
        page.button("Save it as a file").await;
        is_fine(&page, "a session that cannot be read").await;
        page.expect_on_console("a fault of the core");
        page.ask::<()>(FAIL).await;
        page.button("Copy the report").await;
        is_fine(&page, "a failure").await;
    });
}

#[test]
fn axe_has_no_complaint_on_a_desk() {
    story(async |page| is_accessible(&page, DESK).await);
}

#[test]
fn axe_has_no_complaint_on_a_phone() {
    story(async |page| is_accessible(&page, PHONE).await);
}
