//! Somebody goes back in time, does something else, and opens other scenarios.

use site_tests::{Page, key, story};

async fn back(page: &Page) {
    let before = page.log().await.len();
    page.press("Step back").await;
    page.wait_until("the last thing has not happened", async |page| {
        page.log().await.len() < before
    })
    .await;
}

#[test]
fn the_diagram_follows_a_process_as_long_as_it_is_there() {
    story(async |page| {
        page.open("").await;
        page.step().await;
        let shown = async |page: &Page| -> String {
            page.ask("const list = document.querySelector('select[aria-label=Show]'); return list.selectedOptions[0]?.textContent ?? 'nothing'").await
        };
        page.choose("Show", 4).await;
        assert_eq!(shown(&page).await, "messages of B");
        // C and L have other numbers then.
        page.select_process("A").await;
        page.press("Remove A").await;
        page.wait_until("A is gone", async |page| {
            !page.processes().await.contains(&"A".to_owned())
        })
        .await;
        assert_eq!(shown(&page).await, "messages of B");
        page.select_process("B").await;
        page.press("Remove B").await;
        page.wait_until("all is shown", async |page| {
            shown(page).await == "all messages"
        })
        .await;
    });
}

#[test]
fn stepping_back_and_forth_tells_the_same_again() {
    story(async |page| {
        page.open("?speed=50").await;
        for _ in 0..5 {
            page.step().await;
        }
        let (time, log) = (page.time().await, page.log().await);
        for _ in 0..3 {
            back(&page).await;
        }
        assert!(page.time().await < time);
        for _ in 0..3 {
            page.step().await;
        }
        assert_eq!(page.time().await, time);
        assert_eq!(page.log().await, log);
    });
}

#[test]
fn acting_in_the_past_opens_a_branch_and_the_old_future_stays() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        let whole = page.log().await;
        assert!(page.branches().await.is_empty());
        for _ in 0..6 {
            back(&page).await;
        }
        page.select_process("A").await;
        page.press("Crash A").await;
        page.wait_until("there are two branches", async |page| {
            page.branches().await.len() == 2
        })
        .await;
        assert!(page.log_says("A crashes").await);
        let first = page.branches().await.swap_remove(0);
        page.press(&first).await;
        page.wait_until("A never crashed", async |page| {
            !page.log_says("A crashes").await
        })
        .await;
        page.play_until_learned("Hello").await;
        page.wait_until("all is as it was", async |page| page.log().await == whole)
            .await;
    });
}

#[test]
fn the_address_opens_any_scenario() {
    story(async |page| {
        page.open("?scenario=late-proposer&speed=50&autoplay").await;
        page.wait_until("it is over", async |page| {
            let state = page.state().await;
            state.learned.as_deref() == Some("Hello") && !state.playing
        })
        .await;
        assert_eq!(page.with_role("proposer").await, ["P", "Q"]);
        assert!(page.log_says("and not “World”").await);
    });
}

#[test]
fn a_broken_rule_breaks_agreement_and_the_page_says_so() {
    story(async |page| {
        page.open("?speed=50").await;
        page.open_scenario("Hello", "shared-ballots").await;
        page.wait_until("the other scenario is there", async |page| {
            page.with_role("proposer").await.len() == 2
        })
        .await;
        page.play().await;
        page.wait_until("agreement is broken", async |page| {
            let violation = "return document.documentElement.dataset.violation ?? null";
            page.ask::<Option<String>>(violation).await.as_deref() == Some("agreement")
        })
        .await;
        let said = page.notices().await.join(" ");
        assert!(said.contains("agreement is broken"), "{said}");
    });
}

#[test]
fn scenarios_are_gone_through_backwards() {
    story(async |page| {
        for id in ["late-proposer", "duel", "own-value-always", "amnesia"] {
            page.open(&format!("?scenario={id}&speed=100&autoplay"))
                .await;
            page.wait_until("it is over", async |page| !page.state().await.playing)
                .await;
            let end = page.time().await;
            // More than happens in one instant.
            for _ in 0..8 {
                page.strike(",").await;
            }
            page.wait_until("it is before", async |page| page.time().await < end)
                .await;
            page.strike(key::HOME).await;
            page.wait_until("it is the beginning", async |page| page.time().await == 0.0)
                .await;
        }
    });
}

#[test]
fn removing_adding_and_renaming_are_taken_back_and_done_again() {
    story(async |page| {
        page.open("").await;
        page.select_process("A").await;
        page.press("Remove A").await;
        page.wait_until("A is gone", async |page| page.processes().await.len() == 4)
            .await;
        page.press("Undo").await;
        page.wait_until("A is back", async |page| page.processes().await.len() == 5)
            .await;
        page.press("Redo").await;
        page.wait_until("A is gone again", async |page| {
            page.processes().await.len() == 4
        })
        .await;
        page.press("Undo").await;
        page.step().await;
        page.press("Add acceptor").await;
        page.wait_until("another run begins", async |page| {
            page.processes().await.len() == 6
        })
        .await;
        page.press("Undo").await;
        page.wait_until("the run is back where it was", async |page| {
            page.processes().await.len() == 5 && page.log_says("P starts ballot").await
        })
        .await;
    });
}

async fn open_with_four_acceptors(page: &Page) {
    page.open("").await;
    page.press("Add acceptor").await;
    page.wait_until("it is there", async |page| {
        page.processes().await.len() == 6
    })
    .await;
}

#[test]
fn a_new_name_is_taken_back_in_the_run_that_has_it() {
    story(async |page| {
        open_with_four_acceptors(&page).await;
        page.select_process("D").await;
        page.press("Rename").await;
        page.type_into("New name of D", "Dora").await;
        page.strike(key::ENTER).await;
        let has = async |page: &Page, name: &str| page.processes().await.contains(&name.into());
        page.wait_until("it is Dora", async |page| has(page, "Dora").await)
            .await;
        page.open_scenario("Hello, changed", "hello").await;
        page.wait_until("there are five", async |page| {
            page.processes().await.len() == 5
        })
        .await;
        page.press("Undo").await;
        page.wait_until("it is D", async |page| has(page, "D").await)
            .await;
        page.press("Redo").await;
        page.wait_until("it is Dora", async |page| has(page, "Dora").await)
            .await;
    });
}

#[test]
fn a_cluster_of_ones_own_is_kept_when_another_scenario_is_opened() {
    story(async |page| {
        open_with_four_acceptors(&page).await;
        page.open_scenario("Hello, changed", "late-proposer").await;
        page.wait_until("the other scenario is there", async |page| {
            page.with_role("proposer").await.len() == 2
        })
        .await;
        page.choose("Run", 0).await;
        page.wait_until("one's own is back", async |page| {
            page.with_role("acceptor").await.len() == 4
        })
        .await;
    });
}
