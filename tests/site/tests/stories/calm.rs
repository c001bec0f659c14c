//! Somebody leaves the page open: nothing moves and nothing runs unless it is asked to.

use std::time::Duration;

use site_tests::{Page, story};

/// Sixty frames, if there were any.
const A_SECOND: Duration = Duration::from_secs(1);

/// So often in a row the count is the same once the page has settled: it is drawn in several acts, and on
/// a slow machine some time passes from one to the next.
const SETTLED: u32 = 10;

/// Nothing is scheduled for a second, once the page has settled.
async fn rests(page: &Page) {
    let (mut count, mut same) = (page.scheduled().await, 0);
    page.wait_until("the page has settled", async |page| {
        let before = std::mem::replace(&mut count, page.scheduled().await);
        same = if before == count { same + 1 } else { 0 };
        same == SETTLED
    })
    .await;
    page.stays("the count of frames and timers", A_SECOND, async |page| {
        page.scheduled().await
    })
    .await;
}

#[test]
fn an_open_page_schedules_nothing() {
    story(async |page| {
        page.open("").await;
        rests(&page).await;
    });
}

#[test]
fn a_paused_page_schedules_nothing() {
    story(async |page| {
        page.open("?speed=0.2").await;
        page.press("Play").await;
        let before = page.scheduled().await;
        page.wait_until("frames are asked for while it plays", async |page| {
            page.scheduled().await > before + 2
        })
        .await;
        page.press("Pause").await;
        page.wait_until("it is paused", async |page| !page.state().await.playing)
            .await;
        rests(&page).await;
    });
}

#[test]
fn a_page_whose_run_is_over_schedules_nothing() {
    story(async |page| {
        page.open("?speed=50&autoplay").await;
        page.wait_until("the run is over", async |page| {
            let state = page.state().await;
            state.learned.is_some() && !state.playing
        })
        .await;
        rests(&page).await;
    });
}

#[test]
fn a_step_ends_in_rest() {
    story(async |page| {
        page.open("?speed=50").await;
        page.step().await;
        page.step().await;
        rests(&page).await;
    });
}

#[test]
fn with_reduced_motion_the_value_is_chosen_all_the_same() {
    story(async |page| {
        page.prefer("prefers-reduced-motion", "reduce").await;
        page.open("?speed=50").await;
        page.press("Play").await;
        page.wait_until("\"Hello\" is learned", async |page| {
            page.state().await.learned.as_deref() == Some("Hello")
        })
        .await;
        assert_eq!(page.state().await.chosen.as_deref(), Some("Hello"));
        page.wait_until("the run is over", async |page| !page.state().await.playing)
            .await;
        rests(&page).await;
    });
}

#[test]
fn with_reduced_motion_steps_and_pauses_work() {
    story(async |page| {
        page.prefer("prefers-reduced-motion", "reduce").await;
        page.open("?speed=1").await;
        page.step().await;
        page.step().await;
        let stepped = page.time().await;
        page.press("Play").await;
        page.wait_until("time has passed", async |page| page.time().await > stepped)
            .await;
        page.press("Pause").await;
        page.wait_until("it is paused", async |page| !page.state().await.playing)
            .await;
        rests(&page).await;
    });
}
