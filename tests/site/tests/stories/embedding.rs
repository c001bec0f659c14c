//! Somebody writes a blog with the playground in it, and somebody reads it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use site_tests::{Blog, Page, Pointer, key, story};

/// Hears all that the elements tell, in a page that may have scripts of its own.
const WITNESS: &str = "<script>window.seen = [];
    for (const name of ['ready', 'event', 'chosen', 'learned', 'violation', 'error'])
      document.addEventListener('paxos:' + name, e => seen.push([name, e.detail]));</script>";

/// A page with this in it, which loads the element from the site.
fn article(page: &Page, inside: &str) -> String {
    let site = page.site();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>
        <title>A blog</title>{WITNESS}<script async src='{site}embed.js'></script>
        <main>{inside}</main></html>"
    )
}

/// Serves an article and opens it.
async fn read(page: &Page, inside: &str) -> Blog {
    let blog = Blog::serve(article(page, inside), None).await;
    page.visit(&blog.address()).await;
    blog
}

const HELLO: &str = "<paxos-playground scenario=hello speed=50></paxos-playground>";

/// What was told of this kind.
async fn told(page: &Page, name: &str) -> Vec<Value> {
    let script =
        "return seen.filter(([name]) => name === arguments[0]).map(([, detail]) => detail)";
    page.ask_with(script, vec![name.into()]).await
}

async fn wait_for(page: &Page, name: &str) -> Value {
    page.wait_for(&format!("paxos:{name} is told"), async |page| {
        Ok(told(page, name).await.into_iter().next())
    })
    .await
}

/// A method of the first element, and its answer or the text of its error.
async fn call(page: &Page, method: &str) -> Value {
    let body = format!("return await document.querySelector('paxos-playground').{method}");
    page.promised(&body).await
}

#[derive(Debug, Deserialize)]
struct Fit {
    frame: f64,
    scrolls: bool,
}

/// How the first frame fits what is in it.
async fn fit(page: &Page) -> Fit {
    page.enter(0).await;
    let script = "const root = document.documentElement;
        return { frame: innerHeight, scrolls: root.scrollHeight > innerHeight || root.scrollWidth > innerWidth }";
    let fit = page.ask(script).await;
    page.leave().await;
    fit
}

#[test]
fn one_script_and_one_tag_show_a_live_scenario() {
    story(async |page| {
        let blog = read(&page, HELLO).await;
        let ready = wait_for(&page, "ready").await;
        assert_eq!(ready["scenario"], json!({"id": "hello", "title": "Hello"}));
        page.enter(0).await;
        page.play_until_learned("Hello").await;
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        page.leave().await;
        let chosen = wait_for(&page, "chosen").await;
        assert_eq!(
            (&chosen["value"], &chosen["ballot"]),
            (&json!("Hello"), &json!("1.P"))
        );
        assert!(chosen["time"].as_f64() > Some(0.0));
        assert_eq!(wait_for(&page, "learned").await["process"], "L");
        assert!(told(&page, "error").await.is_empty());
        assert!(!fit(&page).await.scrolls);
        let title: String = page
            .ask("return document.querySelector('paxos-playground').shadowRoot.querySelector('iframe').title")
            .await;
        assert_eq!(title, "Paxos Playground: Hello");
        drop(blog);
    });
}

#[test]
fn another_site_with_a_strict_policy_can_embed_it() {
    story(async |page| {
        let origin = page.site().split("/blog").next().unwrap_or_default();
        let policy = format!(
            "default-src 'none'; script-src {origin}; frame-src {origin}; style-src 'self'; base-uri 'none'"
        );
        let html = format!(
            "<!doctype html><html lang=en><title>Strict</title><script async src='{}embed.js'></script>{HELLO}</html>",
            page.site()
        );
        let blog = Blog::serve(html, Some(policy)).await;
        page.visit(&blog.foreign_address()).await;
        page.enter(0).await;
        page.leave().await;
        let state = call(&page, "seek(200)").await;
        assert_eq!(state["chosen"]["value"], "Hello");
        let wide: bool = page
            .ask("const f = document.querySelector('paxos-playground').shadowRoot.querySelector('iframe');
                return f.clientWidth === f.parentNode.host.clientWidth && getComputedStyle(f).borderTopWidth === '0px'")
            .await;
        assert!(wide, "its style applies");
    });
}

#[test]
fn it_is_a_module_too() {
    for script in [
        "<script type=module src='/own/embed.js'></script>",
        "<script type=module>import '/own/embed.js';</script>",
    ] {
        story(async move |page| {
            let html = format!("<!doctype html><title>M</title>{WITNESS}{script}{HELLO}");
            let blog = Blog::serve(html, None).await;
            page.visit(&blog.address()).await;
            wait_for(&page, "ready").await;
        });
    }
}

const OWN: &str = r#"{"version": 1, "title": "Mine", "processes": [
    {"id": "P", "roles": ["proposer"]}, {"id": "A", "roles": ["acceptor"]}, {"id": "L", "roles": ["learner"]}],
    "script": [{"at": 0, "do": "propose", "process": "P", "value": "<b>mine</b>"}]}"#;

fn inside(json: &str) -> String {
    format!(
        "<paxos-playground autoplay speed=50><script type='application/json'>{json}</script></paxos-playground>"
    )
}

#[test]
fn a_scenario_of_ones_own_stands_inside() {
    story(async |page| {
        let _blog = read(&page, &inside(OWN)).await;
        assert_eq!(wait_for(&page, "ready").await["scenario"]["title"], "Mine");
        assert_eq!(wait_for(&page, "learned").await["value"], "<b>mine</b>");
    });
}

#[test]
fn what_is_wrong_with_it_is_said_in_the_frame_and_to_the_page() {
    story(async |page| {
        let wrong = OWN.replace(
            "\"P\", \"roles\": [\"proposer\"]",
            "\"P\", \"roles\": [\"king\"]",
        );
        let _blog = read(&page, &inside(&wrong)).await;
        let error = wait_for(&page, "error").await["message"].to_string();
        assert!(error.contains("processes[0].roles"), "{error}");
        let answer = call(&page, "play()").await.to_string();
        assert!(answer.contains("processes[0].roles"), "{answer}");
        page.enter(0).await;
        let shown = page.alerts().await.join(" ");
        assert!(shown.contains("processes[0].roles"), "{shown}");
        page.leave().await;
        let loaded = call(&page, "load('hello')").await;
        assert_eq!(
            loaded["scenario"]["id"], "hello",
            "and another one can be loaded"
        );
    });
}

#[test]
fn a_scenario_that_is_not_there_is_an_error() {
    story(async |page| {
        let _blog = read(&page, "<paxos-playground scenario=nope></paxos-playground>").await;
        let error = wait_for(&page, "error").await;
        assert_eq!(error["message"], "There is no scenario “nope”.");
        assert_eq!(
            call(&page, "state()").await,
            "Error: There is no scenario “nope”."
        );
    });
}

#[test]
fn methods_lead_through_it() {
    story(async |page| {
        let _blog = read(&page, HELLO).await;
        let state = call(&page, "state()").await;
        assert_eq!(
            (&state["time"], &state["playing"]),
            (&json!(0), &json!(false))
        );
        let ids: Vec<_> = state["processes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["id"].clone())
            .collect();
        assert_eq!(ids, ["P", "A", "B", "C", "L"]);
        let stepped = call(&page, "step()").await;
        assert_eq!(stepped["playing"], false);
        let later = call(&page, "step()").await["time"].as_f64();
        assert!(later > Some(0.0), "{later:?}");
        assert!(call(&page, "stepBack()").await["time"].as_f64() < later);
        let there = call(&page, "seek(120)").await;
        assert_eq!(
            (&there["time"], &there["chosen"]),
            (&json!(120), &Value::Null)
        );
        assert_eq!(call(&page, "seek(1e9)").await["learned"], "Hello");
        assert_eq!(call(&page, "seek(0)").await["learned"], Value::Null);
        assert_eq!(call(&page, "play()").await["playing"], true);
        wait_for(&page, "learned").await;
        assert_eq!(call(&page, "pause()").await["playing"], false);
        assert_eq!(call(&page, "load('duel')").await["scenario"]["id"], "duel");
        let own = call(&page, &format!("load({OWN})")).await;
        assert_eq!(own["scenario"]["title"], "Mine");
        for (bad, word) in [
            ("seek('soon')", "seek"),
            ("seek(-1)", "seek"),
            ("load('nope')", "nope"),
            ("load({version: 9, processes: []})", "version"),
            ("load()", "load"),
        ] {
            let answer = call(&page, bad).await;
            assert!(
                answer
                    .as_str()
                    .is_some_and(|text| text.contains("rror") && text.contains(word)),
                "{bad}: {answer}"
            );
        }
        assert_eq!(
            call(&page, "state()").await["scenario"]["title"],
            "Mine",
            "and nothing has changed"
        );
    });
}

#[test]
fn events_come_in_the_order_in_which_things_happen() {
    story(async |page| {
        let _blog = read(&page, HELLO).await;
        call(&page, "seek(300)").await;
        let seen: Vec<(String, Value)> = page.ask("return seen").await;
        let times: Vec<f64> = seen
            .iter()
            .skip(1)
            .map(|(_, detail)| detail["time"].as_f64().unwrap())
            .collect();
        assert!(times.is_sorted(), "{times:?}");
        assert_eq!(seen[0].0, "ready");
        for (index, (name, _)) in seen
            .iter()
            .enumerate()
            .filter(|(_, (name, _))| name == "chosen" || name == "learned")
        {
            let (before, detail) = &seen[index - 1];
            assert_eq!(before, "event", "{name} comes with what it is about");
            assert!(
                detail["text"]
                    .as_str()
                    .is_some_and(|text| text.contains(&name[..5])),
                "{detail}"
            );
        }
        let first = |kind: &str| seen.iter().position(|(name, _)| name == kind).unwrap();
        assert!(first("chosen") < first("learned"));
        let count = seen.len();
        call(&page, "seek(300)").await;
        assert_eq!(
            page.ask::<usize>("return seen.length").await,
            count,
            "nothing is told twice"
        );
    });
}

#[test]
fn a_broken_rule_is_told_as_a_violation() {
    story(async |page| {
        let _blog = read(
            &page,
            "<paxos-playground scenario=own-value-always speed=100 autoplay></paxos-playground>",
        )
        .await;
        let violation = wait_for(&page, "violation").await;
        assert!(
            violation["invariant"].is_string() && violation["meaning"].is_string(),
            "{violation}"
        );
    });
}

/// Many embeds far below each other.
fn long(count: usize) -> String {
    let one = "<paxos-playground scenario=duel speed=0.5 autoplay></paxos-playground><div style='height: 2000px'></div>";
    one.repeat(count)
}

/// For each element: whether its frame was loaded, and what it last said of playing.
async fn loaded(page: &Page) -> usize {
    page.ask("return [...document.querySelectorAll('paxos-playground')].filter(e => e.shadowRoot.querySelector('iframe[src]')).length").await
}

async fn moves(page: &Page, number: usize) -> bool {
    page.enter(number).await;
    let before = page.time().await;
    let scheduled = page.scheduled().await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let (time, frames) = (page.time().await, page.scheduled().await);
    let playing = page.state().await.playing;
    page.leave().await;
    assert_eq!(time > before, playing, "time runs while it plays");
    assert_eq!(
        frames > scheduled,
        playing,
        "frames are asked for while it plays, and only then"
    );
    playing
}

#[test]
fn of_ten_on_a_long_page_only_what_is_seen_is_there_and_runs() {
    story(async |page| {
        let _blog = read(&page, &long(10)).await;
        wait_for(&page, "ready").await;
        assert_eq!(loaded(&page).await, 1);
        assert!(moves(&page, 0).await);
        let show = |n: usize| {
            format!(
                "document.querySelectorAll('paxos-playground')[{n}].scrollIntoView(); return null"
            )
        };
        page.ask::<()>(&show(4)).await;
        page.wait_until("the fifth is loaded", async |page| loaded(page).await == 2)
            .await;
        page.enter(4).await;
        page.leave().await;
        page.wait_until("two are ready", async |page| {
            told(page, "ready").await.len() == 2
        })
        .await;
        page.wait_until("the first stands still, and the fifth runs", async |page| {
            !moves(page, 0).await && moves(page, 4).await
        })
        .await;
        page.ask::<()>(&show(0)).await;
        page.wait_until("the first goes on", async |page| moves(page, 0).await)
            .await;
        assert!(!moves(&page, 4).await);
    });
}

#[test]
fn what_is_removed_is_gone_and_what_is_moved_goes_on() {
    story(async |page| {
        let _blog = read(&page, &format!("{HELLO}<aside></aside>")).await;
        call(&page, "step()").await;
        let moved: Value = page
            .promised(
                "const e = document.querySelector('paxos-playground'), waits = e.state();
                document.querySelector('aside').append(e); return await waits",
            )
            .await;
        assert_eq!(
            moved["scenario"]["id"], "hello",
            "what was asked before is answered after"
        );
        let rejected: String = page
            .promised(
                "const e = document.querySelector('paxos-playground'), waits = e.play();
                e.remove(); window.gone = e; return await waits",
            )
            .await;
        assert_eq!(
            rejected,
            "Error: The paxos-playground was removed from the page."
        );
        assert_eq!(
            page.ask::<usize>("return window.length + gone.shadowRoot.childElementCount")
                .await,
            0
        );
        let after: String = page.promised("return await gone.state()").await;
        assert_eq!(after, "Error: The paxos-playground is not in the page.");
        let back: Value = page
            .promised("document.body.append(gone); return await gone.state()")
            .await;
        assert_eq!(back["time"], 0, "and it can come back");
    });
}

#[test]
fn attributes_can_change() {
    story(async |page| {
        let _blog = read(&page, HELLO).await;
        call(&page, "state()").await;
        let change = "const e = document.querySelector('paxos-playground'); e.setAttribute('scenario', 'duel'); return await e.state()";
        let state: Value = page.promised(change).await;
        assert_eq!(state["scenario"]["id"], "duel");
        let change = "const e = document.querySelector('paxos-playground'); e.setAttribute('controls', 'none'); return await e.state()";
        page.promised::<Value>(change).await;
        page.enter(0).await;
        assert!(
            page.button_names()
                .await
                .iter()
                .all(|name| !name.contains("Play"))
        );
    });
}

async fn ground(page: &Page) -> String {
    page.enter(0).await;
    let script = "return getComputedStyle(document.querySelector('.figure')).backgroundColor";
    let ground = page.ask(script).await;
    page.leave().await;
    ground
}

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(27, 31, 39)";

#[test]
fn it_is_as_light_or_dark_as_the_page_around() {
    story(async |page| {
        page.prefer("prefers-color-scheme", "dark").await;
        let style = "<style>.dark { background: #111 }</style>";
        let _blog = read(&page, &format!("{style}{HELLO}")).await;
        assert_eq!(
            ground(&page).await,
            LIGHT,
            "the page is white, whatever the reader prefers"
        );
        page.ask::<()>("document.body.className = 'dark'; return null")
            .await;
        page.wait_until("it is dark", async |page| ground(page).await == DARK)
            .await;
        let fixed = "document.querySelector('paxos-playground').setAttribute('theme', 'light'); return null";
        page.ask::<()>(fixed).await;
        page.wait_until("it is light", async |page| ground(page).await == LIGHT)
            .await;
        page.ask::<()>("document.body.className = ''; document.documentElement.style.colorScheme = 'light dark';
            document.querySelector('paxos-playground').setAttribute('theme', 'auto'); return null").await;
        page.wait_until("it follows the reader", async |page| {
            ground(page).await == DARK
        })
        .await;
        page.prefer("prefers-color-scheme", "light").await;
        page.wait_until("and goes on to", async |page| ground(page).await == LIGHT)
            .await;
    });
}

#[test]
fn it_fits_every_column_without_bars_and_with_words_that_can_be_read() {
    story(async |page| {
        for (screen, column) in [(320, 304), (390, 350), (700, 560), (1000, 680), (1000, 900)] {
            page.use_screen(screen, 844).await;
            for scenario in ["late-proposer", "duel-ends", "rough-network"] {
                let one = format!(
                    "<div style='width: {column}px'><paxos-playground scenario={scenario}></paxos-playground></div>"
                );
                let _blog = read(&page, &one).await;
                wait_for(&page, "ready").await;
                call(&page, "seek(130)").await;
                let fit = fit(&page).await;
                assert!(
                    !fit.scrolls && fit.frame > 300.0,
                    "{column} {scenario}: {fit:?}"
                );
                page.enter(0).await;
                let small: Vec<String> = page
                    .ask("return [...document.querySelectorAll('.figure *')].filter(e => e.checkVisibility() && !e.closest('.unseen')
                            && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 12)
                        .map(e => e.textContent)")
                    .await;
                assert_eq!(small, [""; 0]);
                let tight: Vec<String> = page
                    .ask("return [...document.querySelectorAll('.figure > .bar button, .figure > .bar a')].map(e => [e, e.getBoundingClientRect()])
                        .filter(([, r]) => r.width < 44 || r.height < 44 || r.right > innerWidth || r.left < 0).map(([e, r]) => `${e.textContent} ${r.width} ${r.right}`)")
                    .await;
                assert_eq!(tight, [""; 0], "{column}");
                page.leave().await;
            }
        }
    });
}

#[test]
fn a_reader_walks_and_crashes_by_touch() {
    story(async |page| {
        page.use_screen(390, 844).await;
        let _blog = read(&page, HELLO).await;
        page.enter(0).await;
        page.press("Next").await;
        page.wait_until("the second note is told, and it stands", async |page| {
            let title: String = page
                .ask("return document.querySelector('.note.shown strong')?.textContent ?? ''")
                .await;
            title.starts_with("A ballot begins") && !page.state().await.playing
        })
        .await;
        let place = page.place_of("A").await;
        page.tap(Pointer::Touch, place).await;
        page.press("Crash A").await;
        page.wait_until("A is down", async |page| !page.is_up("A").await)
            .await;
        assert!(
            !page.has_button("Close the card").await,
            "the card has closed"
        );
        page.play().await;
        page.wait_until("two are enough", async |page| {
            page.state().await.learned.is_some()
        })
        .await;
        page.press("Start over").await;
        page.wait_until("A is up again", async |page| page.is_up("A").await)
            .await;
        page.strike(key::DELETE).await;
        page.strike("a").await;
        assert_eq!(
            page.processes().await,
            ["A", "B", "C", "L", "P"],
            "its cluster stays"
        );
    });
}

#[test]
fn without_controls_the_reader_looks_and_the_author_leads() {
    story(async |page| {
        let _blog = read(
            &page,
            "<paxos-playground scenario=hello controls=none></paxos-playground>",
        )
        .await;
        call(&page, "seek(120)").await;
        page.enter(0).await;
        assert_eq!(
            page.button_names()
                .await
                .iter()
                .filter(|name| name.contains("Play"))
                .count(),
            0
        );
        assert!(
            !page.messages().await.is_empty(),
            "the list is for those who listen"
        );
        let place = page.place_of("A").await;
        page.tap(Pointer::Mouse, place).await;
        assert!(!page.has_button("Crash A").await);
    });
}

#[test]
fn all_controls_are_there_if_one_wants_them() {
    story(async |page| {
        let _blog = read(
            &page,
            "<paxos-playground scenario=hello controls=full></paxos-playground>",
        )
        .await;
        page.enter(0).await;
        for name in ["Play", "Step", "Step back", "Restart", "Undo"] {
            assert!(page.has_button(name).await, "{name}");
        }
        page.choose("Speed", 6).await;
        page.play_until_learned("Hello").await;
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        page.leave().await;
        assert!(!fit(&page).await.scrolls);
    });
}

#[test]
fn strangers_are_not_listened_to() {
    story(async |page| {
        let _blog = read(
            &page,
            &format!("{HELLO}<iframe srcdoc='a stranger'></iframe>"),
        )
        .await;
        call(&page, "state()").await;
        let before: usize = page.ask("return seen.length").await;
        // To the page: from its own window and from another frame.
        page.ask::<()>("const forged = { paxos: 1, tell: [['chosen', { value: 'forged' }]], height: 3000 };
            postMessage(forged, '*');
            const stranger = document.querySelector('iframe').contentWindow;
            stranger.eval('parent.postMessage(' + JSON.stringify(forged) + ', \"*\")'); return null").await;
        // To the frame: from a frame beside it, which is not the page around it.
        page.ask::<()>("const stranger = document.querySelector('iframe').contentWindow;
            stranger.eval('for (let i = 0; i < parent.length; i++) if (parent[i] !== window) parent[i].postMessage({ paxos: 1, do: \"play\", id: 1 }, \"*\")');
            return null").await;
        // To the frame, from the page around it, but in another shape.
        page.ask::<()>("const frame = document.querySelector('paxos-playground').shadowRoot.querySelector('iframe').contentWindow;
            for (const odd of [null, 7, 'play', { do: 'play' }, { paxos: 2, do: 'play' }, { paxos: 1, do: {} }]) frame.postMessage(odd, '*');
            return null").await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(page.ask::<usize>("return seen.length").await, before);
        assert_eq!(call(&page, "state()").await["playing"], false);
        assert!(fit(&page).await.frame < 1000.0);
    });
}

#[test]
fn where_the_playground_is_not_there_is_a_sentence_and_a_link() {
    story(async |page| {
        page.expect_on_console("404");
        let page = page.with_patience(Duration::from_secs(20));
        let html = format!(
            "<!doctype html><title>Broken</title>{WITNESS}<script async src='/broken/embed.js'></script>
            <paxos-playground scenario=hello><a href='https://play.example/'>A picture of it</a></paxos-playground>"
        );
        let blog = Blog::serve(html, None).await;
        page.visit(&blog.address()).await;
        let shown = "return document.querySelector('a').checkVisibility()";
        page.wait_until("the element is there", async |page| {
            !page.ask::<bool>(shown).await
        })
        .await;
        let answer = call(&page, "play()").await.to_string();
        assert!(answer.contains("does not answer"), "{answer}");
        assert!(
            wait_for(&page, "error").await["message"]
                .to_string()
                .contains("/broken/")
        );
        assert!(
            page.ask::<bool>(shown).await,
            "what is written inside is shown"
        );
    });
}

#[test]
fn without_a_page_around_it_works_too() {
    story(async |page| {
        page.open("?embed&scenario=hello&speed=50").await;
        page.play_until_learned("Hello").await;
        page.open("").await;
        assert!(
            !page.notices().await.join(" ").contains("last session"),
            "it keeps nothing"
        );
    });
}

#[test]
fn the_dialog_says_what_to_paste_and_shows_it() {
    story(async |page| {
        page.open("?scenario=duel").await;
        page.press("Embed").await;
        let text = async |page: &Page| -> String {
            page.ask("return document.querySelector('dialog textarea')?.value ?? ''")
                .await
        };
        page.wait_until("there is what to paste", async |page| {
            !text(page).await.is_empty()
        })
        .await;
        let plain = text(&page).await;
        let expected = format!(
            "<script async src=\"{}embed.js\"></script>\n<paxos-playground scenario=\"duel\"></paxos-playground>\n",
            page.site()
        );
        assert_eq!(plain, expected);
        page.choose("Theme", 2).await;
        assert!(
            text(&page)
                .await
                .contains("scenario=\"duel\" theme=\"dark\">")
        );
        page.enter(0).await;
        assert_eq!(page.processes().await.len(), 6);
        page.leave().await;
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        page.press("Copy").await;
        page.wait_until("it says so", async |page| {
            let said: String = page
                .ask("return document.querySelector('dialog .actions [role=status]').textContent")
                .await;
            said == "Copied." || said.starts_with("It is selected")
        })
        .await;
    });
}

#[test]
fn ones_own_cluster_is_pasted_with_all_it_says() {
    story(async |page| {
        page.open("?speed=50").await;
        page.press("Add acceptor").await;
        page.type_into("Value", "</script><b>&").await;
        page.press("Propose").await;
        page.press("Embed").await;
        let text: String = page
            .wait_for("there is what to paste", async |page| {
                let text: String = page
                    .ask("return document.querySelector('dialog textarea')?.value ?? ''")
                    .await;
                Ok((!text.is_empty()).then_some(text))
            })
            .await;
        assert_eq!(text.matches("</script>").count(), 2, "{text}");
        let blog = Blog::serve(
            format!("<!doctype html><title>Pasted</title>{WITNESS}{text}"),
            None,
        )
        .await;
        page.visit(&blog.address()).await;
        let state = call(&page, "seek(1000)").await;
        assert_eq!(
            state["processes"].as_array().map(Vec::len),
            Some(6),
            "{state}"
        );
        assert_eq!(state["learned"], "</script><b>&");
    });
}
