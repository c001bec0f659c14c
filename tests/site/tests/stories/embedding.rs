//! Somebody writes a blog with the playground in it.

use serde_json::{Value, json};
use site_tests::{Blog, Page, story};

use crate::embedded::fit;

/// Hears all that the elements tell, in a page that may have scripts of its own.
pub const WITNESS: &str = "<script>window.seen = [];
    for (const name of ['ready', 'event', 'chosen', 'learned', 'violation', 'error'])
      document.addEventListener('paxos:' + name, e => seen.push([name, e.detail]));</script>";

/// A page with this in it, which loads the element from the site.
pub fn article(page: &Page, inside: &str) -> String {
    let site = page.site();
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>
        <title>A blog</title>{WITNESS}<script async src='{site}embed.js'></script>
        <main>{inside}</main></html>"
    )
}

/// Serves an article and opens it.
pub async fn read(page: &Page, inside: &str) -> Blog {
    let blog = Blog::serve(article(page, inside), None).await;
    page.visit(&blog.address()).await;
    blog
}

pub const HELLO: &str = "<paxos-playground scenario=hello speed=50></paxos-playground>";

/// What was told of this kind.
pub async fn told(page: &Page, name: &str) -> Vec<Value> {
    let script =
        "return seen.filter(([name]) => name === arguments[0]).map(([, detail]) => detail)";
    page.ask_with(script, vec![name.into()]).await
}

pub async fn wait_for(page: &Page, name: &str) -> Value {
    page.wait_for(&format!("paxos:{name} is told"), async |page| {
        Ok(told(page, name).await.into_iter().next())
    })
    .await
}

/// A method of the first element, and its answer or the text of its error.
pub async fn call(page: &Page, method: &str) -> Value {
    let body = format!("return await document.querySelector('paxos-playground').{method}");
    page.promised(&body).await
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
        // The blog has forbidden itself its own icon.
        page.expect_on_console("favicon.ico");
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
        // That one never ends: it is played until it is long.
        let far = call(&page, "seek(1e12)").await;
        let reached = far["time"].as_f64().expect("a time");
        assert!((1e5..1e6).contains(&reached), "{far}");
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

/// A frame that is gone cannot answer any more what its page waits for. WebKit had the whole tab hang
/// when its module itself waited.
#[test]
fn what_is_removed_while_it_loads_leaves_the_page_alone() {
    story(async |page| {
        let _blog = read(&page, HELLO).await;
        wait_for(&page, "ready").await;
        let come_and_go =
            "const pause = milliseconds => new Promise(then => setTimeout(then, milliseconds));
            for (let i = 0; i < 20; i++) {
              const element = document.createElement('paxos-playground');
              document.querySelector('main').prepend(element);
              await pause(i * 15);
              element.remove();
            }
            await pause(100);
            return document.querySelectorAll('paxos-playground').length";
        assert_eq!(page.promised::<u32>(come_and_go).await, 1);
        page.enter(0).await;
        page.play_until_learned("Hello").await;
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

#[test]
fn autoplay_can_be_set_later() {
    story(async |page| {
        let _blog = read(&page, HELLO).await;
        assert_eq!(call(&page, "state()").await["playing"], false);
        let set = "document.querySelector('paxos-playground').setAttribute('autoplay', arguments[0]); return null";
        page.ask_with::<()>(set, vec!["false".into()]).await;
        assert_eq!(call(&page, "state()").await["playing"], false);
        page.ask_with::<()>(set, vec!["".into()]).await;
        assert_eq!(wait_for(&page, "learned").await["value"], "Hello");
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
            "<script async src=\"{0}embed.js\"></script>\n<paxos-playground scenario=\"duel\">\n  \
             <a href=\"{0}?scenario=duel\"><img src=\"{0}preview.svg\" alt=\"Paxos, one step at a time: \
             open it in the playground\"></a>\n</paxos-playground>\n",
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
