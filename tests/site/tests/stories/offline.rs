//! The site without a network, and the change from one build to the next.

use std::rc::Rc;
use std::time::Duration;

use site_tests::{Host, Page, story};

use crate::checking::ends;

/// A page on a host of its own, with all of it kept by the browser.
async fn kept(page: &Page) -> (Rc<Host>, Page) {
    let host = Host::serve().await;
    let page = page.at(&host);
    page.open("?scenario=hello").await;
    is_kept(&page).await;
    page.open("?scenario=hello").await;
    assert!(controlled(&page).await);
    (host, page)
}

async fn controlled(page: &Page) -> bool {
    page.ask("return navigator.serviceWorker.controller !== null")
        .await
}

async fn is_kept(page: &Page) {
    page.wait_until("the site is kept", async |page| {
        page.ask(
            "navigator.serviceWorker.getRegistration().then(r => { window.kept = r?.active?.state; });
            return window.kept === 'activated'",
        )
        .await
    })
    .await;
}

/// Which build the page is of, and which one it gets its files from: the module and the style.
async fn builds(page: &Page) -> (String, String, u16) {
    page.ask::<()>(
        "window.got = null;
        (async () => {
            const module = await (await fetch('./paxos_playground.js')).text();
            const style = await fetch(document.querySelector('link[rel=stylesheet]').href);
            const build = document.querySelector('meta[name=build]')?.content ?? 'first';
            const [, ending] = /\\/\\/ (\\w+)\\n$/.exec(module) ?? [null, 'first'];
            window.got = [build, ending, style.status];
        })();
        return null",
    )
    .await;
    page.wait_for("the files are there", async |page| {
        Ok(page.ask("return window.got").await)
    })
    .await
}

fn all_of(build: &str) -> (String, String, u16) {
    (build.to_owned(), build.to_owned(), 200)
}

/// The page itself is replaced, so nothing that takes its time can be asked before.
async fn is_renewed(page: &Page) {
    let second = "return document.querySelector('meta[name=build]')?.content === 'second'";
    page.wait_until("the new version is there", async |page| {
        page.ask(second).await && page.state().await.ready
    })
    .await;
}

/// The browser looks for a newer build now, and not only at the next visit.
async fn looks_for_news(page: &Page) {
    page.ask::<()>(
        "window.looked = navigator.serviceWorker.getRegistration().then(r => r.update()).catch(() => {}); return null",
    )
    .await;
}

/// It has ended with that.
async fn has_looked(page: &Page) {
    let script = "looked.then(() => arguments[arguments.length - 1](null))";
    page.ask_later::<()>(script).await;
}

/// All its files are fetched and looked at first.
async fn is_offered(page: &Page) {
    let patient = page.clone().with_patience(Duration::from_secs(40));
    patient
        .wait_until("the new version is offered", offered)
        .await;
}

async fn offered(page: &Page) -> bool {
    page.ask("return document.querySelector('.renewal') !== null")
        .await
}

#[test]
fn what_was_visited_once_works_without_a_network() {
    story(async |page| {
        let (host, page) = kept(&page).await;
        host.stop().await;
        page.expect_on_console("ERR_CONNECTION_REFUSED");

        page.reload().await;
        page.open("?scenario=duel&utm_source=train").await;
        assert_eq!(page.with_role("proposer").await, ["P", "Q"]);
        page.open("index.html?speed=50").await;
        page.play_until_learned("Hello").await;
        page.press("Check every schedule").await;
        page.press("Check").await;
        ends(&page, "holds").await;

        page.read("paxos-explained.html#quorums").await;
        let styled: (String, String) = page
            .ask("return [document.querySelector('h1').textContent, getComputedStyle(document.querySelector('.contents')).position]")
            .await;
        assert_eq!(styled.0, "Paxos, explained by breaking it");
        assert_eq!(styled.1, "sticky", "it has its style");
    });
}

#[test]
fn the_first_visit_can_go_on_without_a_network() {
    story(async |page| {
        let host = Host::serve().await;
        let page = page.at(&host);
        page.open("?scenario=hello&speed=50").await;
        page.wait_until("the worker is in charge", controlled).await;
        host.stop().await;
        page.play_until_learned("Hello").await;
        page.press("Check every schedule").await;
        page.press("Check").await;
        ends(&page, "holds").await;
    });
}

#[test]
fn a_first_visit_to_another_build_goes_on_with_the_network() {
    story(async |page| {
        let host = Host::serve().await;
        let page = page.at(&host);
        host.write(
            "before.html",
            &host
                .read("index.html")
                .replacen(" data-build=\"", " data-build=\"0", 1),
        );
        page.open("before.html?scenario=hello").await;
        is_kept(&page).await;
        let window = Duration::from_millis(700);
        page.stays("who is in charge", window, controlled).await;
        assert!(!controlled(&page).await);
        assert!(!offered(&page).await);
    });
}

#[test]
fn a_page_keeps_the_build_that_it_began_with() {
    story(async |page| {
        let (host, page) = kept(&page).await;
        host.deploy("second");
        looks_for_news(&page).await;
        is_offered(&page).await;
        assert_eq!(builds(&page).await, all_of("first"));

        page.open_tab().await;
        page.open("").await;
        assert_eq!(
            builds(&page).await,
            all_of("first"),
            "the old build is in charge"
        );
        is_offered(&page).await;

        page.press("Reload").await;
        is_renewed(&page).await;
        assert_eq!(builds(&page).await, all_of("second"));

        page.go_to_tab(0).await;
        assert_eq!(
            builds(&page).await,
            all_of("first"),
            "nobody has asked here"
        );
        page.press("Reload").await;
        is_renewed(&page).await;
        assert_eq!(builds(&page).await, all_of("second"));
    });
}

#[test]
fn a_host_that_denies_a_change_is_not_believed() {
    story(async |page| {
        let (host, page) = kept(&page).await;
        host.deploy("second");
        host.backdate();
        looks_for_news(&page).await;
        is_offered(&page).await;
    });
}

#[test]
fn a_reload_of_the_only_page_brings_the_new_build() {
    story(async |page| {
        let (host, page) = kept(&page).await;
        host.deploy("second");
        looks_for_news(&page).await;
        is_offered(&page).await;
        page.reload().await;
        is_renewed(&page).await;
        assert_eq!(builds(&page).await, all_of("second"));
        assert!(!offered(&page).await);
        page.open("?scenario=duel").await;
        assert_eq!(builds(&page).await, all_of("second"));
    });
}

#[test]
fn a_build_that_is_only_half_there_is_not_taken() {
    story(async |page| {
        let (host, page) = kept(&page).await;
        host.deploy("second");
        host.change("checker.js", |text| {
            format!("{text}// not what the list says\n")
        });
        page.expect_on_console("of another build");
        looks_for_news(&page).await;
        // WebKit never ends an update, nor begins another, if the page that wants it goes before it has heard of it.
        has_looked(&page).await;
        page.reload().await;
        assert_eq!(builds(&page).await, all_of("first"));
        let window = Duration::from_millis(500);
        page.stays("that nothing is offered", window, offered).await;

        host.list();
        // To look again while the first look goes on is to look once.
        let patient = page.clone().with_patience(Duration::from_secs(40));
        patient
            .wait_until("the new version is offered", async |page| {
                looks_for_news(page).await;
                offered(page).await
            })
            .await;
    });
}

#[test]
fn without_what_was_kept_the_network_does() {
    story(async |page| {
        let (_host, page) = kept(&page).await;
        let forget = "caches.keys().then(async names => {
                for (const name of names) await caches.delete(name);
                window.forgotten = true;
            });
            return null";
        page.ask::<()>(forget).await;
        page.wait_until("all is forgotten", async |page| {
            page.ask("return window.forgotten === true").await
        })
        .await;
        page.open("").await;
        assert_eq!(builds(&page).await, all_of("first"));
    });
}

#[test]
fn what_is_not_ours_is_left_to_the_network() {
    story(async |page| {
        let (_host, page) = kept(&page).await;
        let script = "window.answers = null;
            Promise.all(['./nothing.json', './paxos_playground.js?fresh', '../'].map(async path =>
                (await fetch(path)).status)).then(all => { window.answers = all; });
            return null";
        page.expect_on_console("404");
        page.ask::<()>(script).await;
        let answers: Vec<u16> = page
            .wait_for("all have answered", async |page| {
                Ok(page.ask("return window.answers").await)
            })
            .await;
        assert_eq!(answers, [404, 200, 404]);
    });
}

#[test]
fn in_a_frame_nothing_is_kept() {
    story(async |page| {
        let host = Host::serve().await;
        let page = page.at(&host);
        let blog =
            "<!doctype html><title>Blog</title><link rel=icon href=data:,><iframe src=./></iframe>";
        host.write("blog.html", blog);
        page.read("blog.html").await;
        page.wait_until("the frame is usable", async |page| {
            page.ask("return frames[0].document.documentElement.dataset.ready === 'true'")
                .await
        })
        .await;
        let window = Duration::from_millis(700);
        page.stays("what is registered", window, async |page| {
            let look = "navigator.serviceWorker.getRegistrations().then(all => { window.all = all.length; });
                return window.all ?? 0";
            assert_eq!(page.ask::<u32>(look).await, 0);
        })
        .await;
    });
}
