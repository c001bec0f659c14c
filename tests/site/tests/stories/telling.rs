//! Somebody walks through the story of a scenario, and goes after goals.

use site_tests::{Page, Point, story};

async fn note(page: &Page) -> String {
    let script = "return document.querySelector('.story .note.shown h2')?.textContent ?? ''";
    page.ask(script).await
}

async fn walk(page: &Page, button: &str, to: &str) {
    page.press(button).await;
    page.wait_until(&format!("the note is {to:?}"), async |page| {
        note(page).await == to
    })
    .await;
}

const NEXT: &str = "Next ›: the next note";
const BACK: &str = "‹ Back: the note before";

#[test]
fn the_notes_are_walked_at_ones_own_pace_and_the_buttons_stay() {
    story(async |page| {
        page.open("").await;
        assert_eq!(note(&page).await, "One value, and only one");
        let places = async |page: &Page| -> Vec<Point> {
            vec![
                page.place_of_button(BACK).await,
                page.place_of_button(NEXT).await,
            ]
        };
        let before = places(&page).await;
        walk(&page, NEXT, "A ballot begins").await;
        walk(&page, NEXT, "Promises").await;
        walk(&page, NEXT, "The moment of choice").await;
        page.wait_until("it is chosen", async |page| {
            page.state().await.chosen.as_deref() == Some("Hello")
        })
        .await;
        assert_eq!(page.state().await.learned, None, "nobody knows yet");
        walk(&page, NEXT, "Now it is known").await;
        page.wait_until("it is learned", async |page| {
            page.state().await.learned.as_deref() == Some("Hello")
        })
        .await;
        walk(&page, NEXT, "Your turn").await;
        assert!(!page.state().await.playing, "nothing is waited for");
        walk(&page, BACK, "Now it is known").await;
        walk(&page, BACK, "The moment of choice").await;
        page.wait_until("it is not known any more", async |page| {
            page.state().await.learned.is_none()
        })
        .await;
        assert_eq!(places(&page).await, before);
    });
}

#[test]
fn the_story_follows_while_it_plays_and_is_walked_by_keys() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        page.wait_until("the note is of this moment", async |page| {
            note(page).await == "Your turn"
        })
        .await;
        page.strike("p").await;
        page.wait_until("it is the one before", async |page| {
            note(page).await == "Now it is known"
        })
        .await;
        page.strike("n").await;
        page.wait_until("it is the next", async |page| {
            note(page).await == "Your turn"
        })
        .await;
    });
}

#[test]
fn a_scenario_ends_where_it_says_and_goes_on_if_one_likes() {
    story(async |page| {
        page.open("?scenario=duel&speed=100&autoplay").await;
        page.wait_until("it stands still", async |page| !page.state().await.playing)
            .await;
        let said = page.notices().await.join(" ");
        assert!(
            said.contains("The scenario ends here, at 1600 ms"),
            "{said}"
        );
        let end = page.time().await;
        assert!(end <= 1600.0);
        page.press("Play").await;
        page.wait_until("it goes on", async |page| page.time().await > 1700.0)
            .await;
    });
}

async fn aim(page: &Page, goal: &str) {
    page.press("Goals").await;
    let script = "for (const b of document.querySelectorAll('.goals li button'))
        if (b.textContent.includes(arguments[0])) { b.click(); return true } return false";
    page.wait_until(&format!("{goal:?} can be aimed at"), async |page| {
        page.ask_with(script, vec![goal.into()]).await
    })
    .await;
    page.wait_until("the goal is there", async |page| {
        !standing(page).await.is_empty()
    })
    .await;
}

async fn standing(page: &Page) -> String {
    page.ask("return document.querySelector('[data-goal]')?.dataset.standing ?? ''")
        .await
}

#[test]
fn a_goal_is_reached_by_doing_it_and_remembered() {
    story(async |page| {
        page.open("").await;
        aim(&page, "One crash stops it all").await;
        assert_eq!(standing(&page).await, "open");
        page.step().await;
        page.select_process("P").await;
        page.press("Crash P").await;
        page.wait_until("it is reached", async |page| standing(page).await == "fine")
            .await;
        page.press("Goals").await;
        let list: String = page
            .ask("return document.querySelector('.goals').innerText")
            .await;
        assert!(list.contains("✓ One crash stops it all"), "{list}");
        assert!(list.contains("○ Two values"), "{list}");
    });
}

#[test]
fn the_impossible_goal_is_answered_by_the_checker() {
    story(async |page| {
        page.open("").await;
        aim(&page, "Two values, by the rules").await;
        page.press("Ask the checker").await;
        page.wait_until("no schedule does it", async |page| {
            let script = "return document.querySelector('.checker')?.dataset.check ?? ''";
            page.ask::<String>(script).await == "holds"
        })
        .await;
        page.wait_until("that settles it", async |page| {
            standing(page).await == "fine"
        })
        .await;
        let card = "return document.querySelector('[data-goal]').innerText";
        let card = page.ask::<String>(card).await;
        assert!(card.contains("Nobody can."), "{card}");
    });
}

#[test]
fn a_goal_does_not_count_with_a_rule_broken() {
    story(async |page| {
        page.open("").await;
        aim(&page, "The later one wins").await;
        page.press("Rules").await;
        let script = "document.querySelector('[data-line=P5] input').click(); return null";
        page.ask::<()>(script).await;
        page.wait_until("it does not count", async |page| {
            standing(page).await == "wrong"
        })
        .await;
    });
}
