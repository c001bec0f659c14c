//! The harness itself, on a small page of its own: it finds what is there, and it can fail.

use std::path::{Path, PathBuf};
use std::time::Duration;

use site_tests::{Page, Point, Pointer, story_on};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture")
}

fn on_fixture(told: impl AsyncFnOnce(Page) + 'static) {
    story_on(&fixture(), told);
}

#[test]
fn controls_are_found_by_their_accessible_names() {
    on_fixture(async |page| {
        page.open("").await;
        let names = ["Play", "Add acceptor", "Propose"];
        assert_eq!(page.button_names().await, names);
        assert!(!page.has_button("Hidden").await);

        page.type_into("Value", "one").await;
        page.type_into("Value", "two").await;
        let field = page.field("Value").await;
        assert_eq!(field.value().await.unwrap().unwrap(), "two");
        page.paste_into("Value", "<three>").await;
        assert_eq!(field.value().await.unwrap().unwrap(), "<three>");

        assert_eq!(page.options("Speed").await, ["1", "10"]);
        assert_eq!(page.choose("Speed", 1).await, "10");
        let propose = page.button("Propose").await;
        assert_eq!(page.description(&propose).await, "It has no effect.");
        page.tab_to("Propose").await;
    });
}

#[test]
fn time_is_seen_to_run_and_to_stop() {
    on_fixture(async |page| {
        page.open("").await;
        let pace = page.pace(async |page| page.press("Play").await).await;
        assert!((30.0..50.0).contains(&pace), "40 ms a second, not {pace}");
        let scheduled = page.scheduled().await;
        page.wait_until("frames are counted", async |page| {
            page.scheduled().await > scheduled
        })
        .await;

        page.press("Pause").await;
        let window = Duration::from_millis(300);
        page.stays("the time", window, async |page| page.time().await)
            .await;
        page.stays("the count of frames", window, async |page| {
            page.scheduled().await
        })
        .await;
    });
}

#[test]
fn things_are_dragged_with_a_mouse_and_with_a_finger() {
    on_fixture(async |page| {
        page.open("").await;
        for pointer in [Pointer::Mouse, Pointer::Touch] {
            let from = page.place_of("A").await;
            let to = from.offset(90.0, 30.0);
            page.drag(pointer, from, to).await;
            let now: Point = page.place_of("A").await;
            assert!(
                now.distance(to) < 3.0,
                "{pointer:?} left it at {now:?}, not at {to:?}"
            );
        }
    });
}

#[test]
fn a_screen_and_preferences_are_what_the_user_says() {
    on_fixture(async |page| {
        page.use_screen(390, 844).await;
        page.prefer("prefers-color-scheme", "dark").await;
        page.open("").await;
        let size: (u32, u32) = page.ask("return [innerWidth, innerHeight]").await;
        assert_eq!(size, (390, 844));
        let dark: bool = page
            .ask("return matchMedia('(prefers-color-scheme: dark)').matches")
            .await;
        assert!(dark);
    });
}

#[test]
#[should_panic(expected = "the console is not empty")]
fn a_word_on_the_console_is_a_failure() {
    on_fixture(async |page| page.open("?log").await);
}

#[test]
#[should_panic(expected = "a broken page")]
fn an_uncaught_error_is_a_failure() {
    on_fixture(async |page| page.open("?throw").await);
}

#[test]
#[should_panic(expected = "404")]
fn a_missing_file_is_a_failure() {
    on_fixture(async |page| {
        page.open("?fetch").await;
        // The answer may come after the page is usable.
        page.wait_until("the request has ended", async |page| {
            page.ask("return performance.getEntriesByType('resource').length > 0")
                .await
        })
        .await;
    });
}

#[test]
#[should_panic(expected = "waited 300ms in vain until there is a Button called \"Crash A\"")]
fn waiting_in_vain_says_for_what() {
    on_fixture(async |page| {
        let page = page.with_patience(Duration::from_millis(300));
        page.open("").await;
        page.press("Crash A").await;
    });
}

#[test]
#[should_panic(expected = "index.html is missing: run script/test")]
fn a_site_that_is_not_built_is_a_failure() {
    story_on(&fixture().join("no-such-folder"), async |_| {});
}

#[test]
fn a_complaint_of_axe_is_heard() {
    on_fixture(async |page| {
        page.open("").await;
        let complaints = page.accessibility_complaints().await;
        let named = complaints
            .iter()
            .any(|line| line.starts_with("landmark-one-main"));
        assert!(named, "the page has no main landmark: {complaints:#?}");
        assert_eq!(page.colour_complaints().await, [""; 0]);
        let pale = "document.body.style = 'color: #ddd; background: #fff'; return null";
        page.ask::<()>(pale).await;
        let complaints = page.colour_complaints().await;
        let named = complaints
            .iter()
            .any(|line| line.starts_with("color-contrast"));
        assert!(named, "grey on white: {complaints:#?}");
    });
}
