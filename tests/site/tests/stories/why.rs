//! Somebody asks why: the log, the rules, what everybody holds.

use site_tests::key;
use site_tests::{Page, story};

/// Hello is over; says when.
async fn over(page: &Page) -> f64 {
    page.open("?speed=50").await;
    page.play_until_learned("Hello").await;
    page.time().await
}

async fn row(page: &Page, text: &str) {
    let script = "for (const b of document.querySelectorAll('ol[aria-label=Events] button'))
        if (b.textContent.includes(arguments[0])) { b.click(); return true } return false";
    assert!(
        page.ask_with::<bool>(script, vec![text.into()]).await,
        "no row says {text:?}"
    );
}

#[test]
fn a_row_of_the_log_leads_to_its_moment_and_the_future_stays_in_sight() {
    story(async |page| {
        let end = over(&page).await;
        row(&page, "“Hello” is chosen").await;
        page.wait_until("it is the moment of choice", async |page| {
            page.state().await.learned.is_none()
        })
        .await;
        assert_eq!(page.state().await.chosen.as_deref(), Some("Hello"));
        assert!(page.time().await < end);
        row(&page, "learns").await;
        page.wait_until("it is known again", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
    });
}

#[test]
fn the_log_is_filtered_by_a_word() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        page.type_into("Filter events", "votes").await;
        page.wait_until("only votes are listed", async |page| {
            let rows = page.log().await;
            !rows.is_empty() && rows.iter().all(|row| row.text.contains("votes"))
        })
        .await;
        page.type_into("Filter events", "nonsense").await;
        page.wait_until("it says that there is none", async |page| {
            let script = "return document.querySelector('.log').innerText";
            page.ask::<String>(script)
                .await
                .contains("No event says that")
        })
        .await;
    });
}

/// A step, while the log is not shown.
async fn step(page: &Page) {
    let cursor = "return document.querySelector('svg.diagram').getAttribute('aria-valuetext')";
    let before: String = page.ask(cursor).await;
    page.press("Step").await;
    page.wait_until("the step is done", async |page| {
        page.ask::<String>(cursor).await != before && !page.state().await.playing
    })
    .await;
}

async fn ran(page: &Page) -> Vec<String> {
    page.ask("return [...document.querySelectorAll('[data-ran]')].map(e => e.dataset.line + ' ' + e.dataset.ran)")
        .await
}

#[test]
fn the_lines_that_ran_are_marked_step_by_step() {
    story(async |page| {
        page.open("?speed=50").await;
        page.press("Rules").await;
        assert!(ran(&page).await.is_empty());
        step(&page).await;
        assert_eq!(ran(&page).await, ["P1 P", "P2 P", "P3 P"]);
        step(&page).await;
        let lines = ran(&page).await;
        assert!(
            lines[0].starts_with("A2 ") && lines[1].starts_with("A3 "),
            "{lines:?}"
        );
    });
}

#[test]
fn a_rule_is_broken_beside_its_line_in_a_run_of_its_own() {
    story(async |page| {
        page.open("?scenario=late-proposer&speed=50&autoplay").await;
        page.wait_until("it is over", async |page| !page.state().await.playing)
            .await;
        page.press("Rules").await;
        page.ask::<()>("document.querySelector('[data-line=P5] input').click(); return null")
            .await;
        page.wait_until("another run begins", async |page| page.runs().await == 2)
            .await;
        page.play().await;
        page.wait_until("agreement breaks", async |page| {
            let script = "return document.documentElement.dataset.violation ?? ''";
            page.ask::<String>(script).await == "agreement"
        })
        .await;
        let broken = "return [...document.querySelectorAll('[data-holds=false]')].map(e => e.dataset.invariant)";
        assert!(
            page.ask::<Vec<String>>(broken)
                .await
                .contains(&"agreement".into())
        );
    });
}

#[test]
fn what_a_step_changed_is_marked_and_the_cost_is_counted() {
    story(async |page| {
        page.open("?speed=50").await;
        page.strike("4").await;
        step(&page).await;
        step(&page).await;
        let new = "return document.querySelector('.holdings .new')?.innerText ?? ''";
        assert!(page.ask::<String>(new).await.contains("promised 1.P"));
        page.play_until_learned("Hello").await;
        page.wait_until("the counts are those of Hello", async |page| {
            let script = "return document.querySelector('.counts').innerText.replace(/\\s+/g, ' ')";
            let counts: String = page.ask(script).await;
            counts.contains("message delays to the choice 3")
                && counts.contains("message delays until learned 4")
        })
        .await;
    });
}

#[test]
fn time_is_scrubbed_by_pointer_and_by_keys() {
    story(async |page| {
        let end = over(&page).await;
        let script = "document.querySelector('svg.diagram').focus(); return null";
        page.ask::<()>(script).await;
        page.strike(key::LEFT).await;
        page.wait_until("it is earlier", async |page| page.time().await < end)
            .await;
        page.strike(key::END).await;
        page.wait_until("it is the end", async |page| page.time().await == end)
            .await;
        let middle = page.centre_of("svg.diagram").await;
        let start = middle.offset(-200.0, 0.0);
        page.drag(site_tests::Pointer::Mouse, middle, start).await;
        page.wait_until("it is earlier again", async |page| page.time().await < end)
            .await;
        page.ask::<()>(script).await;
        page.strike(key::HOME).await;
        page.wait_until("it is the beginning", async |page| page.time().await == 0.0)
            .await;
    });
}

#[test]
fn what_was_done_is_undone_and_done_again() {
    story(async |page| {
        page.open("?speed=50").await;
        page.step().await;
        page.select_process("A").await;
        page.press("Crash A").await;
        page.wait_until("A is down", async |page| !page.is_up("A").await)
            .await;
        page.press("Undo").await;
        page.wait_until("A is up", async |page| page.is_up("A").await)
            .await;
        page.press("Redo").await;
        page.wait_until("A is down again", async |page| !page.is_up("A").await)
            .await;
    });
}
