//! Somebody wants the page to run what they wrote, through every entrance that it has.

use serde_json::{Value, json};
use site_tests::{Page, key, story};

use crate::embedding::{call, read};
use crate::library::give;

/// What would set `window.ran` if it were taken for more than text.
const CORPUS: [&str; 14] = [
    "<script>ran=1</script>",
    "</script><script>ran=1</script>",
    "<img src=x onerror=ran=1>",
    "\"><img src=x onerror=\"ran=1\">",
    "'><svg/onload=ran=1>",
    "<svg><script>ran=1</script></svg>",
    "</title><img src=x onerror=ran=1>",
    "</textarea><img src=x onerror=ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'>",
    "<a href=javascript:ran=1 autofocus onfocus=ran=1>",
    "<style>@import 'x';*{background:url(x)}</style>",
    "]]><img src=x onerror=ran=1><![CDATA[",
    "javascript:ran=1//${ran=1}{{ran=1}}",
    "&lt;img src=x onerror=ran=1&gt;\u{202e}\u{0}",
];

/// What a field takes.
fn typable() -> impl Iterator<Item = &'static str> {
    CORPUS.into_iter().filter(|evil| !evil.contains('\0'))
}

/// From the beginning of the page: hears what the content policy had to stop.
const GUARD: &str = "window.stopped ??= [];
    addEventListener('securitypolicyviolation', e => stopped.push(e.violatedDirective + ' ' + e.blockedURI));
    return null";

/// What there is that a text cannot have made: scripts and frames beyond the page's own, handlers,
/// addresses that run, and what the policy had to stop.
const FOUND: &str = "
    const roots = [document, ...[...document.querySelectorAll('paxos-playground')].map(e => e.shadowRoot).filter(Boolean)];
    const odd = roots.flatMap(root => [...root.querySelectorAll('*')]).filter(e =>
        [...e.attributes].some(({ name }) => name.startsWith('on'))
        || ['src', 'href', 'action'].some(name => /^\\s*javascript:/i.test(e.getAttribute(name)))
        || ['IMG', 'OBJECT', 'EMBED', 'BASE', 'STYLE'].includes(e.tagName)
        || e.localName === 'script' && e.closest('svg') !== null
        || e.tagName === 'IFRAME' && e.hasAttribute('srcdoc'));
    return [window.ran ?? null, odd.map(e => e.outerHTML.slice(0, 200)), window.stopped ?? []]";

async fn nothing_ran(page: &Page, entrance: &str) {
    let (ran, odd, stopped): (Value, Vec<String>, Vec<String>) = page.ask(FOUND).await;
    assert_eq!(ran, Value::Null, "something ran by {entrance}");
    assert_eq!(odd, [""; 0], "there is markup by {entrance}");
    assert_eq!(stopped, [""; 0], "the policy had to stop it by {entrance}");
}

/// A scenario with this wherever a text may be.
fn scenario(evil: &str) -> Value {
    let name = |place: usize| {
        let short: String = evil.chars().filter(|c| *c != '\0').take(38).collect();
        format!("{place} {short}")
    };
    json!({
        "version": 1, "id": "evil", "title": evil, "summary": evil,
        "processes": [
            { "id": name(1), "roles": ["proposer"] },
            { "id": name(2), "roles": ["acceptor"] },
            { "id": name(3), "roles": ["learner"] },
        ],
        "script": [{ "at": 0, "do": "propose", "process": name(1), "value": evil }],
        "notes": [{ "at": 0, "title": evil, "text": evil }, { "on": "chosen", "title": evil, "text": evil }],
    })
}

/// Looks at everything that shows texts of a scenario.
async fn look_around(page: &Page) {
    // The card of the acceptor, with its links and those who hold what it voted.
    page.ask::<()>(
        "document.querySelectorAll('[data-process]')[1].dispatchEvent(new MouseEvent('click', { bubbles: true }));
        return null",
    )
    .await;
    page.wait_until("its card is open", async |page| {
        page.ask::<bool>(
            "const parts = document.querySelectorAll('.inspector details');
            for (const part of parts) part.open = true;
            return parts.length > 0",
        )
        .await
    })
    .await;
    for tab in ["Rules", "Messages", "State", "Events"] {
        page.ask_with::<()>(
            "[...document.querySelectorAll('[role=tab]')].find(t => t.textContent.startsWith(arguments[0]))?.click(); return null",
            vec![tab.into()],
        )
        .await;
    }
}

#[test]
fn a_file_is_text_and_so_is_the_link_made_of_it() {
    story(async |page| {
        page.open("?speed=50").await;
        page.ask::<()>(GUARD).await;
        let mut links = Vec::new();
        for evil in CORPUS {
            give(&page, evil, &scenario(evil).to_string()).await;
            page.wait_until("the value is learned", async |page| {
                let state = page.state().await;
                if !state.playing && state.learned.is_none() && page.has_button("Play").await {
                    page.play().await;
                }
                page.state().await.learned.as_deref() == Some(evil)
            })
            .await;
            look_around(&page).await;
            nothing_ran(&page, &format!("the file {evil}")).await;
            page.press("Share").await;
            let field = page.field("Address").await;
            let address = field.value().await.unwrap().unwrap();
            page.press("Close share").await;
            links.push((evil, address.split_once('#').unwrap().1.to_owned()));
            // What is no scenario is quoted in an error.
            give(
                &page,
                evil,
                &json!({ "version": evil, evil: 1 }).to_string(),
            )
            .await;
            page.wait_until("it is refused", async |page| {
                !page.alerts().await.is_empty()
            })
            .await;
            nothing_ran(&page, &format!("the wrong file {evil}")).await;
        }
        for (evil, link) in &links {
            page.follow(link).await;
            page.wait_until("it is what was shared", async |page| {
                page.state().await.learned.as_deref() == Some(evil)
            })
            .await;
            nothing_ran(&page, &format!("the link of {evil}")).await;
        }
        // An embed opens each as the page does: a few will do.
        for (evil, link) in links.iter().step_by(4) {
            let element = format!("<paxos-playground link=\"{link}\"></paxos-playground>");
            let blog = read(&page, &element).await;
            page.enter(0).await;
            page.ask::<()>(GUARD).await;
            page.wait_until("it is what was shared", async |page| {
                page.processes().await.len() == 3
            })
            .await;
            nothing_ran(&page, &format!("the embedded link of {evil}")).await;
            page.leave().await;
            nothing_ran(&page, &format!("the element with the link of {evil}")).await;
            drop(blog);
        }
    });
}

#[test]
fn an_address_is_text() {
    story(async |page| {
        for evil in CORPUS {
            let encoded: String = evil.bytes().map(|byte| format!("%{byte:02X}")).collect();
            page.open(&format!(
                "?scenario={encoded}&speed={encoded}&theme={encoded}&seed={encoded}#{encoded}"
            ))
            .await;
            page.ask::<()>(GUARD).await;
            nothing_ran(&page, &format!("the address {evil}")).await;
            page.follow(&format!("s1-{evil}")).await;
            page.follow(evil).await;
            nothing_ran(&page, &format!("the fragment {evil}")).await;
        }
    });
}

#[test]
fn what_was_kept_is_text() {
    story(async |page| {
        page.open("").await;
        for evil in CORPUS {
            let kept = json!({
                "version": 1, "current": 0,
                "runs": [{ "scenario": scenario(evil).to_string(), "shown": 0, "cursor": [0, 0],
                    "branches": [{ "id": 0, "name": evil, "places": [0, 0, 0, 0, 0, 0] }] }],
            });
            for text in [
                kept.to_string(),
                evil.to_owned(),
                json!({ "version": evil }).to_string(),
            ] {
                // What the page itself would keep when it is left is not kept.
                page.ask_with::<()>(
                    "for (const part of ['session', 'session-broken-1', 'theme', 'goals', 'keys'])
                      localStorage.setItem('paxos-' + part, arguments[0]);
                    Storage.prototype.setItem = () => {}; return null",
                    vec![text.as_str().into()],
                )
                .await;
                page.open("").await;
                page.wait_until("it is shown, or said to be wrong", async |page| {
                    page.ask("return document.querySelectorAll('[data-process]').length === 3")
                        .await
                        || !page.alerts().await.is_empty()
                })
                .await;
                page.ask::<()>(GUARD).await;
                nothing_ran(&page, &format!("the storage {text}")).await;
            }
        }
    });
}

#[test]
fn what_is_typed_is_text() {
    story(async |page| {
        page.open("?speed=50").await;
        page.ask::<()>(GUARD).await;
        for evil in typable() {
            page.press("Restart").await;
            page.paste_into("Value", evil).await;
            page.press("Propose").await;
            page.play_until_learned(evil).await;
            look_around(&page).await;
            nothing_ran(&page, &format!("the value {evil}")).await;
        }
    });
}

#[test]
fn names_searches_and_json_are_text() {
    story(async |page| {
        for evil in typable() {
            page.open("?scenario=hello").await;
            page.ask::<()>(GUARD).await;
            let name: String = evil.chars().take(40).collect();
            page.select_process("A").await;
            page.press("Rename").await;
            page.paste_into("New name of A", &name).await;
            page.strike(key::ENTER).await;
            page.wait_until("it has its name", async |page| {
                page.processes().await.contains(&name)
            })
            .await;
            look_around(&page).await;
            nothing_ran(&page, &format!("the name {evil}")).await;
            page.press("Scenarios: Hello").await;
            page.paste_into("Search scenarios", evil).await;
            nothing_ran(&page, &format!("the search for {evil}")).await;
            page.empty("Search scenarios").await;
            page.press("Edit this one").await;
            page.paste_into("Scenario as JSON", evil).await;
            page.press("Open as edited").await;
            page.wait_until("it is refused", async |page| {
                !page.alerts().await.is_empty()
            })
            .await;
            nothing_ran(&page, &format!("the JSON {evil}")).await;
        }
    });
}

/// What is not the page's own does not even run where it is markup. A script of a driver may do more than
/// one of the page, so this begins by itself.
const INTRUDE: &str = "setTimeout(() => {
    const body = document.body;
    const add = (name, more) => body.append(Object.assign(document.createElement(name), more));
    add('script', { textContent: 'window.ran = 1' });
    add('img', { src: 'https://elsewhere.example/x.png' });
    add('iframe', { src: 'https://elsewhere.example/' });
    add('style', { textContent: 'body { visibility: hidden }' });
    add('base', { href: 'https://elsewhere.example/' });
    add('form', { action: location.href });
    try { document.forms[document.forms.length - 1].submit(); } catch {}
    const hidden = document.createElement('div');
    hidden.innerHTML = '<button onclick=\"window.ran = 2\"></button>';
    hidden.firstChild.click();
    try { setTimeout('window.ran = 3', 0); } catch {}
    fetch('https://elsewhere.example/').catch(() => {});
    window.intruded = [getComputedStyle(body).visibility, new URL('x', document.baseURI).host === location.host];
    }); return null";

/// The kinds of rules that had to stop something.
async fn what_is_stopped(page: &Page) {
    page.ask::<()>(GUARD).await;
    page.ask::<()>(INTRUDE).await;
    page.wait_until("each of them was stopped", async |page| {
        let stopped: Vec<String> = page.ask("return window.stopped").await;
        let kinds = [
            "script-src",
            "img-src",
            "frame-src",
            "style-src",
            "base-uri",
            "form-action",
            "connect-src",
        ];
        kinds
            .iter()
            .all(|kind| stopped.iter().any(|it| it.starts_with(kind)))
    })
    .await;
    let intruded: (String, bool) = page.ask("return window.intruded").await;
    assert_eq!(intruded, ("visible".to_owned(), true));
    assert_eq!(
        page.ask::<Value>("return window.ran ?? null").await,
        Value::Null
    );
}

#[test]
fn the_policy_stops_what_is_not_the_pages_own() {
    story(async |page| {
        page.expect_on_console("elsewhere.example");
        page.expect_on_console("Content Security Policy");
        page.expect_on_console("Content-Security-Policy");
        page.open("?scenario=hello").await;
        what_is_stopped(&page).await;
        let _blog = read(&page, crate::embedding::HELLO).await;
        page.enter(0).await;
        what_is_stopped(&page).await;
        page.leave().await;
    });
}

#[test]
fn an_element_shows_text_and_hears_nothing_odd() {
    story(async |page| {
        for evil in CORPUS {
            let escaped: String = evil
                .chars()
                .map(|c| format!("&#{};", u32::from(c)))
                .collect();
            let inside = format!(
                "<div style='display: grid; grid-template-columns: 1fr 1fr 1fr'>
                <paxos-playground scenario=\"{escaped}\" controls=\"{escaped}\" theme=\"{escaped}\" speed=\"{escaped}\"
                    autoplay=\"{escaped}\" title=\"{escaped}\" aria-label=\"{escaped}\"></paxos-playground>
                <paxos-playground scenario=hello></paxos-playground>
                <paxos-playground link=\"{escaped}\" title=\"{escaped}\"></paxos-playground></div>"
            );
            let blog = read(&page, &inside).await;
            page.enter(1).await;
            page.ask::<()>(GUARD).await;
            page.leave().await;
            let post = "const frame = document.querySelectorAll('paxos-playground')[1].shadowRoot.querySelector('iframe');
                const evil = arguments[0];
                for (const odd of [evil, { [evil]: evil }, { paxos: evil }, { paxos: 1, do: evil, id: evil, text: evil }, [evil], null, 7,
                    { type: evil }, new Map([[evil, evil]]), new ArrayBuffer(8)])
                  frame.contentWindow.postMessage(odd, '*');
                return null";
            page.ask_with::<()>(post, vec![evil.into()]).await;
            let second = "(async () => { const all = document.querySelectorAll('paxos-playground');
                await all[1].load(arguments[0]); })().catch(() => {}); return null";
            page.ask_with::<()>(second, vec![scenario(evil).to_string().into()])
                .await;
            page.enter(1).await;
            page.wait_until("it has come", async |page| {
                page.processes().await.len() == 3
            })
            .await;
            nothing_ran(&page, &format!("load({evil}), in the frame")).await;
            page.leave().await;
            for number in [0, 2] {
                page.enter(number).await;
                nothing_ran(&page, &format!("the attributes of {number}: {evil}")).await;
                page.leave().await;
            }
            nothing_ran(&page, &format!("the element {evil}")).await;
            let _ = call(&page, "pause()").await;
            drop(blog);
        }
    });
}
