//! What a first visit waits for, and what comes when it is needed.

use std::fs;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use site_tests::{Host, Page, built_site, repository, story};

use crate::enduring::hurt;

/// The file of the built site whose name begins and ends so.
fn built(begin: &str, end: &str) -> String {
    let files = fs::read_dir(built_site()).expect("the site is built");
    let mut names = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned());
    let file = names.find(|name| name.starts_with(begin) && name.ends_with(end));
    file.unwrap_or_else(|| panic!("script/build makes {begin}…{end}"))
}

/// The file with the rest of the page.
fn rest() -> String {
    built("playground-rest-", ".wasm")
}

/// The files that the page has fetched.
async fn fetched(page: &Page) -> Vec<String> {
    page.ask(
        "const home = new URL('./', location.href).href;
        return performance.getEntriesByType('resource').map(e => e.name)
            .filter(name => name.startsWith(home)).map(name => name.slice(home.length))",
    )
    .await
}

async fn has_rest(page: &Page) -> bool {
    fetched(page).await.contains(&rest())
}

/// The rest is not there, nor will it be.
async fn without_rest(page: &Page) -> (Rc<Host>, Page) {
    let host = Host::serve().await;
    host.rename(&rest(), "elsewhere.wasm");
    page.expect_on_console("404");
    let page = page.at(&host);
    page.open("").await;
    (host, page)
}

async fn says_that_it_is_missing(page: &Page) {
    page.is_alerted("could not be loaded").await;
}

#[test]
fn a_page_whose_program_is_missing_says_so() {
    story(async |page| {
        let host = Host::serve().await;
        let glue = built("playground-", ".js");
        host.rename(&glue, "elsewhere.js");
        for words in [
            "404",
            "module",
            "a resource failed",
            "NS_ERROR_CORRUPTED_CONTENT",
        ] {
            page.expect_on_console(words);
        }
        page.visit(host.base()).await;
        let said = "The playground could not be loaded: ";
        page.is_alerted(said).await;
        let alerts = page.alerts().await;
        assert!(
            alerts.iter().all(|text| text.starts_with(said)),
            "{alerts:?}"
        );
    });
}

#[test]
fn a_first_visit_is_within_its_budget() {
    story(async |page| {
        page.open("").await;
        // The worker is not the page, though WebKit lists it. The icon may come at any time, or
        // unseen: it is counted below.
        page.stays("what is fetched", Duration::from_secs(1), async |page| {
            let mut files = fetched(page).await;
            files.retain(|name| name != "sw.js" && name != "icon.svg");
            files
        })
        .await;
        let mut files = fetched(&page).await;
        assert!(!files.contains(&rest()), "{files:?}");
        files.extend(["index.html", "icon.svg", "sw.js"].map(Into::into));
        files.sort();
        files.dedup();
        let budget = repository().join("script/budget.mjs");
        let run = Command::new("node")
            .arg(budget)
            .arg(built_site())
            .args(&files)
            .output()
            .expect("node is a program");
        assert!(run.status.success(), "{files:?}: {run:?}");
    });
}

#[test]
fn the_first_click_and_the_first_key_are_not_lost() {
    story(async |page| {
        page.open("").await;
        assert!(!has_rest(&page).await);
        page.strike(".").await;
        page.wait_until("a step was taken", async |page| {
            !page.log().await.is_empty()
        })
        .await;
        assert!(has_rest(&page).await);

        page.forget().await;
        page.open("").await;
        page.press("Scenarios: Hello").await;
        page.button("Open a file").await;
        assert!(has_rest(&page).await);
    });
}

#[test]
fn an_address_that_asks_for_something_needs_all_at_once() {
    story(async |page| {
        page.open("?scenario=duel").await;
        assert!(has_rest(&page).await);
    });
}

#[test]
fn what_was_done_waits_until_the_rest_can_be_loaded() {
    story(async |page| {
        let (host, page) = without_rest(&page).await;
        page.press("Play").await;
        says_that_it_is_missing(&page).await;
        page.press("Help").await;
        says_that_it_is_missing(&page).await;
        assert!(!page.state().await.playing);

        host.rename("elsewhere.wasm", &rest());
        page.press("Try again").await;
        page.wait_until("the help is there", async |page| {
            page.ask("return document.querySelector('dialog[open] kbd') !== null")
                .await
        })
        .await;
        let page = page.with_patience(Duration::from_secs(30));
        page.wait_until("“Hello” is learned", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
        assert_eq!(page.alerts().await, [""; 0]);
    });
}

#[test]
fn an_address_whose_rest_is_missing_says_so_and_can_try_again() {
    story(async |page| {
        let (host, page) = without_rest(&page).await;
        page.visit(&format!("{}?scenario=duel", host.base())).await;
        says_that_it_is_missing(&page).await;
        assert!(!page.state().await.ready);
        let hit = "const b = [...document.querySelectorAll('button')].find(b => b.textContent === 'Try again').getBoundingClientRect();
            return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2).textContent";
        assert_eq!(page.ask::<String>(hit).await, "Try again");

        host.rename("elsewhere.wasm", &rest());
        page.press("Try again").await;
        page.wait_until("the duel is there", async |page| {
            page.state().await.ready && page.processes().await.len() > 5
        })
        .await;
        assert_eq!(page.alerts().await, [""; 0]);
    });
}

#[test]
fn who_leaves_before_the_rest_is_there_hears_nothing_of_it() {
    story(async |page| {
        let host = Host::serve().await;
        let page = page.at(&host);
        host.never_ends(&rest());
        page.open("").await;
        page.press("Help").await;
        page.wait_until("it is waited for", async |page| {
            page.ask("return document.body.innerText.includes('Loading…')")
                .await
        })
        .await;
        page.reload().await;
        let window = Duration::from_millis(300);
        page.stays("what it complains about", window, async |page| {
            page.alerts().await
        })
        .await;
    });
}

/// Numbers the tasks that timers begin, and notes in which of them each part of the page is first there,
/// and how the curtain is then.
const ACTS: &str = "const parts = ['.top', '.palette', '.controls', '.timeline', '.story', '[role=tablist]', 'svg.stage .process'];
    const later = window.setTimeout;
    window.acts = [];
    let task = 0;
    window.setTimeout = (act, ...rest) => later(() => { task += 1; act(); }, ...rest);
    new MutationObserver(() => {
      const place = document.querySelector('#playground');
      const curtain = document.querySelector('#curtain') !== null;
      if (place && curtain !== (getComputedStyle(place).visibility === 'hidden')) window.acts.push(['seen behind the curtain', task, curtain]);
      for (const part of parts.filter(part => document.querySelector(part)))
        if (!window.acts.some(([seen]) => seen === part)) window.acts.push([part, task, curtain]);
    }).observe(document, { childList: true, subtree: true });";

#[test]
fn it_is_drawn_in_short_acts_behind_a_curtain() {
    story(async |page| {
        let page = hurt(&page, ACTS).await;
        page.open("").await;
        let acts: Vec<(String, u32, bool)> = page.ask("return window.acts").await;
        let parts: Vec<&str> = acts.iter().map(|(part, ..)| part.as_str()).collect();
        let wanted = [
            ".top",
            ".palette",
            ".controls",
            ".timeline",
            ".story",
            "[role=tablist]",
            "svg.stage .process",
        ];
        assert_eq!(parts, wanted);
        // With the last one it goes, seen or not.
        let (_, others) = acts.split_last().expect("they are there");
        assert!(others.iter().all(|(.., curtain)| *curtain), "{acts:?}");
        assert!(acts.is_sorted_by(|a, b| a.1 < b.1), "{acts:?}");
        let gone = "return document.querySelector('#curtain') === null";
        assert!(page.ask::<bool>(gone).await);
    });
}
