//! A reader of the article.

use std::time::Duration;

use site_tests::{Page, story};

const ARTICLE: &str = "paxos-explained.html";

async fn read(page: &Page, width: u32, height: u32, scheme: &str) {
    page.use_screen(width, height).await;
    page.prefer("prefers-color-scheme", scheme).await;
    page.read(ARTICLE).await;
    page.wait_until("the elements are there", async |page| {
        page.ask("return customElements.get('paxos-playground') !== undefined")
            .await
    })
    .await;
}

/// What a script finds fault with, one line for each.
async fn none(page: &Page, what: &str, script: &str) {
    let found: Vec<String> = page.ask(script).await;
    assert_eq!(found, [""; 0], "{what}");
}

#[test]
fn axe_has_no_complaint_on_a_light_desk() {
    story(async |page| is_accessible(&page, 1440, 900, "light").await);
}

#[test]
fn axe_has_no_complaint_on_a_dark_phone() {
    story(async |page| is_accessible(&page, 390, 844, "dark").await);
}

async fn is_accessible(page: &Page, width: u32, height: u32, scheme: &str) {
    read(page, width, height, scheme).await;
    page.ask::<()>(
        "for (const one of document.querySelectorAll('details')) one.open = true; return null",
    )
    .await;
    let complaints = page.accessibility_complaints().await;
    assert_eq!(complaints, [""; 0]);
    // A figure is loaded once it is near.
    page.ask::<()>("document.querySelector('paxos-playground').scrollIntoView(); return null")
        .await;
    page.enter(0).await;
    let complaints = page.accessibility_complaints().await;
    assert_eq!(complaints, [""; 0], "in a figure");
    page.leave().await;
}

#[test]
fn it_fits_every_screen() {
    story(async |page| {
        for (width, height) in [(320, 568), (390, 844), (900, 900), (1440, 900)] {
            read(&page, width, height, "light").await;
            let script = "for (const one of document.querySelectorAll('details')) one.open = true;
                const wide = document.documentElement.scrollWidth;
                const sticking = [...document.querySelectorAll('main *')].filter(e => !e.closest('i'))
                    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                    .map(e => e.outerHTML.slice(0, 80));
                return wide > innerWidth ? [`it is ${wide} wide`, ...sticking] : sticking";
            none(&page, &format!("{width} wide"), script).await;
        }
    });
}

#[test]
fn its_headings_are_in_order() {
    story(async |page| {
        read(&page, 1440, 900, "light").await;
        let script = "const all = [...document.querySelectorAll('h1, h2, h3, h4')];
            const levels = all.map(e => Number(e.tagName[1]));
            return all.filter((_, i) => levels[i] > (levels[i - 1] ?? 0) + 1 || (levels[i] === 1 && i > 0))
                .map(e => e.outerHTML)";
        none(&page, "headings", script).await;
        let sections: Vec<String> = page
            .ask("return [...document.querySelectorAll('main > section')].map(e => e.id)")
            .await;
        let contents: Vec<String> = page
            .ask("return [...document.querySelectorAll('.contents a')].map(e => e.hash.slice(1))")
            .await;
        assert_eq!(contents, sections, "the contents name every section");
    });
}

#[test]
fn every_link_within_the_site_leads_somewhere() {
    story(async |page| {
        read(&page, 1440, 900, "light").await;
        let script = "window.lost = null;
            (async () => {
                const own = [...document.querySelectorAll('[href], [src]')]
                    .map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), location))
                    .filter(url => url.origin === location.origin);
                const lost = own.filter(url => url.pathname === location.pathname && url.hash)
                    .filter(url => !document.getElementById(url.hash.slice(1))).map(String);
                for (const url of new Set(own.map(url => url.origin + url.pathname))) {
                    const { status } = await fetch(url);
                    if (status !== 200) lost.push(`${status} ${url}`);
                }
                window.lost = lost;
            })();
            return null";
        page.ask::<()>(script).await;
        let lost: Vec<String> = page
            .wait_for("all links are followed", async |page| {
                Ok(page.ask("return window.lost").await)
            })
            .await;
        assert_eq!(lost, [""; 0]);
    });
}

#[test]
fn its_scenarios_are_known_and_play() {
    story(async |page| {
        read(&page, 1440, 900, "light").await;
        let named: Vec<String> = page
            .ask(
                "const links = [...document.querySelectorAll('a[href^=\"./?scenario=\"]')];
                const elements = [...document.querySelectorAll('paxos-playground[scenario]')];
                return [...new Set([...links.map(e => new URL(e.href).searchParams.get('scenario')),
                    ...elements.map(e => e.getAttribute('scenario'))])]",
            )
            .await;
        assert!(named.len() > 10, "{named:?}");
        let inside: Vec<String> = page
            .ask(
                "return [...document.querySelectorAll('paxos-playground > script')].map(e => e.textContent)",
            )
            .await;
        assert_eq!(inside.len(), 3);
        for scenario in named {
            page.open(&format!("?scenario={scenario}")).await;
            assert_eq!(page.alerts().await, [""; 0], "{scenario}");
        }
    });
}

#[test]
fn its_figures_come_to_life() {
    story(async |page| {
        let page = page.with_patience(Duration::from_secs(60));
        read(&page, 1440, 900, "light").await;
        page.ask::<()>(
            "window.alive = []; window.wrong = [];
            addEventListener('paxos:ready', e => alive.push(e.target));
            addEventListener('paxos:error', e => wrong.push(e.detail.message));
            for (const one of document.querySelectorAll('details')) one.open = true;
            return null",
        )
        .await;
        let count: usize = page
            .ask("return document.querySelectorAll('paxos-playground').length")
            .await;
        assert!(count > 15, "{count}");
        for number in 0..count {
            // One further figure, and no more: each one is a whole playground.
            page.wait_until("a figure is alive", async |page| {
                let script =
                    "const one = document.querySelectorAll('paxos-playground')[arguments[0]];
                    one.scrollIntoView({ block: 'center', behavior: 'instant' });
                    if (!alive.includes(one) && wrong.length === 0) return false;
                    return true";
                page.ask_with(script, vec![number.into()]).await
            })
            .await;
        }
        none(&page, "errors of the figures", "return wrong").await;
    });
}
