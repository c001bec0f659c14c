//! Other pages use the module, from here and from elsewhere.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use site_tests::{Blog, Page, Site, built_site, repository, story};

/// Runs what an async function of a page does, and says what it returns.
async fn does(page: &Page, body: &str, arguments: Vec<Value>) -> Value {
    let script = format!(
        "window.done = null;
        (async (...given) => {{ {body} }})(...arguments).then(
            out => {{ window.done = out; }},
            error => {{ window.done = {{ failed: String(error) }}; }});
        return null;"
    );
    page.ask_with::<()>(&script, arguments).await;
    let patient = page.clone().with_patience(Duration::from_secs(60));
    patient
        .wait_until("the script is done", async |page| {
            page.ask("return window.done !== null").await
        })
        .await;
    patient.ask("return window.done").await
}

/// Goes to a page of somebody, without a content policy; below `own/` it has a copy of the site.
async fn elsewhere(page: &Page) -> Blog {
    let html = "<!doctype html><html lang=en><title>A page</title></html>";
    let blog = Blog::serve(html.to_owned(), None).await;
    page.visit(&blog.address()).await;
    blog
}

/// Plays a scenario and says every event, as a golden file does.
const TELL: &str = "
    const [address, scenario] = given;
    const { Cluster } = await import(address + 'paxos_playground.js');
    const cluster = new Cluster(scenario);
    const told = cluster.run().map(({ at, text }) => `${String(at).padStart(7)}  ${text}\\n`);
    const { chosen, processes } = cluster.state();
    return { told: told.join(''), chosen, learned: processes.at(-1).learner?.learned?.value };";

fn scenario(id: &str) -> String {
    let file = format!("src/scenario/library/{id}.json");
    fs::read_to_string(repository().join(file)).expect("a built-in scenario")
}

/// The events of a built-in scenario, without its title.
fn golden(id: &str) -> String {
    let file = repository().join(format!("tests/library/{id}.txt"));
    let text = fs::read_to_string(file).expect("a golden file");
    let (_, events) = text.split_once('\n').expect("the title is a line");
    events.to_owned()
}

async fn tells_as_natively(page: &Page, address: &str) {
    for id in ["hello", "duel-ends", "rough-network", "amnesia"] {
        let out = does(page, TELL, vec![address.into(), scenario(id).into()]).await;
        assert_eq!(out["told"], golden(id), "{id}: {out}");
        if id == "hello" {
            let chosen = json!({ "value": "Hello", "ballot": "1.P", "at": 176 });
            assert_eq!(
                (&out["chosen"], &out["learned"]),
                (&chosen, &json!("Hello"))
            );
        }
    }
}

#[test]
fn every_scenario_of_the_library_tells_what_it_tells_natively() {
    story(async |page| {
        page.open("").await;
        let here: String = page.ask("return document.baseURI").await;
        for file in fs::read_dir(repository().join("tests/library")).expect("golden files") {
            let file = file.expect("it can be read").path();
            let id = file.file_stem().expect("a name").to_string_lossy();
            let arguments = vec![here.clone().into(), scenario(&id).into()];
            let out = does(&page, TELL, arguments).await;
            assert_eq!(out["told"], golden(&id), "{id}: {out}");
        }
    });
}

/// An hour of a scenario as fast as it goes, each second forgotten once it has passed, and what the
/// memory of the core is each minute.
const HOUR: &str = "
    const [address, scenario] = given;
    const { Cluster } = await import(address + 'paxos_playground.js');
    const { default: core } = await import(address + 'paxos_core.js');
    const { memory } = await core();
    const cluster = new Cluster(scenario);
    const bytes = [];
    let events = 0;
    for (let second = 1; second <= 3600; second += 1) {
        events += cluster.runUntil(1000 * second).length;
        cluster.forget();
        if (second % 60 === 0) bytes.push(memory.buffer.byteLength);
    }
    return { events, bytes, chosen: cluster.state().chosen };";

#[test]
fn an_hour_of_a_duel_takes_no_more_memory_than_a_minute() {
    story(async |page| {
        page.open("").await;
        let here: String = page.ask("return document.baseURI").await;
        let out = does(&page, HOUR, vec![here.into(), scenario("duel").into()]).await;
        assert_eq!(out["events"], 1_709_973, "{out}");
        assert_eq!(out["chosen"], Value::Null);
        let bytes: Vec<u64> = serde_json::from_value(out["bytes"].clone()).expect("numbers");
        assert_eq!(bytes, [bytes[0]; 60]);
    });
}

/// Checks, and says by which workers.
const CHECK: &str = "
    const [address] = given;
    const made = [];
    const Real = window.Worker;
    window.Worker = class extends Real {
        constructor(address, options) { super(address, options); made.push(String(address)); }
    };
    const { check } = await import(address + 'check.js');
    const { distinct } = await check(null);
    window.Worker = Real;
    return { distinct, made };";

#[test]
fn a_page_of_the_same_host_plays_and_checks() {
    story(async |page| {
        page.open("").await;
        let here: String = page.ask("return document.baseURI").await;
        tells_as_natively(&page, &here).await;
        let out = does(&page, CHECK, vec![here.clone().into()]).await;
        let worker = format!("{here}checker.js");
        assert_eq!(out, json!({ "distinct": 3_921, "made": [worker] }));
    });
}

#[test]
fn a_page_of_another_host_plays_and_checks() {
    story(async |page| {
        let other = Site::serve_to_all(&built_site()).await;
        let _blog = elsewhere(&page).await;
        tells_as_natively(&page, other.base()).await;
        let out = does(&page, CHECK, vec![other.base().into()]).await;
        assert_eq!(out["distinct"], 3_921, "{out}");
        let made = out["made"].as_array().expect("a list");
        let blob = made[0].as_str().is_some_and(|it| it.starts_with("blob:"));
        assert!(
            made.len() == 1 && blob,
            "one worker, of the page's own: {out}"
        );
    });
}

#[test]
fn a_host_that_does_not_share_is_an_error_of_the_import() {
    story(async |page| {
        let other = Site::serve(&built_site()).await;
        let _blog = elsewhere(&page).await;
        for words in [
            "CORS",
            "net::ERR_FAILED",
            "Cross-Origin",
            "Access-Control-Allow-Origin",
            "access control checks",
        ] {
            page.expect_on_console(words);
        }
        let out = does(&page, TELL, vec![other.base().into(), "".into()]).await;
        let failed = out["failed"].as_str().expect("it failed");
        let known = [
            "Failed to fetch dynamically imported module",
            "error loading dynamically imported module",
            "Load failed",
        ];
        let why = failed.strip_prefix("TypeError: ").unwrap_or_default();
        assert!(known.iter().any(|words| why.starts_with(words)), "{out}");
    });
}

#[test]
fn where_no_worker_may_be_made_the_check_goes_on_without() {
    story(async |page| {
        page.open("").await;
        let body = "
            const { check } = await import(new URL('check.js', document.baseURI));
            const Real = window.Worker;
            const out = [];
            // Refused at once, and, as a policy of the page does it, only when it would start.
            for (const no of [
                class { constructor() { throw new DOMException('no', 'SecurityError'); } },
                class extends EventTarget {
                    constructor() { super(); setTimeout(() => this.onerror(new Event('error')), 5); }
                    postMessage() {}
                    terminate() {}
                },
                undefined,
            ]) {
                window.Worker = no;
                const told = [];
                const { distinct } = await check(null, { ballots: 4, maxStates: 4e6 }, ({ distinct }) => told.push(distinct));
                const abort = new AbortController();
                const stopped = check(null, { ballots: 6, signal: abort.signal });
                setTimeout(() => abort.abort(), 100);
                out.push([distinct >= 4e6, told.length > 0, (await stopped).limit]);
            }
            window.Worker = Real;
            // What no worker can be sent is wrong, and the core says what.
            out.push(await check(null, { break: () => {} }).catch(error => error.message));
            return out;";
        let out = does(&page, body, vec![]).await;
        let each = json!([true, true, "stopped"]);
        let why = "options.break must be a list of rules";
        assert_eq!(out, json!([each, each, each, why]));
    });
}

#[test]
fn two_checks_at_once_end_both_also_without_workers() {
    story(async |page| {
        page.open("").await;
        let body = "
            const { check } = await import(new URL('check.js', document.baseURI));
            const Real = window.Worker;
            window.Worker = undefined;
            const both = [3, 3].map(ballots => check(null, { ballots }));
            const found = await Promise.all(both);
            window.Worker = Real;
            return found.map(({ distinct }) => distinct);";
        let out = does(&page, body, vec![]).await;
        assert_eq!(out, json!([185_369, 185_369]));
    });
}

#[test]
fn a_worker_of_somebody_uses_it_too() {
    story(async |page| {
        let _blog = elsewhere(&page).await;
        let body = "
            const source = `
                onmessage = async ({ data: [address, scenario] }) => {
                    const { Cluster, check } = await import(address + 'paxos_playground.js');
                    const cluster = new Cluster(scenario);
                    cluster.crash('C');
                    cluster.run();
                    const { distinct } = await check(null);
                    postMessage([cluster.state().chosen.value, distinct]);
                };`;
            const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
            worker.postMessage([new URL('own/', document.baseURI).href, given[0]]);
            return new Promise((resolve, reject) => {
                worker.onmessage = ({ data }) => resolve(data);
                worker.onerror = ({ message }) => reject(message);
            });";
        let out = does(&page, body, vec![scenario("hello").into()]).await;
        assert_eq!(out, json!(["Hello", 3_921]));
    });
}

#[test]
fn errors_name_the_field() {
    story(async |page| {
        page.open("").await;
        let body = "
            const { Cluster } = await import(new URL('paxos_playground.js', document.baseURI));
            const cluster = new Cluster(given[0]);
            const acts = [() => cluster.propose('X', 'x'), () => cluster.crash('A', 'never'),
                () => cluster.runUntil(-1), () => new Cluster({ version: 2 })];
            return acts.map(act => { try { act(); } catch (error) { return [error instanceof Error, error.message]; } });";
        let out = does(&page, body, vec![scenario("hello").into()]).await;
        let messages = [
            "propose.process is \"X\", and there is no such process",
            "crash.amnesia is \"never\", and must be all, promise or vote",
            "ms must be a whole number from 0 to 1000000000",
            "version is 2, and must be a whole number from 1 to 1",
        ];
        assert_eq!(out, json!(messages.map(|message| (true, message))));
    });
}

/// Opens the page that draws a cluster with the module alone.
async fn open_example(page: &Page) {
    page.open("").await;
    let go = "location.href = 'example.html'; return null";
    page.ask::<()>(go).await;
    page.wait_until("the example has drawn its cluster", async |page| {
        let drawn = "return document.querySelectorAll('#stage button').length === 6";
        page.ask(drawn).await
    })
    .await;
}

#[test]
fn the_example_draws_a_cluster_that_agrees_and_then_rests() {
    story(async |page| {
        page.use_screen(390, 844).await;
        open_example(&page).await;
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        page.ask::<()>(
            "const said = document.querySelector('#said');
            window.again = 0;
            let before = said.textContent;
            new MutationObserver(() => {
                again += said.textContent === before;
                before = said.textContent;
            }).observe(said, { childList: true, characterData: true, subtree: true });
            return null",
        )
        .await;
        page.press("P proposes “Hello”").await;
        page.wait_until("messages fly", async |page| {
            page.ask("return document.querySelectorAll('#flights span').length > 1")
                .await
        })
        .await;
        page.wait_until("L has learned Hello, and nothing flies", async |page| {
            let ended =
                "return document.querySelector('#stage').innerText.includes('learned Hello')
                && document.querySelectorAll('#flights span').length === 0";
            page.ask(ended).await
        })
        .await;
        let again: u32 = page.ask("return again").await;
        assert_eq!(again, 0, "nothing is said twice");
        let wide: u32 = page
            .ask("return document.documentElement.scrollWidth")
            .await;
        assert!(wide <= 390, "{wide} pixels wide");
        assert_eq!(page.accessibility_complaints().await, [""; 0]);
        let before = page.scheduled().await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(page.scheduled().await, before, "nothing runs at rest");
    });
}
