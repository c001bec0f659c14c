//! Embeds where something is wrong: strangers, no playground, a failure inside.

use std::time::Duration;

use serde_json::{Value, json};
use site_tests::{Blog, Page, story};

use crate::embedded::{AS_THE_READER, fit};
use crate::embedding::{HELLO, WITNESS, call, read, told, wait_for};
use crate::reaching::is_fine;

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
        let frame = "document.querySelector('paxos-playground').shadowRoot.querySelector('iframe').contentWindow";
        page.enter(0).await;
        page.ask::<()>("window.strange = 0; addEventListener('message', e => { window.strange += e.source !== parent; }); return null")
            .await;
        page.leave().await;
        page.ask::<()>(&format!("const stranger = document.querySelector('iframe').contentWindow;
            stranger.eval(`for (const what of ['hello', 'play', 'step']) parent.{frame}.postMessage({{ paxos: 1, do: what, id: 1, visible: true }}, '*')`);
            return null")).await;
        page.enter(0).await;
        page.wait_until("it has come from a stranger", async |page| {
            page.ask::<u32>("return window.strange").await == 3
        })
        .await;
        page.leave().await;
        // To the frame, from the page around it, but in another shape.
        page.ask::<()>(&format!("for (const odd of [null, 7, 'play', {{ do: 'play' }}, {{ paxos: 2, do: 'play' }}, {{ paxos: 1, do: {{}} }}]) {frame}.postMessage(odd, '*');
            return null")).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(page.ask::<usize>("return seen.length").await, before);
        let state = call(&page, "state()").await;
        assert_eq!(
            (&state["playing"], &state["time"]),
            (&json!(false), &json!(0))
        );
        assert!(fit(&page).await.frame < 1000.0);
    });
}

#[test]
fn a_frame_that_went_elsewhere_or_speaks_oddly_is_not_believed() {
    /// What was told, and how high the frame is.
    const SHOWN: &str = "return [seen.length,
        document.querySelector('paxos-playground').shadowRoot.querySelector('iframe').clientHeight]";
    story(async |page| {
        // Browsers say that it would not have reached whom it is for.
        page.expect_on_console("recipient window");
        page.expect_on_console("Recipient has origin");
        let blog = read(&page, HELLO).await;
        call(&page, "state()").await;
        let before = page.ask::<(usize, f64)>(SHOWN).await;
        page.ask::<()>(
            "window.odd = 0; addEventListener('message', () => { window.odd += 1; }); return null",
        )
        .await;
        // The playground's own frame, but in another shape.
        page.enter(0).await;
        page.ask::<()>("for (const odd of [null, 7, 'chosen', [], { tell: [['chosen', {}]] }, { paxos: 2, tell: [['chosen', {}]] },
            { paxos: 1, tell: 5 }, { paxos: 1, tell: [5, null, ['forged', 1], ['click', {}]] }, { paxos: 1, tell: { 0: ['chosen', {}] } },
            { paxos: 1, height: NaN }, { paxos: 1, height: -9 }, { paxos: 1, height: '900' }, { paxos: 1, reply: 99, error: {} }, { paxos: 1, here: 1 }])
            parent.postMessage(odd, '*');
            return null").await;
        page.leave().await;
        page.wait_until("all was heard", async |page| {
            page.ask::<u32>("return odd").await >= 14
        })
        .await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = page.ask::<(usize, f64)>(SHOWN).await;
        assert_eq!(now, before);
        // The same frame, which shows somebody else's page now.
        let strange = "<!doctype html><title>Strange</title><script>
            for (const said of [{ here: true }, { height: 3000 }, { tell: [['chosen', { value: 'forged' }]] }])
                parent.postMessage({ paxos: 1, ...said }, '*');
            addEventListener('message', () => parent.postMessage('it was spoken to', '*'));
            </script>";
        let stranger = Blog::serve(strange.to_owned(), None).await;
        page.ask_with::<()>(
            "window.heard = []; addEventListener('message', e => { heard.push([e.origin, e.data]); });
            document.querySelector('paxos-playground').shadowRoot.querySelector('iframe').contentWindow.location = arguments[0];
            return null",
            vec![stranger.address().into()],
        )
        .await;
        page.wait_until("the stranger has spoken", async |page| {
            page.ask::<usize>("return heard.length").await >= 3
        })
        .await;
        let asked: String = page
            .promised("const e = document.querySelector('paxos-playground');
                return await Promise.race([e.state().then(String), new Promise(done => setTimeout(done, 500, 'no answer'))])")
            .await;
        assert_eq!(asked, "no answer");
        let from: Vec<(String, Value)> = page.ask("return heard").await;
        let origin = stranger.address();
        assert!(
            from.iter().all(|(it, _)| format!("{it}/") == origin),
            "{from:?}"
        );
        assert!(
            from.iter().all(|(_, said)| said.is_object()),
            "nothing is told to a stranger: {from:?}"
        );
        let now = page.ask::<(usize, f64)>(SHOWN).await;
        assert_eq!(now, before);
        drop(blog);
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
        assert!(
            call(&page, "state()")
                .await
                .to_string()
                .contains("does not answer")
        );
        // With another scenario it tries anew.
        let anew: String = page
            .promised(
                "const e = document.querySelector('paxos-playground'); e.setAttribute('scenario', 'duel');
                return await Promise.race([e.state(), new Promise(done => setTimeout(done, 500, 'it waits'))])",
            )
            .await;
        assert_eq!(anew, "it waits");
        assert!(!page.ask::<bool>(shown).await);
    });
}

#[test]
fn where_the_element_does_not_know_where_it_is_from_is_a_sentence() {
    story(async |page| {
        let html = format!(
            "<!doctype html><title>Lost</title>{WITNESS}
            <paxos-playground scenario=hello></paxos-playground>
            <paxos-playground><p>A picture of it</p></paxos-playground>
            <script>fetch('/own/embed.js').then(file => file.text()).then(text => (0, eval)(text))</script>"
        );
        let blog = Blog::serve(html, None).await;
        page.visit(&blog.address()).await;
        let error = wait_for(&page, "error").await["message"].to_string();
        assert!(
            error.contains("address of embed.js is not known"),
            "{error}"
        );
        let shown: Vec<String> = page
            .ask("return [...document.querySelectorAll('paxos-playground')].flatMap(e =>
                [e.shadowRoot.querySelector('a'), e.querySelector('p')]).filter(e => e?.checkVisibility()).map(e => e.textContent)")
            .await;
        assert_eq!(
            shown,
            ["The playground did not load here.", "A picture of it"]
        );
    });
}

/// The core of this page fails, as far as the page can tell.
pub const FAIL: &str = "
    dispatchEvent(new CustomEvent('paxos:panic', { detail: 'a fault of the core' }));
    dispatchEvent(new ErrorEvent('error', { message: 'a fault of the core' }));
    window.old = true; return null";

#[test]
fn a_failure_inside_is_told_and_the_same_is_loaded_again() {
    story(async |page| {
        page.expect_on_console("a fault of the core");
        page.open("?scenario=hello").await;
        let keep = "localStorage.setItem('paxos-session', 'what was built elsewhere'); return null";
        let _blog = read(&page, HELLO).await;
        call(&page, "state()").await;
        page.ask::<()>(AS_THE_READER).await;
        // What a frame keeps is not everywhere what the page keeps by itself.
        page.enter(0).await;
        page.ask::<()>(keep).await;
        page.leave().await;
        // Twice in short time, as a session would that fails when it opens.
        for time in 1..=2 {
            page.enter(0).await;
            page.ask::<()>(FAIL).await;
            page.wait_until("it is said", async |page| page.has_button("Reload").await)
                .await;
            assert!(!page.has_button("Start afresh").await);
            if time == 1 {
                is_fine(&page, "a failure in an embed").await;
            }
            let words: String = page
                .ask("return document.querySelector('[role=alertdialog]').innerText")
                .await;
            assert!(!words.contains("kept"), "nothing is: {words}");
            page.press("Reload").await;
            page.wait_until("it is loaded again", async |page| {
                let there =
                    "return !window.old && document.documentElement?.dataset.ready === 'true'";
                page.ask::<Option<bool>>(there).await == Some(true)
            })
            .await;
            let asked: String = page.ask("return location.search").await;
            assert!(
                asked.contains("embed") && asked.contains("scenario=hello"),
                "{asked}"
            );
            let kept: Option<String> = page
                .ask("return localStorage.getItem('paxos-session')")
                .await;
            assert_eq!(kept.as_deref(), Some("what was built elsewhere"));
            page.leave().await;
        }
        let errors = told(&page, "error").await;
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[0]["message"], "a fault of the core");
        assert_eq!(call(&page, "state()").await["scenario"]["id"], "hello");
    });
}

#[test]
fn a_failure_is_told_to_nobody_who_has_not_greeted() {
    story(async |page| {
        let html = "<!doctype html><html lang=en><title>A page</title>
            <script>window.heard = []; addEventListener('message', e => heard.push(e.data));</script>
            <iframe src='/own/index.html?embed&scenario=hello'></iframe></html>";
        let blog = Blog::serve(html.to_owned(), None).await;
        page.visit(&blog.address()).await;
        let heard = async |page: &Page| page.ask::<Value>("return heard").await;
        page.wait_until("it is there", async |page| {
            heard(page).await == json!([{ "paxos": 1, "here": true }])
        })
        .await;
        page.ask::<()>("const inside = frames[0];
            inside.dispatchEvent(new inside.CustomEvent('paxos:panic', { detail: 'a fault of the core' }));
            inside.dispatchEvent(new inside.ErrorEvent('error', { message: 'a fault of the core' }));
            return null").await;
        let words = "return frames[0].document.querySelector('[role=alertdialog]') !== null";
        page.wait_until("it is said inside", async |page| page.ask(words).await)
            .await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = heard(&page).await;
        assert_eq!(before, json!([{ "paxos": 1, "here": true }]));
        let greet =
            "frames[0].postMessage({ paxos: 1, do: 'hello', visible: true }, '*'); return null";
        page.ask::<()>(greet).await;
        let error =
            json!({ "paxos": 1, "tell": [["error", { "message": "a fault of the core" }]] });
        page.wait_until("it is told", async |page| {
            heard(page)
                .await
                .as_array()
                .is_some_and(|all| all.contains(&error))
        })
        .await;
    });
}
