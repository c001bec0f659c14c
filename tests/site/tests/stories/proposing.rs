//! Somebody proposes values of their own.

use site_tests::{Page, story};

const LONG: usize = 10_000;
const MARKUP: &str = "<img src=x onerror=alert(1)>";

/// Replace P, whose script proposes Hello, by a proposer that has nothing planned.
async fn replace_the_proposer(page: &Page) -> String {
    let before = page.processes().await;
    page.press("Add proposer").await;
    page.wait_until("there are two proposers", async |page| {
        page.with_role("proposer").await.len() == 2
    })
    .await;
    let now = page.processes().await;
    let added = now.into_iter().find(|process| !before.contains(process));
    page.select_process("P").await;
    page.press("Remove P").await;
    page.wait_until("P is gone", async |page| {
        page.with_role("proposer").await.len() == 1
    })
    .await;
    added.expect("the new proposer has a name of its own")
}

async fn choosing(page: &Page, value: &str) {
    page.wait_until(&format!("{} is chosen", shown(value)), async |page| {
        page.state().await.chosen.as_deref() == Some(value)
    })
    .await;
}

fn shown(value: &str) -> String {
    value.chars().take(40).collect()
}

#[test]
fn a_value_of_ones_own_is_chosen() {
    story(async |page| {
        page.open("?speed=50").await;
        let proposer = replace_the_proposer(&page).await;
        page.type_into("Value", "World").await;
        page.press("Propose").await;
        page.play_until_learned("World").await;
        assert_eq!(page.state().await.chosen.as_deref(), Some("World"));
        let words = format!("{proposer} starts ballot 1.{proposer} to propose “World”");
        assert!(page.log_says(&words).await, "the log says: {words}");
    });
}

#[test]
fn a_value_proposed_before_anything_happened_is_the_first_one() {
    story(async |page| {
        page.open("?speed=50").await;
        page.type_into("Value", "Mine").await;
        page.press("Propose").await;
        page.play_until_learned("Mine").await;
        assert!(!page.log_says("“Hello”").await);
    });
}

#[test]
fn a_value_proposed_after_the_choice_gives_way_to_it() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        page.type_into("Value", "World").await;
        page.press("Propose").await;
        page.play().await;
        page.wait_until("the log says what P must send instead", async |page| {
            page.log_says("so it must send Accept(2.P, Hello) and not “World”")
                .await
        })
        .await;
        page.wait_until("“Hello” is chosen again", async |page| {
            page.log_says("“Hello” is chosen once more").await
        })
        .await;
        let state = page.state().await;
        assert_eq!(state.chosen.as_deref(), Some("Hello"));
        assert_eq!(state.learned.as_deref(), Some("Hello"));
    });
}

#[test]
fn enter_in_the_field_proposes() {
    story(async |page| {
        page.open("?speed=50").await;
        replace_the_proposer(&page).await;
        page.type_into("Value", "World").await;
        page.strike(site_tests::key::ENTER).await;
        page.play_until_learned("World").await;
    });
}

#[test]
fn the_proposer_can_be_chosen_when_there_are_two() {
    story(async |page| {
        page.open("?speed=50").await;
        assert_eq!(
            page.options("Proposer").await.len(),
            0,
            "no choice with one"
        );
        page.press("Add proposer").await;
        page.wait_until("there is a choice", async |page| {
            page.options("Proposer").await.len() == 2
        })
        .await;
        page.play_until_learned("Hello").await;

        let second = page.choose("Proposer", 1).await;
        page.type_into("Value", "World").await;
        page.press("Propose").await;
        page.play().await;
        let words = format!("{second} starts ballot");
        page.wait_until(&words, async |page| page.log_says(&words).await)
            .await;
    });
}

#[test]
fn an_empty_value_cannot_be_proposed_and_the_button_says_why() {
    story(async |page| {
        page.open("").await;
        for nothing in ["", "   "] {
            page.type_into("Value", nothing).await;
            let what = format!("the button is off for {nothing:?}");
            page.wait_until(&what, async |page| {
                let propose = page.button("Propose").await;
                propose.attr("aria-disabled").await.unwrap().as_deref() == Some("true")
            })
            .await;
            let propose = page.button("Propose").await;
            let why = page.description(&propose).await;
            assert!(!why.is_empty(), "the reason is visible");
            page.press("Propose").await;
            page.strike(site_tests::key::ENTER).await;
            assert_eq!(page.log().await, [], "nothing was proposed");
        }

        page.type_into("Value", "x").await;
        page.wait_until("the button is on", async |page| {
            let propose = page.button("Propose").await;
            propose.attr("aria-disabled").await.unwrap().as_deref() != Some("true")
        })
        .await;
    });
}

#[test]
fn a_proposer_that_is_down_cannot_propose_and_the_button_says_why() {
    story(async |page| {
        page.open("").await;
        page.select_process("P").await;
        page.press("Crash P").await;
        page.type_into("Value", "World").await;
        page.wait_until("the button is off", async |page| {
            let propose = page.button("Propose").await;
            propose.attr("aria-disabled").await.unwrap().as_deref() == Some("true")
        })
        .await;
        let propose = page.button("Propose").await;
        let why = page.description(&propose).await;
        assert!(why.contains("down"), "the reason is visible: {why:?}");
    });
}

#[test]
fn a_very_long_value_is_shown_shortened() {
    story(async |page| {
        page.open("?speed=50").await;
        let value = "long".repeat(LONG / 4);
        page.paste_into("Value", &value).await;
        page.press("Propose").await;
        page.play().await;
        choosing(&page, &value).await;
        page.wait_until("the long value is learned", async |page| {
            page.state().await.learned.as_deref() == Some(&value)
        })
        .await;
        assert!(page.log_says("longlong").await);
        let shown: usize = page.ask("return document.body.innerText.length").await;
        assert!(shown < LONG, "{shown} characters are shown");
        for row in page.log().await {
            assert!(row.text.len() < 300, "a row of {} bytes", row.text.len());
        }
        let widest: Vec<f64> = page
            .ask("return [document.documentElement.scrollWidth, innerWidth]")
            .await;
        assert!(widest[0] <= widest[1], "nothing sticks out: {widest:?}");
    });
}

#[test]
fn markup_is_text() {
    story(async |page| {
        page.open("?speed=50").await;
        page.type_into("Value", MARKUP).await;
        page.press("Propose").await;
        page.play().await;
        choosing(&page, MARKUP).await;
        page.wait_until("the markup is learned", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
        assert!(
            page.log_says("<img src=x onerror=aler").await,
            "as it was typed"
        );
        let made: u32 = page
            .ask("return document.querySelectorAll('img, [onerror]').length")
            .await;
        assert_eq!(made, 0, "no element is made of it");
    });
}
