//! Somebody shares what is seen, and somebody else opens it.

use site_tests::{Page, Pointer, State, key, story};

use crate::keeping;

/// What one person sees and another is to see.
#[derive(Debug, PartialEq)]
struct Seen {
    state: State,
    processes: Vec<String>,
    log: Vec<String>,
    branches: Vec<String>,
}

async fn seen(page: &Page) -> Seen {
    Seen {
        state: page.state().await,
        processes: page.processes().await,
        log: page.log().await.into_iter().map(|row| row.text).collect(),
        branches: page.branches().await,
    }
}

/// Presses Share and takes the address that the page offers, with the dialog closed again.
async fn share(page: &Page) -> String {
    page.press("Share").await;
    let field = page.field("Address").await;
    let address = field.value().await.unwrap().unwrap();
    page.press("Close share").await;
    address
}

/// What follows the number sign, to be opened by somebody who has never been here.
fn link(address: &str) -> &str {
    let at = address.find('#').unwrap();
    &address[at..]
}

/// As another person's browser: nothing is kept, and the page is loaded anew.
async fn elsewhere(page: &Page, link: &str) {
    page.forget().await;
    page.open(link).await;
}

/// How far across the stage a process stands: 0 is where P is, 1 where L is.
async fn across(page: &Page, process: &str) -> f64 {
    let (left, right) = (page.place_of("P").await.x, page.place_of("L").await.x);
    (page.place_of(process).await.x - left) / (right - left)
}

async fn crash(page: &Page, process: &str) {
    page.select_process(process).await;
    page.press(&format!("Crash {process}")).await;
    page.wait_until("it is down", async |page| !page.is_up(process).await)
        .await;
}

#[test]
fn what_is_shared_is_seen_by_somebody_else() {
    story(async |page| {
        page.open("?speed=50").await;
        // A cluster of one's own, with a process moved, and a run with two branches.
        page.press("Add acceptor").await;
        page.wait_until("there are four", async |page| {
            page.with_role("acceptor").await.len() == 4
        })
        .await;
        let spot = page.free_spot().await;
        let from = page.place_of("B").await;
        page.drag(Pointer::Mouse, from, spot).await;
        page.play_until_learned("Hello").await;
        for _ in 0..8 {
            page.press("Step back").await;
        }
        crash(&page, "A").await;
        page.wait_until("there are two branches", async |page| {
            page.branches().await.len() == 2
        })
        .await;
        page.step().await;
        let before = seen(&page).await;
        let place = across(&page, "B").await;
        let address = share(&page).await;
        assert!(address.len() < 500, "{address}");
        assert!(!address.contains('?'), "{address}");

        elsewhere(&page, link(&address)).await;
        assert_eq!(seen(&page).await, before);
        assert!(!page.is_up("A").await);
        let there = across(&page, "B").await;
        assert!((there - place).abs() < 0.005, "{there} {place}");
        assert_eq!(page.alerts().await, [""; 0]);
        // And it can go on from there.
        page.play_until_learned("Hello").await;
    });
}

#[test]
fn a_link_hides_nothing_that_is_wrong() {
    story(async |page| {
        page.open("?scenario=hello").await;
        let address = share(&page).await;
        let keep = "localStorage.setItem('paxos-session', 'what nobody can read'); return null";
        page.ask::<()>(keep).await;
        page.open(link(&address)).await;
        page.is_alerted("It was put aside").await;
        page.button("Save it as a file").await;
    });
}

#[test]
fn the_address_is_copied_or_there_to_be_copied() {
    story(async |page| {
        page.open("").await;
        page.ask::<()>(
            "Object.defineProperty(navigator, 'clipboard', { configurable: true,
                value: { writeText: async text => { window.copied = text; } } }); return null",
        )
        .await;
        page.press("Share").await;
        page.wait_until("it says so", async |page| {
            page.notices()
                .await
                .join(" ")
                .contains("The address is copied.")
        })
        .await;
        let copied: String = page.ask("return window.copied").await;
        let field = page.field("Address").await;
        assert_eq!(field.value().await.unwrap(), Some(copied));
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        page.press("Close share").await;
        for refusal in [
            "undefined",
            "{ writeText: async () => { throw new Error() } }",
        ] {
            let script = format!(
                "Object.defineProperty(navigator, 'clipboard', {{ configurable: true,
                    value: {refusal} }}); return null"
            );
            page.ask::<()>(&script).await;
            page.press("Share").await;
            page.wait_until("it says what to do", async |page| {
                page.notices()
                    .await
                    .join(" ")
                    .contains("copy the selected address")
            })
            .await;
            let selected: String = page
                .ask(
                    "const f = document.querySelector('dialog[open] input');
                    return f.value.slice(f.selectionStart, f.selectionEnd)",
                )
                .await;
            assert!(selected.contains("#1"), "{selected}");
            page.press("Close share").await;
        }
    });
}

#[test]
fn a_broken_link_leaves_the_page_usable_and_says_why() {
    story(async |page| {
        page.open("").await;
        page.step().await;
        let address = share(&page).await;
        let whole = link(&address);
        let newer = whole.replacen("#1", "#2", 1);
        let huge = format!("#1{}", "A".repeat(100_000));
        let cases = [
            (&whole[..whole.len() - 5], "damaged"),
            ("#hello world", "begins with “h”"),
            (&newer, "begins with “2”"),
            (&huge, "100001 characters"),
            (
                "#<img src=x onerror=alert(1)>",
                "the only version that is known is 1",
            ),
            ("#1AAAA", "damaged"),
        ];
        for (broken, why) in cases {
            elsewhere(&page, broken).await;
            let said = page.alerts().await.join(" ");
            assert!(
                said.contains("cannot be opened") && said.contains(why),
                "{broken:.40}: {said}"
            );
            assert_eq!(page.processes().await, ["A", "B", "C", "L", "P"]);
            assert!(!page.state().await.playing);
            let images: u32 = page.ask("return document.images.length").await;
            assert_eq!(images, 0);
        }
        page.open("?autoplay#1AAAA").await;
        assert!(!page.state().await.playing, "nothing of it runs");
        page.step().await;
    });
}

#[test]
fn another_address_opens_another_run_and_the_old_ones_stay() {
    story(async |page| {
        page.open("").await;
        page.step().await;
        crash(&page, "C").await;
        let first = share(&page).await;
        let one = seen(&page).await;
        page.open("?scenario=duel").await;
        page.step().await;
        page.step().await;
        let two = seen(&page).await;
        let second = share(&page).await;

        elsewhere(&page, link(&first)).await;
        assert_eq!(seen(&page).await, one);
        assert_eq!(page.runs().await, 1);
        page.follow(link(&second)).await;
        page.wait_until("the duel is shown", async |page| {
            page.processes().await == two.processes
        })
        .await;
        assert_eq!(seen(&page).await, two);
        assert_eq!(page.runs().await, 2);
        page.follow("#1nonsense").await;
        page.wait_until("it is said", async |page| !page.alerts().await.is_empty())
            .await;
        assert_eq!(page.runs().await, 2);
        // The first one again is there already.
        page.follow(link(&first)).await;
        page.wait_until("it is shown", async |page| {
            page.processes().await == one.processes
        })
        .await;
        assert_eq!(seen(&page).await, one);
        assert_eq!(page.runs().await, 2);
    });
}

#[test]
fn a_link_does_not_cost_the_session_that_was_kept() {
    story(async |page| {
        page.open("?scenario=duel").await;
        page.step().await;
        let address = share(&page).await;
        page.open("").await;
        page.step().await;
        crash(&page, "A").await;
        keeping::kept(&page).await;
        let kept = seen(&page).await;
        page.open("?scenario=duel").await;
        page.open(link(&address)).await;
        assert!(page.processes().await.contains(&"Q".into()));
        assert_eq!(page.runs().await, 2);
        let said = page.notices().await.join(" ");
        assert!(said.contains("run 1 is kept"), "{said}");
        page.open("").await;
        assert_eq!(seen(&page).await, kept, "to look at a link changes nothing");
        // Whoever does something there keeps both.
        page.open("?scenario=duel").await;
        page.open(link(&address)).await;
        page.step().await;
        page.wait_until("both are kept", async |page| {
            let runs = "return JSON.parse(localStorage.getItem('paxos-session')).runs.length";
            page.ask::<u32>(runs).await == 2
        })
        .await;
        page.open("?scenario=duel").await;
        page.open(link(&address)).await;
        assert_eq!(page.runs().await, 2, "opened again it is there once");
        page.choose("Run", 0).await;
        page.wait_until("the old run is shown", async |page| !page.is_up("A").await)
            .await;
    });
}

#[test]
fn what_is_too_long_for_an_address_is_a_file() {
    story(async |page| {
        page.open("").await;
        page.ask::<()>(
            "window.texts = new Map(); const real = URL.createObjectURL;
            URL.createObjectURL = blob => { const address = real.call(URL, blob); texts.set(address, blob.text()); return address; };
            return null",
        )
        .await;
        page.paste_into("Value", &"long ".repeat(2_000)).await;
        page.press("Propose").await;
        page.wait_until("it is proposed", async |page| page.state().await.playing)
            .await;
        page.press("Share").await;
        page.wait_until("it says why", async |page| {
            page.notices().await.join(" ").contains("8000 is the limit")
        })
        .await;
        let (name, text): (String, String) = page
            .ask_later(
                "const a = document.querySelector('dialog[open] a[download]');
                const done = arguments[arguments.length - 1];
                texts.get(a.href).then(text => done([a.download, text]))",
            )
            .await;
        assert_eq!(name, "paxos-scenario.json");
        assert!(text.starts_with("{\n  \"version\": 1,"), "{text:.100}");
        assert!(text.contains("long long"));
        page.strike(key::ESCAPE).await;
    });
}
