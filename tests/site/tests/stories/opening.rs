//! A reader opens the page, with whatever address the author of a blog wrote.

use site_tests::{Page, State, story};

/// How the page is when hello was opened and nothing done.
fn at_rest() -> State {
    State {
        ready: true,
        time: 0.0,
        chosen: None,
        learned: None,
        playing: false,
    }
}

async fn shows_hello_at_rest(page: &Page) {
    assert_eq!(page.state().await, at_rest());
    assert_eq!(page.processes().await, ["A", "B", "C", "L", "P"]);
    assert!(page.has_button("Play").await);
}

#[test]
fn opens_on_hello_paused_at_time_zero() {
    story(async |page| {
        page.open("").await;
        shows_hello_at_rest(&page).await;
        assert_eq!(page.with_role("acceptor").await, ["A", "B", "C"]);
        assert_eq!(page.with_role("proposer").await, ["P"]);
        assert_eq!(page.with_role("learner").await, ["L"]);
        for process in page.processes().await {
            assert!(page.is_up(&process).await, "{process} is up");
        }
        assert_eq!(page.messages().await, []);
        assert_eq!(page.log().await, []);
        assert_eq!(page.alerts().await, [""; 0], "nothing to complain about");
        assert_eq!(page.obstacle().await, None);
    });
}

#[test]
fn has_a_title_that_says_paxos() {
    story(async |page| {
        page.open("").await;
        let title = page.title().await;
        assert!(title.contains("Paxos"), "{title:?}");
    });
}

#[test]
fn everything_comes_from_below_its_own_sub_path() {
    story(async |page| {
        page.open("?scenario=hello").await;
        let strangers: Vec<String> = page
            .ask(
                "const home = new URL('./', location.href).href;
                return performance.getEntriesByType('resource').map(e => e.name)
                    .filter(name => !name.startsWith(home) && !name.startsWith('data:'))",
            )
            .await;
        assert_eq!(strangers, [""; 0]);
    });
}

#[test]
fn nothing_is_loaded_twice() {
    story(async |page| {
        page.open("?scenario=hello").await;
        let twice: Vec<String> = page
            .ask(
                "const loaded = performance.getEntriesByType('resource').filter(e => e.transferSize > 1000)
                    .map(e => e.name);
                return loaded.filter((name, i) => loaded.indexOf(name) < i)",
            )
            .await;
        assert_eq!(twice, [""; 0]);
    });
}

#[test]
fn the_text_is_painted_before_the_wasm_is_asked_for() {
    story(async |page| {
        page.open("").await;
        let (painted, asked): (f64, f64) = page
            .ask(
                "const of = entries => entries.at(0).startTime;
                const wasm = performance.getEntriesByType('resource').filter(e => e.name.endsWith('_bg.wasm'));
                return [of(performance.getEntriesByName('first-contentful-paint')), of(wasm)]",
            )
            .await;
        assert!(painted <= asked, "{painted} {asked}");
    });
}

#[test]
fn the_file_itself_opens_too() {
    story(async |page| {
        page.open("index.html?scenario=hello").await;
        shows_hello_at_rest(&page).await;
    });
}

#[test]
fn autoplay_plays_by_itself() {
    story(async |page| {
        page.open("?scenario=hello&autoplay&speed=20").await;
        page.wait_until("\"Hello\" is learned", async |page| {
            page.state().await.learned.as_deref() == Some("Hello")
        })
        .await;
    });
}

#[test]
fn an_unknown_scenario_is_said_and_hello_shown() {
    story(async |page| {
        for scenario in [
            "no-such-scenario",
            "",
            "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
            "%FF",
        ] {
            page.open(&format!("?scenario={scenario}")).await;
            complains_about(&page, "scenario").await;
            shows_hello_at_rest(&page).await;
            let images: u32 = page
                .ask("return document.querySelectorAll('img').length")
                .await;
            assert_eq!(images, 0, "text stays text");
        }
    });
}

#[test]
fn a_broken_speed_is_said_and_the_usual_one_taken() {
    story(async |page| {
        page.open("").await;
        let usual = chosen_speed(&page).await;
        for speed in ["abc", "", "-1", "0", "NaN", "Infinity", "1e9", "101"] {
            page.open(&format!("?speed={speed}")).await;
            complains_about(&page, "speed").await;
            shows_hello_at_rest(&page).await;
            assert_eq!(chosen_speed(&page).await, usual, "speed={speed}");
        }
    });
}

#[test]
fn two_broken_parameters_are_both_said() {
    story(async |page| {
        page.open("?scenario=nope&speed=fast").await;
        complains_about(&page, "scenario").await;
        complains_about(&page, "speed").await;
    });
}

#[test]
fn foreign_parameters_are_left_alone() {
    story(async |page| {
        page.open("?utm_source=blog&scenario=hello&fbclid=1").await;
        shows_hello_at_rest(&page).await;
        assert_eq!(page.alerts().await, [""; 0]);
    });
}

async fn complains_about(page: &Page, parameter: &str) {
    let what = format!("a notice names {parameter:?}");
    page.wait_until(&what, async |page| {
        let notices = page.notices().await;
        notices.iter().any(|text| text.contains(parameter))
    })
    .await;
}

async fn chosen_speed(page: &Page) -> String {
    let select = page.select("Speed").await.to_json().expect("an element");
    page.ask_with("return arguments[0].value", vec![select])
        .await
}
