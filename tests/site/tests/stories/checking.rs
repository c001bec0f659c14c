//! Somebody lets the page try every schedule.

use std::time::Duration;

use site_tests::{Page, story};

async fn open_check(page: &Page, query: &str) {
    page.open(query).await;
    page.press("Check every schedule").await;
}

/// How the check stands, as the panel says for machines, and all of its words.
async fn standing(page: &Page) -> (String, String) {
    let script = "const panel = document.querySelector('[data-check]');
        return panel ? [panel.dataset.check, panel.innerText] : ['closed', '']";
    page.ask(script).await
}

/// Waits until the check ends like this, and says all of the panel's words.
pub async fn ends(page: &Page, how: &str) -> String {
    page.wait_until(&format!("the check ends as {how}"), async |page| {
        standing(page).await.0 == how
    })
    .await;
    standing(page).await.1
}

#[test]
fn a_safe_cluster_is_found_safe_with_every_state_counted() {
    story(async |page| {
        open_check(&page, "?scenario=duel").await;
        assert_eq!(page.focused_name().await, "Check every schedule");
        page.press("Check").await;
        let words = ends(&page, "holds").await;
        assert!(
            words.contains("Safe: 1,777 states, every schedule of up to 2 ballots."),
            "{words}"
        );
        assert!(words.contains("depth\n17"), "{words}");
        assert!(!page.has_button("Play it").await);
    });
}

#[test]
fn a_broken_cluster_is_shown_broken_as_an_ordinary_session() {
    story(async |page| {
        open_check(&page, "?scenario=quorums-that-do-not-meet&speed=50").await;
        page.press("Check").await;
        let words = ends(&page, "violated").await;
        assert!(words.contains("Broken in 12 steps: agreement."), "{words}");
        page.press("All 12 steps").await;
        let steps: usize = page
            .ask("return document.querySelectorAll('[data-check] li').length")
            .await;
        assert_eq!(steps, 12);

        page.press("Play it").await;
        page.wait_until("two values are chosen", async |page| {
            page.log_says("Two values are chosen!").await
        })
        .await;
        assert_eq!(page.runs().await, 2, "the reader's own run is kept");
        page.wait_until("it is over", async |page| !page.state().await.playing)
            .await;
        let all = page.log().await.len();
        page.press("Step back").await;
        page.wait_until("the last thing has not happened", async |page| {
            page.log().await.len() < all
        })
        .await;
    });
}

#[test]
fn a_mistake_that_takes_three_ballots_is_explained_and_found() {
    story(async |page| {
        open_check(&page, "?scenario=accept-keeps-promise").await;
        page.choose("Ballots", 2).await;
        page.press("Check").await;
        let words = ends(&page, "holds").await;
        assert!(words.contains("takes 3 ballots to do harm"), "{words}");
        page.press("Check 3 ballots").await;
        let words = ends(&page, "violated").await;
        assert!(words.contains("Broken in 17 steps"), "{words}");
    });
}

#[test]
fn every_invariant_can_be_asked_for() {
    story(async |page| {
        open_check(&page, "?scenario=accept-keeps-promise").await;
        page.choose("Ballots", 1).await;
        page.choose("Holds", 1).await;
        page.press("Check").await;
        let words = ends(&page, "violated").await;
        assert!(words.contains("promise-at-least-vote"), "{words}");
    });
}

#[test]
fn a_long_check_shows_how_far_it_is_and_stops_at_once() {
    story(async |page| {
        open_check(&page, "?scenario=hello").await;
        page.choose("Ballots", 5).await;
        page.press("Check").await;
        page.wait_until("it has found some states", async |page| {
            let (how, words) = standing(page).await;
            // A number of thousands.
            let is_number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
            how == "running" && words.split(',').skip(1).any(is_number)
        })
        .await;
        page.press("Stop").await;
        let words = ends(&page, "incomplete").await;
        assert!(
            words.contains("Stopped: nothing is broken in the"),
            "{words}"
        );
        let quiet = page.with_patience(Duration::from_secs(5));
        quiet
            .stays("the panel", Duration::from_millis(400), async |page| {
                standing(page).await
            })
            .await;
    });
}

#[test]
fn a_check_that_is_stopped_was_about_the_cluster_that_it_began_with() {
    story(async |page| {
        open_check(&page, "?scenario=hello").await;
        page.choose("Ballots", 5).await;
        page.press("Check").await;
        page.wait_until("it runs", async |page| standing(page).await.0 == "running")
            .await;
        page.press("Add acceptor").await;
        page.wait_until("there are four", async |page| {
            page.with_role("acceptor").await.len() == 4
        })
        .await;
        page.press("Stop").await;
        let words = ends(&page, "incomplete").await;
        assert!(
            words.contains("another cluster than the one on the stage"),
            "{words}"
        );
    });
}

#[test]
fn the_panel_checks_what_the_reader_built() {
    story(async |page| {
        page.open("?speed=50").await;
        page.press("Add proposer").await;
        page.press("Check every schedule").await;
        page.press("Check").await;
        let words = ends(&page, "holds").await;
        assert!(words.contains("up to 2 ballots"), "{words}");
        page.press("Close the check").await;
        assert_eq!(standing(&page).await.0, "closed");
        assert_eq!(page.focused_name().await, "Check every schedule");
    });
}

#[test]
fn the_module_checks_for_other_pages() {
    story(async |page| {
        page.open("").await;
        // The module is imported as a page would do it; what comes out is left on the window.
        let script = r#"
            window.checked = null;
            (async () => {
                const { check } = await import(new URL("paxos_playground.js", document.baseURI));
                const out = {};
                out.sizes = [];
                for (const ballots of [1, 2, 3, 4]) {
                    const { verdict, distinct, depth } = await check(null, { ballots });
                    out.sizes.push([verdict, distinct, depth]);
                }
                let told = 0;
                await check(null, { ballots: 5, maxStates: 3000000 }, progress => { told += progress.distinct > 0; });
                out.told = told > 0;
                const scenario = { version: 1, processes: [
                    { id: "P", roles: ["proposer"] }, { id: "Q", roles: ["proposer"] },
                    { id: "A", roles: ["acceptor"] }, { id: "B", roles: ["acceptor"] }, { id: "C", roles: ["acceptor"] } ] };
                const bad = await check(scenario, { break: ["amnesia"] });
                out.bad = [bad.verdict, bad.steps, bad.trace.length, bad.counterexample.version];
                const abort = new AbortController();
                const stopped = check(null, { ballots: 6, signal: abort.signal });
                setTimeout(() => abort.abort(), 300);
                out.stopped = (await stopped).limit;
                out.errors = [];
                for (const [scenario, options] of [[null, { acceptors: 0 }], [{ version: 1 }, {}], [null, { speed: 1 }], [null, { break: ["gravity"] }]])
                    await check(scenario, options).catch(error => out.errors.push(error.message));
                return out;
            })().then(out => { window.checked = out; }, error => { window.checked = { failed: String(error) }; });
            return null;
        "#;
        page.ask::<()>(script).await;
        let patient = page.with_patience(Duration::from_secs(60));
        patient
            .wait_until("the checks are done", async |page| {
                page.ask::<bool>("return window.checked !== null").await
            })
            .await;
        let out: serde_json::Value = patient.ask("return window.checked").await;
        let sizes = serde_json::json!([
            ["holds", 73, 9],
            ["holds", 3_921, 17],
            ["holds", 185_369, 25],
            ["holds", 8_220_065, 33]
        ]);
        assert_eq!(out["sizes"], sizes, "{out}");
        assert_eq!(out["told"], true, "{out}");
        assert_eq!(out["bad"], serde_json::json!(["violated", 13, 13, 1]));
        assert_eq!(out["stopped"], "stopped");
        let errors = out["errors"].as_array().expect("a list");
        let errors: Vec<&str> = errors.iter().filter_map(|error| error.as_str()).collect();
        assert_eq!(
            errors,
            [
                "options.acceptors is 0, and must be from 1 to 32",
                "processes is missing",
                "options.speed is not known",
                "options.break is \"gravity\", which is not known",
            ]
        );
    });
}
