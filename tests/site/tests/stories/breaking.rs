//! Somebody breaks machines and mends them.

use site_tests::{Page, story};

async fn crash(page: &Page, process: &str) {
    page.select_process(process).await;
    page.press(&format!("Crash {process}")).await;
    page.wait_until(&format!("{process} is shown as down"), async |page| {
        !page.is_up(process).await
    })
    .await;
}

async fn restart(page: &Page, process: &str) {
    page.select_process(process).await;
    page.press(&format!("Restart {process}")).await;
    page.wait_until(&format!("{process} is shown as up"), async |page| {
        page.is_up(process).await
    })
    .await;
}

#[test]
fn a_process_crashes_and_comes_back() {
    story(async |page| {
        page.open("?speed=50").await;
        crash(&page, "A").await;
        assert!(page.has_button("Restart A").await);
        assert!(!page.has_button("Crash A").await, "it is down already");
        assert!(page.log_says("A crashes").await);
        assert_eq!(page.obstacle().await, None, "two of three are enough");

        restart(&page, "A").await;
        assert!(page.has_button("Crash A").await);
        assert!(page.log_says("A restarts").await);
    });
}

#[test]
fn with_one_acceptor_down_the_others_choose() {
    story(async |page| {
        page.open("?speed=50").await;
        crash(&page, "C").await;
        page.play_until_learned("Hello").await;
        page.wait_until("the log tells of the lost Prepare", async |page| {
            page.log_says("to C is lost: the receiver is down").await
        })
        .await;
        assert_eq!(page.obstacle().await, None);
    });
}

#[test]
fn with_two_of_three_acceptors_down_nothing_can_be_chosen() {
    story(async |page| {
        page.open("?speed=50").await;
        crash(&page, "A").await;
        crash(&page, "B").await;
        let obstacle = page.obstacle().await.expect("the page says so");
        assert!(
            obstacle.starts_with("Nothing can be chosen"),
            "{obstacle:?}"
        );
        assert!(obstacle.contains("1 of 3"), "{obstacle:?}");

        page.play().await;
        page.wait_until("nothing is left to happen", async |page| {
            !page.state().await.playing
        })
        .await;
        let state = page.state().await;
        assert_eq!((state.chosen, state.learned), (None, None));

        restart(&page, "A").await;
        page.wait_until("nothing is in the way any more", async |page| {
            page.obstacle().await.is_none()
        })
        .await;
        page.type_into("Value", "Again").await;
        page.press("Propose").await;
        page.play_until_learned("Again").await;
    });
}

#[test]
fn with_the_only_proposer_down_nothing_can_be_proposed() {
    story(async |page| {
        page.open("").await;
        crash(&page, "P").await;
        let obstacle = page.obstacle().await.expect("the page says so");
        assert!(obstacle.contains("every proposer is down"), "{obstacle:?}");
    });
}

#[test]
fn a_crash_in_the_middle_of_a_run_is_part_of_it() {
    story(async |page| {
        page.open("?speed=50").await;
        for _ in 0..3 {
            page.step().await;
        }
        let before = page.log().await;
        crash(&page, "C").await;
        let after = page.log().await;
        assert_eq!(after[..before.len()], before[..], "the run goes on");
        assert_eq!(page.runs().await, 1);
        page.play_until_learned("Hello").await;
    });
}
