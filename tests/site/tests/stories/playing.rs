//! Somebody watches: plays, pauses, steps, and sees the choice before anyone knows of it.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use site_tests::{Message, Page, repository, story};

/// Virtual milliseconds a second at speed 1.
const USUAL_PACE: f64 = 40.0;
/// How far off the pace may seem: a busy machine falls behind, since late frames are not made up for.
const SLACK: std::ops::Range<f64> = 0.3..1.4;
/// Long enough to see that something stands still.
const A_WHILE: Duration = Duration::from_millis(400);

#[test]
fn play_leads_to_hello_chosen_and_then_learned() {
    story(async |page| {
        page.open("?scenario=hello&speed=20").await;
        page.press("Play").await;
        page.wait_until("\"Hello\" is learned", async |page| {
            page.state().await.learned.as_deref() == Some("Hello")
        })
        .await;
        assert_eq!(page.state().await.chosen.as_deref(), Some("Hello"));

        let log = page.log().await;
        let row = |fact: &str| log.iter().position(|row| row.fact.as_deref() == Some(fact));
        let chosen = row("chosen").expect("the log marks the choice");
        let learned = row("learned").expect("the log marks who learned it");
        assert!(
            chosen < learned,
            "chosen in row {chosen}, learned in {learned}"
        );
        assert!(log[chosen].text.contains("“Hello” is chosen"));
        assert!(log[learned].text.contains("L learns “Hello”"));
    });
}

#[test]
fn the_choice_is_marked_before_any_learner_knows() {
    story(async |page| {
        page.open("?scenario=hello&speed=50").await;
        for _ in 0..40 {
            let state = page.state().await;
            if state.chosen.is_some() {
                assert_eq!(state.chosen.as_deref(), Some("Hello"));
                assert_eq!(state.learned, None, "nobody can know yet");
                let log = page.log().await;
                let has = |fact| log.iter().any(|row| row.fact.as_deref() == Some(fact));
                assert!(has("chosen") && !has("learned"), "{log:#?}");
                return;
            }
            page.step().await;
        }
        panic!("40 steps are enough for a choice");
    });
}

#[test]
fn the_run_comes_to_rest_when_nothing_is_left_to_happen() {
    story(async |page| {
        page.open("?speed=50").await;
        page.press("Play").await;
        page.wait_until("time has stopped by itself", async |page| {
            let state = page.state().await;
            state.learned.is_some() && !state.playing
        })
        .await;
        assert_eq!(page.messages().await, []);
        assert!(page.has_button("Play").await);
    });
}

#[test]
fn the_speed_of_the_address_sets_the_pace() {
    story(async |page| {
        for speed in [1.0, 10.0] {
            page.open(&format!("?speed={speed}")).await;
            has_pace(&page, speed).await;
        }
    });
}

#[test]
fn the_speed_can_be_chosen() {
    story(async |page| {
        page.open("").await;
        let speeds: Vec<f64> = page
            .options("Speed")
            .await
            .iter()
            .map(|text| speed(text))
            .collect();
        let usual = speeds.iter().position(|&speed| speed == 1.0);
        for position in [usual.expect("the usual speed is 1"), speeds.len() - 1] {
            page.open("").await;
            page.choose("Speed", position).await;
            has_pace(&page, speeds[position]).await;
        }
    });
}

/// The number in a text such as `0.5×`.
fn speed(text: &str) -> f64 {
    let digits: String = text
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    digits
        .parse()
        .unwrap_or_else(|_| panic!("{text:?} tells no number"))
}

/// Plays, and compares how fast time runs with how fast it should.
async fn has_pace(page: &Page, speed: f64) {
    let pace = page.pace(async |page| page.press("Play").await).await;
    let share = pace / (speed * USUAL_PACE);
    assert!(
        SLACK.contains(&share),
        "speed {speed} should be {} ms a second, and is {pace:.1}",
        speed * USUAL_PACE
    );
}

#[test]
fn pause_stops_time_and_everything_that_moves() {
    story(async |page| {
        page.open("?speed=0.5").await;
        page.press("Play").await;
        page.wait_until("messages fly", async |page| {
            page.time().await > 2.0 && !page.flights().await.is_empty()
        })
        .await;
        page.press("Pause").await;
        page.wait_until("time stands still", async |page| {
            !page.state().await.playing
        })
        .await;
        page.stays("the time and the pictures", A_WHILE, async |page| {
            (page.time().await, page.flights().await)
        })
        .await;
        assert!(
            !page.flights().await.is_empty(),
            "they stand still, they do not vanish"
        );

        let paused_at = page.time().await;
        page.press("Play").await;
        page.wait_until("time goes on", async |page| page.time().await > paused_at)
            .await;
    });
}

#[test]
fn messages_are_seen_to_move() {
    story(async |page| {
        page.open("?speed=0.5").await;
        page.press("Play").await;
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        page.wait_until("a message was seen in three places", async |page| {
            for flight in page.flights().await {
                let places = seen.entry(flight.id).or_default();
                if places.last() != Some(&flight.transform) {
                    places.push(flight.transform);
                }
            }
            seen.values().any(|places| places.len() >= 3)
        })
        .await;
    });
}

#[test]
fn step_goes_to_the_next_thing_that_happens() {
    story(async |page| {
        page.open("?speed=50").await;
        let mut time = 0.0;
        for _ in 0..6 {
            page.step().await;
            let now = page.time().await;
            assert!(now >= time, "time never goes back: from {time} to {now}");
            time = now;
        }
        assert!(
            time >= 40.0,
            "the first Prepare takes 40 ms at least, not {time}"
        );
        page.stays("the time after a step", A_WHILE, async |page| {
            page.time().await
        })
        .await;
    });
}

#[test]
fn the_list_of_messages_names_the_three_prepares() {
    story(async |page| {
        page.open("?speed=50").await;
        page.step().await;
        let prepares = ["A", "B", "C"].map(|to| Message::new("prepare", "P", to));
        assert_eq!(page.messages().await, prepares);
        assert_eq!(page.flights().await.len(), 3, "each has its picture");
        // Each is told to those who do not see its picture.
        let texts: Vec<String> = page
            .ask("return [...document.querySelectorAll('[data-message]')].map(e => e.textContent)")
            .await;
        for to in ["A", "B", "C"] {
            let told = texts
                .iter()
                .any(|text| text.contains("Prepare(1.P)") && text.contains(to));
            assert!(told, "the Prepare to {to} is among {texts:?}");
        }
    });
}

#[test]
fn restart_returns_to_zero() {
    story(async |page| {
        page.open("?speed=50").await;
        for _ in 0..5 {
            page.step().await;
        }
        begins_anew(&page).await;
        page.play_until_learned("Hello").await;
        begins_anew(&page).await;
        page.play_until_learned("Hello").await;
    });
}

async fn begins_anew(page: &Page) {
    page.press("Restart").await;
    page.wait_until("the time is 0", async |page| page.time().await == 0.0)
        .await;
    let state = page.state().await;
    assert_eq!(
        (state.chosen, state.learned, state.playing),
        (None, None, false)
    );
    assert_eq!(page.messages().await, []);
    assert_eq!(page.flights().await, []);
    assert_eq!(page.log().await, []);
}

/// What the golden transcript of a built-in scenario tells, but for messages that are sent and arrive: the
/// page draws those.
fn told_natively(id: &str) -> Vec<String> {
    let file = repository().join(format!("tests/library/{id}.txt"));
    let text = fs::read_to_string(file).expect("a golden file");
    let events = text.lines().skip(1).map(str::trim_start);
    let drawn = |event: &&str| {
        let words: Vec<&str> = event.split_whitespace().collect();
        words[2] == "sends" || words[words.len() - 2] == "reaches"
    };
    let told = events.filter(|event| !drawn(event));
    told.map(|event| event.replacen("  ", " ", 1)).collect()
}

#[test]
fn the_page_tells_what_the_core_tells_natively() {
    story(async |page| {
        page.open("?scenario=rough-network&speed=100&autoplay")
            .await;
        page.wait_until("the run is over", async |page| {
            let state = page.state().await;
            state.time > 0.0 && !state.playing
        })
        .await;
        let rows = "return [...document.querySelectorAll('ol[aria-label=Events] > li')].map(e =>
            ['.at', '.what'].map(part => e.querySelector(part).textContent).join(' '))";
        let rows: Vec<String> = page.ask(rows).await;
        assert_eq!(rows, told_natively("rough-network"));
        assert!(rows.len() > 80, "{}", rows.len());
    });
}

#[test]
fn the_same_page_tells_the_same_story_twice() {
    story(async |page| {
        let mut tellings = vec![];
        for _ in 0..2 {
            page.open("?speed=50").await;
            page.press("Play").await;
            page.wait_until("the run is over", async |page| {
                let state = page.state().await;
                state.learned.is_some() && !state.playing
            })
            .await;
            tellings.push((page.time().await, page.log().await));
        }
        assert_eq!(tellings[0], tellings[1]);
    });
}
