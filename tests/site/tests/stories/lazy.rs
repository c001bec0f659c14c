//! What a first visit waits for, and what comes when it is needed.

use std::fs;
use std::process::Command;
use std::time::Duration;

use site_tests::{Host, Page, built_site, repository, story};

/// The file with the rest of the page.
fn rest() -> String {
    let files = fs::read_dir(built_site()).expect("the site is built");
    let mut names = files
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned());
    let rest = names.find(|name| name.starts_with("playground-rest-"));
    rest.expect("script/build divides the page")
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
async fn without_rest(page: &Page) -> (Host, Page) {
    let host = Host::serve().await;
    host.rename(&rest(), "elsewhere.wasm");
    page.expect_on_console("404");
    let page = page.at(host.base());
    page.open("").await;
    (host, page)
}

async fn says_that_it_is_missing(page: &Page) {
    page.wait_until("it is said", async |page| {
        let alerts = page.alerts().await;
        alerts
            .iter()
            .any(|text| text.contains("could not be loaded"))
    })
    .await;
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
