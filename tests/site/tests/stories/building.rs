//! Somebody builds a cluster by hand: adds, moves and removes processes.

use std::time::Duration;

use site_tests::{Page, Point, Pointer, key, story};

/// As near as a hand puts things.
const NEAR: f64 = 30.0;

/// What is on the stage now and was not before, once there is something.
async fn added(page: &Page, before: &[String]) -> String {
    page.wait_for("a process was added", async |page| {
        let now = page.processes().await;
        Ok(now.into_iter().find(|process| !before.contains(process)))
    })
    .await
}

async fn is_gone(page: &Page, process: &str) {
    page.wait_until(&format!("{process} is gone"), async |page| {
        !page.processes().await.iter().any(|name| name == process)
    })
    .await;
}

#[test]
fn an_added_acceptor_counts_in_the_next_run() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        assert!(page.log_says("1 of 2 promises").await, "three need two");

        let before = page.processes().await;
        page.press("Add acceptor").await;
        let fourth = added(&page, &before).await;
        assert_eq!(page.with_role("acceptor").await.len(), 4);
        let state = page.state().await;
        assert_eq!((state.time, state.chosen, state.learned), (0.0, None, None));
        page.wait_until("the page says why it began anew", async |page| {
            page.notices().await.join(" ").contains("run")
        })
        .await;

        page.play_until_learned("Hello").await;
        assert!(page.log_says("1 of 3 promises").await, "four need three");
        assert!(page.log_says("1 of 3 votes").await);
        assert!(page.log_says(&format!("{fourth} promises 1.P")).await);
    });
}

#[test]
fn each_role_can_be_added() {
    story(async |page| {
        page.open("").await;
        for role in ["proposer", "acceptor", "learner"] {
            let before = page.processes().await;
            page.press(&format!("Add {role}")).await;
            let process = added(&page, &before).await;
            assert!(
                page.with_role(role).await.contains(&process),
                "{process} is a {role}"
            );
            assert!(page.is_up(&process).await);
        }
        assert_eq!(page.processes().await.len(), 8);
        for (index, process) in page.processes().await.iter().enumerate() {
            for other in &page.processes().await[..index] {
                let distance = page
                    .place_of(process)
                    .await
                    .distance(page.place_of(other).await);
                assert!(
                    distance > 40.0,
                    "{process} and {other} are {distance:.0} pixels apart"
                );
            }
        }
    });
}

#[test]
fn a_process_is_dropped_where_it_is_dragged_from_the_palette() {
    story(async |page| {
        page.open("").await;
        for (pointer, role) in [
            (Pointer::Mouse, "acceptor"),
            (Pointer::Mouse, "proposer"),
            (Pointer::Mouse, "learner"),
            (Pointer::Touch, "proposer"),
        ] {
            let before = page.processes().await;
            let spot = page.free_spot().await;
            let palette = page.place_of_button(&format!("Add {role}")).await;
            page.drag(pointer, palette, spot).await;
            let process = added(&page, &before).await;
            assert!(
                page.with_role(role).await.contains(&process),
                "{process} is a {role}"
            );
            let place = page.place_of(&process).await;
            assert!(
                place.distance(spot) < NEAR,
                "{process} is at {place:?}, not at {spot:?}"
            );
            assert_eq!(
                page.processes().await.len(),
                before.len() + 1,
                "one drop, one process"
            );
        }
    });
}

#[test]
fn a_drag_that_ends_outside_the_stage_adds_nothing() {
    story(async |page| {
        page.open("").await;
        let before = page.processes().await;
        let palette = page.place_of_button("Add acceptor").await;
        let outside = page.place_of_button("Propose").await;
        page.drag(Pointer::Mouse, palette, outside).await;
        // Whatever the page does about it is done when the next gesture has had its effect.
        page.select_process("A").await;
        assert_eq!(page.processes().await, before);
    });
}

#[test]
fn a_process_is_moved_with_the_pointer_and_the_run_goes_on() {
    story(async |page| {
        page.open("?speed=50").await;
        page.step().await;
        page.step().await;
        let (time, log) = (page.time().await, page.log().await);
        for pointer in [Pointer::Mouse, Pointer::Touch] {
            let spot = page.free_spot().await;
            let from = page.place_of("B").await;
            page.drag(pointer, from, spot).await;
            stands_at(&page, "B", spot).await;
        }
        assert_eq!(page.time().await, time, "time stands where it stood");
        assert_eq!(page.log().await, log, "nothing is forgotten");
        assert_eq!(page.runs().await, 1, "it is the same run");
        page.play_until_learned("Hello").await;
    });
}

#[test]
fn a_drag_is_over_when_its_process_is_gone() {
    story(async |page| {
        page.open("").await;
        let from = page.place_of("C").await;
        let send = "const [name, x, y] = arguments;
            document.querySelector('[data-process=B], [data-process=C]').dispatchEvent(new PointerEvent(name,
                { bubbles: true, isPrimary: true, pointerId: 1, button: 0, buttons: 1, clientX: x, clientY: y }));
            return null";
        let start = page.place_of("B").await;
        for (name, x, y) in [
            ("pointerdown", start.x, start.y),
            ("pointermove", start.x + 40.0, start.y),
        ] {
            page.ask_with::<()>(send, vec![name.into(), x.into(), y.into()])
                .await;
        }
        stands_at(
            &page,
            "B",
            Point {
                x: start.x + 40.0,
                ..start
            },
        )
        .await;
        page.tab_until("B has the focus", focused_process_is_b)
            .await;
        page.strike(key::DELETE).await;
        is_gone(&page, "B").await;
        page.ask_with::<()>(send, vec!["pointermove".into(), 300.0.into(), 300.0.into()])
            .await;
        let here = async |page: &Page| page.place_of("C").await.distance(from) < NEAR;
        page.stays(
            "whether C stands where it did",
            Duration::from_millis(300),
            here,
        )
        .await;
        assert!(here(&page).await);
    });
}

async fn stands_at(page: &Page, process: &str, spot: Point) {
    page.wait_until(&format!("{process} stands at {spot:?}"), async |page| {
        page.place_of(process).await.distance(spot) < NEAR
    })
    .await;
}

#[test]
fn a_process_is_moved_with_the_arrow_keys_and_the_run_goes_on() {
    story(async |page| {
        page.open("?speed=50").await;
        page.step().await;
        let (time, log) = (page.time().await, page.log().await);
        page.tab_until("B has the focus", focused_process_is_b)
            .await;
        for (arrow, x, y) in [
            (key::RIGHT, 1.0, 0.0),
            (key::DOWN, 0.0, 1.0),
            (key::LEFT, -1.0, 0.0),
            (key::UP, 0.0, -1.0),
        ] {
            let before = page.place_of("B").await;
            page.strike(arrow).await;
            let what = format!("B has moved by ({x}, {y})");
            page.wait_until(&what, async |page| {
                let now = page.place_of("B").await;
                let (dx, dy) = (now.x - before.x, now.y - before.y);
                dx * x + dy * y > 2.0 && (dx * y).abs() + (dy * x).abs() < 1.0
            })
            .await;
            assert!(focused_process_is_b(&page).await, "the focus stays");
        }
        assert_eq!(page.time().await, time, "time stands where it stood");
        assert_eq!(page.log().await, log, "nothing is forgotten");
        assert_eq!(page.runs().await, 1, "it is the same run");
    });
}

async fn focused_process_is_b(page: &Page) -> bool {
    page.ask("return document.activeElement?.dataset?.process === 'B'")
        .await
}

#[test]
fn delete_removes_the_focused_process() {
    story(async |page| {
        page.open("?speed=50").await;
        page.tab_until("B has the focus", focused_process_is_b)
            .await;
        page.strike(key::DELETE).await;
        is_gone(&page, "B").await;
        page.play_until_learned("Hello").await;
        assert!(page.log_says("1 of 2 promises").await, "two need two");
    });
}

#[test]
fn delete_in_the_value_field_removes_no_process() {
    story(async |page| {
        page.open("").await;
        page.select_process("A").await;
        page.type_into("Value", "ab").await;
        page.strike(key::LEFT).await;
        page.strike(key::DELETE).await;
        let field = page.field("Value").await;
        page.wait_until("a character is deleted", async |_| {
            field.value().await.unwrap().as_deref() == Some("a")
        })
        .await;
        assert_eq!(page.processes().await, ["A", "B", "C", "L", "P"]);
    });
}

#[test]
fn the_old_run_can_be_shown_again() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        let old = page.log().await;
        let before = page.processes().await;
        page.press("Add acceptor").await;
        let fourth = added(&page, &before).await;
        assert_eq!(page.runs().await, 2);
        assert_eq!(page.state().await.chosen, None);

        page.choose("Run", 0).await;
        page.wait_until("the old run is shown", async |page| {
            page.state().await.chosen.as_deref() == Some("Hello")
        })
        .await;
        assert_eq!(page.processes().await, before);
        assert_eq!(page.log().await[..old.len()], old[..]);

        page.choose("Run", 1).await;
        page.wait_until("the new run is shown", async |page| {
            page.processes().await.contains(&fourth)
        })
        .await;
        assert_eq!(page.state().await.chosen, None);
    });
}

#[test]
fn without_any_acceptor_nothing_can_be_chosen() {
    story(async |page| {
        page.open("?speed=50").await;
        for acceptor in ["A", "B", "C"] {
            page.select_process(acceptor).await;
            page.press(&format!("Remove {acceptor}")).await;
            is_gone(&page, acceptor).await;
        }
        let obstacle = page.obstacle().await.expect("the page says so");
        assert!(obstacle.contains("no acceptor"), "{obstacle:?}");
        assert!(
            obstacle.starts_with("Nothing can be chosen"),
            "{obstacle:?}"
        );
    });
}

#[test]
fn an_empty_stage_can_be_filled_again() {
    story(async |page| {
        page.open("?speed=50").await;
        for process in page.processes().await {
            page.select_process(&process).await;
            page.press(&format!("Remove {process}")).await;
            is_gone(&page, &process).await;
        }
        assert!(page.obstacle().await.is_some());
        for (role, count) in [("proposer", 1), ("acceptor", 3), ("learner", 1)] {
            for _ in 0..count {
                let before = page.processes().await;
                page.press(&format!("Add {role}")).await;
                added(&page, &before).await;
            }
        }
        page.type_into("Value", "Anew").await;
        page.press("Propose").await;
        page.play_until_learned("Anew").await;
        assert_eq!(page.obstacle().await, None);
    });
}

#[test]
fn looking_and_moving_let_nothing_happen() {
    story(async |page| {
        page.open("").await;
        page.select_process("A").await;
        assert_eq!(page.log().await, [], "selecting is no event");
        let spot = page.free_spot().await;
        let from = page.place_of("A").await;
        page.drag(Pointer::Mouse, from, spot).await;
        stands_at(&page, "A", spot).await;
        assert_eq!(page.log().await, [], "moving is no event");
        page.choose("Speed", 0).await;
        assert_eq!(page.log().await, [], "changing the pace is no event");
        assert_eq!(page.time().await, 0.0);
        assert_eq!(page.messages().await, []);
    });
}
