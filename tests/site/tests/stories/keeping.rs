//! Somebody comes back: the session is kept, also when the page fails.

use std::time::Duration;

use site_tests::{Page, key, story};

use crate::enduring::hurt;
use crate::failing::FAIL;

/// Waits until the session is in the storage with the crash in it, which is a deed there: notes have the
/// word, too.
pub async fn kept(page: &Page) {
    page.wait_until("the session is kept", async |page| {
        let script = r#"return /"crash\\*"/.test(localStorage.getItem('paxos-session'))"#;
        page.ask::<bool>(script).await
    })
    .await;
}

async fn crash_a(page: &Page) {
    page.step().await;
    page.select_process("A").await;
    page.press("Crash A").await;
    page.wait_until("A is down", async |page| !page.is_up("A").await)
        .await;
}

#[test]
fn a_reload_brings_the_session_back() {
    story(async |page| {
        page.open("").await;
        crash_a(&page).await;
        let (time, log) = (page.time().await, page.log().await);
        kept(&page).await;
        page.open("").await;
        assert!(!page.is_up("A").await);
        assert_eq!(page.time().await, time);
        assert_eq!(page.log().await, log);
        assert!(
            page.notices()
                .await
                .join(" ")
                .contains("Your last session is back")
        );
        let focus = "[...document.querySelectorAll('.notice button')].find(b => b.ariaLabel === 'Dismiss').focus(); return null";
        page.ask::<()>(focus).await;
        page.strike(key::ENTER).await;
        page.wait_until("it is dismissed", async |page| {
            !page.has_button("Dismiss").await
        })
        .await;
        assert!(page.ask::<bool>(ON_STAGE).await, "whoever did that goes on");
        page.open("").await;
        page.press("Start afresh").await;
        page.wait_until("A is up", async |page| page.is_up("A").await)
            .await;
        assert!(page.ask::<bool>(ON_STAGE).await);
    });
}

#[test]
fn who_is_overwritten_by_another_tab_is_told() {
    story(async |page| {
        page.open("").await;
        crash_a(&page).await;
        kept(&page).await;
        page.open_tab().await;
        page.open("").await;
        page.wait_until("the session is there too", async |page| {
            !page.is_up("A").await
        })
        .await;
        page.select_process("B").await;
        page.press("Rename").await;
        page.type_into("New name of B", "Bob").await;
        page.strike(key::ENTER).await;
        page.wait_until("it is kept", async |page| {
            page.ask("return localStorage.getItem('paxos-session')?.includes('Bob') ?? false")
                .await
        })
        .await;
        let told = async |page: &Page| page.alerts().await.join(" ").contains("Another tab");
        assert!(!told(&page).await, "who came last is not");
        page.go_to_tab(0).await;
        page.wait_until("the first is told", told).await;
    });
}

#[test]
fn what_another_page_has_kept_is_not_lost() {
    story(async |page| {
        page.open("").await;
        page.open_tab().await;
        page.open("").await;
        crash_a(&page).await;
        kept(&page).await;
        // The first has been there all the time, and knows nothing of that.
        page.go_to_tab(0).await;
        page.step().await;
        page.is_alerted("Another page had kept its session").await;
        assert!(page.is_up("A").await);
        let there = "return ['paxos-session', 'paxos-session-other'].map(name => /\"crash\\\\*\"/.test(localStorage.getItem(name)))";
        assert_eq!(page.ask::<[bool; 2]>(there).await, [false, true]);
        page.press("Open that one here, too").await;
        page.wait_until("it is there", async |page| !page.is_up("A").await)
            .await;
        assert_eq!(page.alerts().await, [""; 0]);
        assert!(page.ask::<bool>(ON_STAGE).await);
        // What is kept now has both.
        kept(&page).await;
        page.step().await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        assert_eq!(page.alerts().await, [""; 0], "it is its own");
    });
}

/// Whether the focus is on the stage.
const ON_STAGE: &str = "return document.activeElement.matches('svg.stage')";

#[test]
fn an_address_that_asks_for_something_gets_it() {
    story(async |page| {
        page.open("").await;
        crash_a(&page).await;
        kept(&page).await;
        page.open("?scenario=hello").await;
        assert!(page.is_up("A").await);
    });
}

#[test]
fn what_cannot_be_read_is_put_aside_and_said() {
    story(async |page| {
        page.open("?scenario=hello").await;
        page.ask::<()>("localStorage.setItem('paxos-session', '{\"version\":99}'); return null")
            .await;
        page.open("").await;
        let said = page.alerts().await.join(" ");
        assert!(
            said.contains("cannot be read") && said.contains("version"),
            "{said}"
        );
        let aside = "return [localStorage.getItem('paxos-session-broken'), localStorage.getItem('paxos-session-broken-2')]";
        assert_eq!(
            page.ask::<[Option<String>; 2]>(aside).await,
            [Some("{\"version\":99}".into()), None]
        );
        page.ask::<()>(
            "URL.createObjectURL = file => { file.text().then(text => { window.saved = text; }); return '#'; };
            HTMLAnchorElement.prototype.click = () => {}; return null",
        )
        .await;
        page.press("Save it as a file").await;
        page.wait_until("it is saved", async |page| {
            page.ask("return window.saved === '{\"version\":99}'").await
        })
        .await;
        // The next one has a place of its own, the same one has not.
        for text in ["what nobody can read", "{\"version\":99}"] {
            let keep = "localStorage.setItem('paxos-session', arguments[0]); return null";
            page.ask_with::<()>(keep, vec![text.into()]).await;
            page.open("").await;
            page.is_alerted("It was put aside").await;
            assert_eq!(
                page.ask::<[Option<String>; 2]>(aside).await,
                [
                    Some("{\"version\":99}".into()),
                    Some("what nobody can read".into())
                ]
            );
        }
        // And they can be had later.
        page.press("Scenarios: Hello").await;
        page.press("Save paxos-session-broken-2").await;
        page.press("Delete paxos-session-broken").await;
        page.wait_until("it is gone", async |page| {
            !page.has_button("Delete paxos-session-broken").await
        })
        .await;
        page.button("Delete paxos-session-broken-2").await;
        let left: [Option<String>; 2] = page.ask(aside).await;
        assert_eq!(left, [None, Some("what nobody can read".into())]);
        assert_eq!(page.focused_name().await, "Open a file");
    });
}

#[test]
fn what_can_be_neither_read_nor_put_aside_stays_where_it_is() {
    story(async |page| {
        let full = "const set = Storage.prototype.setItem;
            Storage.prototype.setItem = function (name, text) {
                if (name !== 'paxos-session') throw new DOMException('full', 'QuotaExceededError');
                set.call(this, name, text);
            };";
        let page = hurt(&page, full).await;
        page.open("?scenario=hello").await;
        page.ask::<()>(
            "localStorage.setItem('paxos-session', 'what nobody can read'); return null",
        )
        .await;
        page.open("").await;
        page.is_alerted("There is no room to put it aside").await;
        crash_a(&page).await;
        page.is_alerted("This browser keeps nothing").await;
        let kept = "return localStorage.getItem('paxos-session')";
        assert_eq!(page.ask::<String>(kept).await, "what nobody can read");
    });
}

/// The largest session that this browser keeps, in units of half a million characters, which
/// nobody can read.
const LARGEST: &str = "
    try { for (let n = 1; ; n++) localStorage.setItem('paxos-session', '{\"version\":99}' + ' '.repeat(n * 5e5)); } catch {}
    return localStorage.getItem('paxos-session').length";

#[test]
fn what_is_put_aside_may_be_larger_than_half_of_what_fits() {
    story(async |page| {
        page.open("?scenario=hello").await;
        let length: usize = page.ask(LARGEST).await;
        assert!(length > 1_000_000, "{length}");
        page.open("").await;
        let said = page.alerts().await.join(" ");
        assert!(said.contains("cannot be read"), "{said}");
        let aside = "return localStorage.getItem('paxos-session-broken')?.length ?? 0";
        assert_eq!(page.ask::<usize>(aside).await, length);
        // And so may what a page puts aside that has failed.
        page.forget().await;
        page.open("").await;
        let length: usize = page.ask(LARGEST).await;
        page.expect_on_console("a fault of the core");
        page.ask::<()>(FAIL).await;
        page.press("Start afresh").await;
        page.wait_until("it has begun anew", async |page| {
            page.state().await.ready && page.ask::<usize>(aside).await == length
        })
        .await;
    });
}

#[test]
fn a_failure_of_the_core_is_survived() {
    story(async |page| {
        page.expect_on_console("RuntimeError: unreachable");
        page.expect_on_console("RuntimeError: Unreachable code should not be executed");
        page.open("?crash-test").await;
        crash_a(&page).await;
        kept(&page).await;
        // Above everything else, as long as it is open.
        page.press("Help").await;
        page.button("Close help").await;
        page.ask::<()>("window.dispatchEvent(new Event('paxos:crash-test')); return null")
            .await;
        page.wait_until("it is said", async |page| {
            page.has_button("Copy the report").await
        })
        .await;
        let words: String = page
            .ask("return document.querySelector('[role=alertdialog]').innerText")
            .await;
        assert!(words.contains("the crash that was asked for"), "{words}");
        page.press("Reload with the last session").await;
        page.wait_until("the session is back", async |page| {
            page.ask::<bool>("return location.search === '' && document.documentElement.dataset.ready === 'true'")
                .await
                && !page.is_up("A").await
        })
        .await;
    });
}

/// Writes to the clipboard what it is asked to from the second time on.
const CLIPBOARD: &str = "
    let denied = false;
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async text => {
        if (!denied) { denied = true; throw new DOMException('no', 'NotAllowedError'); }
        window.copied = text;
    } } });
    return null";

#[test]
fn a_session_that_fails_whenever_it_is_opened_is_put_aside() {
    story(async |page| {
        page.expect_on_console("a fault of the core");
        page.open("").await;
        crash_a(&page).await;
        kept(&page).await;
        page.ask::<()>(FAIL).await;
        page.press("Reload with the last session").await;
        page.wait_until("the session is back", async |page| {
            page.ask::<bool>("return !window.old").await
                && page.state().await.ready
                && !page.is_up("A").await
        })
        .await;
        page.ask::<()>(CLIPBOARD).await;
        page.ask::<()>(FAIL).await;
        page.button("Reload").await;
        let words = "return document.querySelector('[role=alertdialog]').innerText";
        let words: String = page.ask(words).await;
        assert!(words.contains("It was put aside"), "{words}");
        assert!(!page.has_button("Reload with the last session").await);

        let report = "return window.copied ?? document.activeElement.value ?? ''";
        page.press("Copy the report").await;
        page.wait_until("it can be copied by hand", async |page| {
            let report: String = page.ask(report).await;
            report.contains("a fault of the core") && report.contains("The last session:\n{")
        })
        .await;
        page.press("Copy the report").await;
        page.wait_until("it is copied", async |page| {
            page.ask(r#"return /"crash\\*"/.test(window.copied)"#).await
        })
        .await;

        page.press("Reload").await;
        page.wait_until("it is there without the session", async |page| {
            page.ask::<bool>("return !window.old").await
                && page.state().await.ready
                && page.is_up("A").await
        })
        .await;
        let aside = r#"return /"crash\\*"/.test(localStorage.getItem('paxos-session-broken'))"#;
        assert!(page.ask::<bool>(aside).await);
    });
}

#[test]
fn the_theme_is_chosen_and_remembered() {
    story(async |page| {
        page.open("?scenario=hello").await;
        let theme = "return document.documentElement.dataset.theme";
        assert_eq!(page.ask::<String>(theme).await, "auto");
        page.press("Theme: auto").await;
        page.press("Theme: light").await;
        page.wait_until("it is dark", async |page| {
            page.ask::<String>("return getComputedStyle(document.documentElement).colorScheme")
                .await
                == "dark"
        })
        .await;
        page.open("?scenario=hello").await;
        assert_eq!(page.ask::<String>(theme).await, "dark");
        page.open("?scenario=hello&theme=light").await;
        assert_eq!(page.ask::<String>(theme).await, "light");
    });
}
