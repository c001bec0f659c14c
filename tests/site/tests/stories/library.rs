//! Somebody looks for a scenario, brings one along, writes one, and takes a run away.

use site_tests::{Host, Page, story};

async fn offered(page: &Page) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('[data-scenario]')].map(b => b.dataset.scenario)";
    page.ask(script).await
}

async fn open_library(page: &Page) {
    page.press("Scenarios: Hello").await;
    page.wait_until("the library is there", async |page| {
        !offered(page).await.is_empty()
    })
    .await;
}

/// Gives a file to whatever hears this event, as the browser does.
pub async fn give(page: &Page, name: &str, text: &str) {
    let script = "const data = new DataTransfer();
        data.items.add(new File([arguments[1]], arguments[0], { type: 'application/json' }));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        return null";
    page.ask_with::<()>(script, vec![name.into(), text.into()])
        .await;
}

const OWN: &str = r#"{"version": 1, "id": "mine", "title": "Mine", "processes": [
    {"id": "X", "roles": ["proposer"]}, {"id": "Y", "roles": ["acceptor", "learner"]}]}"#;

#[test]
fn a_scenario_is_found_by_a_word_and_opened() {
    story(async |page| {
        page.open("").await;
        open_library(&page).await;
        assert_eq!(offered(&page).await.len(), 25);
        page.type_into("Search scenarios", "seed of doubt").await;
        page.wait_until("nothing is found", async |page| {
            offered(page).await.is_empty()
        })
        .await;
        page.type_into("Search scenarios", "DUEL").await;
        page.wait_until("two are found", async |page| {
            offered(page).await == ["duel", "duel-ends"]
        })
        .await;
        page.press("Close scenarios").await;
        page.open_scenario("Hello", "duel").await;
        page.wait_until("it is the duel", async |page| {
            page.has_button("Scenarios: Two proposers in a duel").await
        })
        .await;
        assert_eq!(
            page.focused_name().await,
            "Scenarios: Two proposers in a duel"
        );
    });
}

#[test]
fn a_file_is_dropped_and_a_wrong_one_is_named() {
    story(async |page| {
        page.open("").await;
        give(&page, "mine.json", OWN).await;
        page.wait_until("it is open", async |page| {
            page.with_role("proposer").await == ["X"]
        })
        .await;
        give(&page, "odd.json", "{\"version\": 1, \"processes\": 3}").await;
        page.wait_until("the field is named", async |page| {
            let alerts = page.alerts().await.join(" ");
            alerts.contains("odd.json cannot be opened") && alerts.contains("processes")
        })
        .await;
        assert_eq!(page.with_role("proposer").await, ["X"], "nothing is lost");
    });
}

#[test]
fn the_scenario_is_edited_as_text_and_a_mistake_keeps_what_was_written() {
    story(async |page| {
        page.open("").await;
        open_library(&page).await;
        page.press("Edit this one").await;
        let field = "Scenario as JSON";
        let text: String = page
            .ask("return document.querySelector('.own textarea').value")
            .await;
        assert!(text.contains("\"hello\""), "{text}");
        assert!(
            !text.contains("\"until\""),
            "it plays as long as it did: {text}"
        );
        let wrong = text.replace("\"proposer\"", "\"king\"");
        page.paste_into(field, &wrong).await;
        page.press("Open as edited").await;
        page.wait_until("the mistake is named", async |page| {
            page.alerts().await.join(" ").contains("king")
        })
        .await;
        let kept: String = page
            .ask("return document.querySelector('.own textarea').value")
            .await;
        assert_eq!(kept, wrong);
        page.paste_into(field, OWN).await;
        page.press("Open as edited").await;
        page.wait_until("it is open", async |page| {
            page.with_role("proposer").await == ["X"]
        })
        .await;
    });
}

#[test]
fn what_cannot_be_loaded_or_saved_is_said() {
    story(async |page| {
        let host = Host::serve().await;
        for script in ["export.js", "author.js"] {
            host.rename(script, &format!("away-{script}"));
        }
        for words in [
            "404",
            "export.js",
            "author.js",
            "MIME",
            "resource failed",
            "fetched",
        ] {
            page.expect_on_console(words);
        }
        let page = page.at(&host);
        page.open("?scenario=hello").await;
        let could = async |page: &Page| {
            page.ask::<bool>("return document.querySelector('dialog[open]')?.innerText.includes('could not be loaded') ?? false").await
        };
        open_library(&page).await;
        page.wait_until("it says so of the formats", could).await;
        page.ask::<()>("URL.createObjectURL = () => { throw new Error('no'); }; return null")
            .await;
        page.press("Save this one").await;
        page.wait_until("it is not said to be saved", async |page| {
            page.alerts()
                .await
                .join(" ")
                .contains("does not save hello.json")
        })
        .await;
        page.press("Close scenarios").await;
        page.press("Embed").await;
        page.wait_until("it says so of what to paste", could).await;
    });
}

/// Catches what the page saves: names and texts.
const CATCH: &str = "window.saved = [];
    window.given = new Set();
    const texts = new Map(), real = URL.createObjectURL, revoke = URL.revokeObjectURL;
    URL.revokeObjectURL = address => { given.delete(address); revoke.call(URL, address); };
    URL.createObjectURL = blob => { const address = real.call(URL, blob); texts.set(address, blob.text()); given.add(address); return address; };
    HTMLAnchorElement.prototype.click = function () {
        const name = this.download, address = this.href;
        saved.push({ name, text: null });
        const one = saved.at(-1);
        texts.get(address).then(text => { one.text = text });
    }; return null";

#[test]
fn a_run_is_taken_along_in_every_format() {
    story(async |page| {
        page.open("?speed=50").await;
        page.play_until_learned("Hello").await;
        page.ask::<()>(CATCH).await;
        open_library(&page).await;
        page.press("Save this one").await;
        let given: usize = page.ask("return given.size").await;
        assert_eq!(given, 1, "not every browser reads a file at once");
        for label in [
            "Diagram, SVG",
            "Diagram, PNG",
            "Mermaid",
            "ShiViz log",
            "ITF trace",
            "TLA+ model",
        ] {
            page.press(label).await;
            page.wait_until(&format!("{label} is saved"), async |page| {
                let said = page.notices().await.join(" ");
                said.contains("saved.") && !said.contains("Writing")
            })
            .await;
        }
        let all = "return saved.every(one => one.text !== null)
            ? saved.map(one => [one.name, one.text.slice(0, 60).trim()]) : null";
        let saved = page
            .wait_for("all are there", async |page| {
                Ok(page.ask::<Option<Vec<(String, String)>>>(all).await)
            })
            .await;
        let begins = |name: &str, with: &str| {
            let found = saved.iter().find(|(known, _)| known == name);
            let (_, text) = found.unwrap_or_else(|| panic!("no {name} in {saved:?}"));
            assert!(text.contains(with), "{name}: {text}");
        };
        begins("hello.json", "\"version\": 1");
        begins("hello.svg", "<svg");
        begins("hello.png", "PNG");
        begins("hello.mmd", "sequenceDiagram");
        begins("hello.log", "?<host>");
        begins("hello.itf.json", "#meta");
        begins("PaxosHello.tla", "MODULE PaxosHello");
        begins("PaxosHello.cfg", "");
        assert_eq!(saved.len(), 8);
    });
}

#[test]
fn what_no_scenario_can_hold_is_saved_as_a_session_and_opens_again() {
    story(async |page| {
        page.open("").await;
        for name in ["A", "B", "C"] {
            page.select_process(name).await;
            page.press(&format!("Remove {name}")).await;
            page.wait_until("it is gone", async |page| {
                !page.processes().await.contains(&name.into())
            })
            .await;
        }
        page.ask::<()>(CATCH).await;
        page.press("Scenarios: Hello, changed").await;
        page.press("Save this one").await;
        let first = "return saved[0]?.text ? [saved[0].name, saved[0].text] : null";
        let (name, text) = page
            .wait_for("it is saved", async |page| {
                Ok(page.ask::<Option<(String, String)>>(first).await)
            })
            .await;
        assert_eq!(name, "paxos-session.json");
        // This address brings no session back.
        page.open("?scenario=hello").await;
        give(&page, &name, &text).await;
        page.wait_until("only P and L are there", async |page| {
            page.processes().await == ["L", "P"]
        })
        .await;
    });
}
