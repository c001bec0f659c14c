//! Somebody is the network: messages, links and partitions, by pointer and by keyboard.

use site_tests::{Page, story};
use site_tests::{Pointer, key};

async fn sent(page: &Page) {
    page.open("").await;
    page.step().await;
    page.wait_until("three are on their way", async |page| {
        page.messages().await.len() == 3
    })
    .await;
}

async fn touch_a_flight(page: &Page, pointer: Pointer) {
    // Let them leave each other.
    page.strike("h").await;
    page.wait_until("they are held", async |page| page.log_says("held").await)
        .await;
    let at = page.centre_of("[data-flight] .touch").await;
    page.tap(pointer, at).await;
    page.wait_until("its card is open", async |page| {
        page.has_button("Drop").await
    })
    .await;
}

#[test]
fn a_message_is_touched_and_dropped() {
    story(async |page| {
        sent(&page).await;
        touch_a_flight(&page, Pointer::Mouse).await;
        page.press("Drop").await;
        page.wait_until("it is gone", async |page| page.messages().await.len() == 2)
            .await;
        assert!(page.log_says("taken out by hand").await);
    });
}

#[test]
fn a_message_is_doubled_and_delivered_by_touch() {
    story(async |page| {
        sent(&page).await;
        touch_a_flight(&page, Pointer::Touch).await;
        page.press("Duplicate").await;
        page.wait_until("there are two of it", async |page| {
            page.messages().await.len() == 4
        })
        .await;
        page.press("Deliver now").await;
        page.wait_until("an acceptor has promised", async |page| {
            page.log_says("promises").await
        })
        .await;
    });
}

#[test]
fn messages_are_handled_by_keyboard_alone() {
    story(async |page| {
        sent(&page).await;
        page.strike("3").await;
        page.tab_to("Act on Prepare(1.P), P → A").await;
        page.strike(key::ENTER).await;
        page.tab_to("Deliver now").await;
        page.strike(key::ENTER).await;
        page.wait_until("an acceptor has promised", async |page| {
            page.log_count("promises").await
        })
        .await;
        let messages = page.messages().await;
        let kinds = |kind| {
            messages
                .iter()
                .filter(|message| message.kind == kind)
                .count()
        };
        assert_eq!([kinds("prepare"), kinds("promise")], [2, 1]);
    });
}

#[test]
fn a_line_parts_the_cluster_and_it_heals() {
    story(async |page| {
        page.open("").await;
        page.press("Partition").await;
        page.wait_until("the line can be drawn", async |page| {
            page.ask::<bool>("return document.querySelector('svg.stage.parts') !== null")
                .await
        })
        .await;
        let stage = page.centre_of("svg.stage").await;
        let left = page.place_of("P").await;
        let between = (left.x + page.place_of("A").await.x) / 2.0;
        let from = site_tests::Point {
            x: between,
            y: stage.y - 110.0,
        };
        let to = site_tests::Point {
            x: between,
            y: stage.y + 110.0,
        };
        page.drag(Pointer::Mouse, from, to).await;
        page.wait_until("it says so", async |page| {
            page.ask::<bool>("return document.querySelectorAll('.islands path').length === 2")
                .await
        })
        .await;
        page.press("Play").await;
        page.wait_until("nothing gets through", async |page| {
            page.log_says("lost").await
        })
        .await;
        page.press("Heal every link").await;
        page.wait_until("it is whole", async |page| {
            page.ask::<bool>("return document.querySelectorAll('.islands path').length === 0")
                .await
        })
        .await;
    });
}

#[test]
fn a_link_is_cut_one_way_from_the_card_of_a_process() {
    story(async |page| {
        page.open("").await;
        page.select_process("P").await;
        page.press("Links").await;
        page.press("Cut P → A").await;
        page.wait_until("it is drawn", async |page| {
            page.ask::<bool>(
                "return document.querySelector('.links .severed').getAttribute('d') !== ''",
            )
            .await
        })
        .await;
    });
}

#[test]
fn the_network_loses_all_when_told_so() {
    story(async |page| {
        page.open("?speed=50").await;
        page.press("Network").await;
        let script = "const s = document.querySelector('.slider input'); s.value = '100';
            s.dispatchEvent(new Event('input', { bubbles: true }));
            s.dispatchEvent(new Event('change', { bubbles: true })); return null";
        page.ask::<()>(script).await;
        page.press("Play").await;
        page.wait_until("messages are lost", async |page| {
            page.log_says("lost").await
        })
        .await;
        page.wait_until("it is over", async |page| !page.state().await.playing)
            .await;
        assert_eq!(page.state().await.chosen, None);
    });
}

#[test]
fn a_process_gets_another_name() {
    story(async |page| {
        page.open("").await;
        page.select_process("A").await;
        page.press("Rename").await;
        page.type_into("New name of A", "Alice").await;
        page.strike(key::ENTER).await;
        page.wait_until("it is Alice", async |page| {
            page.processes().await.contains(&"Alice".to_owned())
        })
        .await;
    });
}

#[test]
fn the_stage_is_seen_closer_and_whole_again() {
    story(async |page| {
        page.open("").await;
        let far = page.place_of("P").await.distance(page.place_of("L").await);
        page.strike("+").await;
        page.wait_until("they are further apart", async |page| {
            page.place_of("P").await.distance(page.place_of("L").await) > far * 1.2
        })
        .await;
        page.press("Fit: show everything").await;
        page.wait_until("it is as before", async |page| {
            (page.place_of("P").await.distance(page.place_of("L").await) - far).abs() < 2.0
        })
        .await;
    });
}

#[test]
fn why_a_button_is_off_is_said_to_a_finger_too() {
    story(async |page| {
        page.open("").await;
        let button = page.place_of_button("Fit: show everything").await;
        page.tap(Pointer::Touch, button).await;
        page.wait_until("it is said", async |page| {
            let said = page.notices().await.join(" ");
            said.contains("Not possible now: everything is seen already.")
        })
        .await;
        assert!(page.alerts().await.is_empty(), "nothing is wrong");
    });
}

trait Counted {
    async fn log_count(&self, text: &str) -> bool;
}

impl Counted for Page {
    /// Whether the event was told, also while another tab is shown.
    async fn log_count(&self, text: &str) -> bool {
        self.press("Events").await;
        let said = self.log_says(text).await;
        self.press("Messages").await;
        said
    }
}
