//! What the page shows: the processes, the messages, the log and the notices.

use serde::Deserialize;
use serde_json::json;

use crate::gestures::Pointer;
use crate::page::Page;

/// A point of the window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// How far it is to another point.
    pub fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point that lies this much further right and down.
    #[must_use]
    pub fn offset(self, x: f64, y: f64) -> Point {
        Point {
            x: self.x + x,
            y: self.y + y,
        }
    }
}

/// An entry of the list of messages in flight.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Message {
    pub kind: String,
    pub from: String,
    pub to: String,
}

impl Message {
    /// A message, written as `prepare P A`.
    pub fn new(kind: &str, from: &str, to: &str) -> Self {
        Self {
            kind: kind.into(),
            from: from.into(),
            to: to.into(),
        }
    }
}

/// The moving picture of a message.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Flight {
    pub id: String,
    pub transform: String,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LogRow {
    pub text: String,
    /// `chosen`, `learned`, or nothing special.
    pub fact: Option<String>,
}

impl Page {
    /// The names of all processes on the stage, sorted.
    pub async fn processes(&self) -> Vec<String> {
        self.ask("return [...document.querySelectorAll('[data-process]')].map(e => e.dataset.process).sort()")
            .await
    }

    /// The processes with this role, sorted.
    pub async fn with_role(&self, role: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(`[data-process][data-roles~=${arguments[0]}]`)]
            .map(e => e.dataset.process).sort()";
        self.ask_with(script, vec![role.into()]).await
    }

    /// Whether a process is shown as running.
    pub async fn is_up(&self, process: &str) -> bool {
        self.of_process(process, "e.dataset.state").await == json!("up")
    }

    /// Where the middle of a process is: of its body, without what is written around it. Brings it
    /// into view, as a user would scroll.
    pub async fn place_of(&self, process: &str) -> Point {
        let middle = "(e => {
            const body = e.querySelector('circle, rect, ellipse, path, polygon') ?? e;
            const outside = r => r.top < 0 || r.left < 0 || r.bottom > innerHeight || r.right > innerWidth;
            if (outside(body.getBoundingClientRect())) body.scrollIntoView({ block: 'center' });
            const r = body.getBoundingClientRect();
            return { x: r.x + r.width / 2, y: r.y + r.height / 2 } })(e)";
        let place = self.of_process(process, middle).await;
        serde_json::from_value(place).expect("a point")
    }

    /// Where a button is.
    pub async fn place_of_button(&self, name: &str) -> Point {
        let button = self.button(name).await;
        let script = "arguments[0].scrollIntoView({ block: 'nearest' });
            const r = arguments[0].getBoundingClientRect();
            return { x: r.x + r.width / 2, y: r.y + r.height / 2 }";
        let button = button.to_json().expect("an element is JSON");
        self.ask_with(script, vec![button]).await
    }

    /// The point of the stage that is farthest from every process and from the edge.
    pub async fn free_spot(&self) -> Point {
        let script = "
            const processes = [...document.querySelectorAll('[data-process]')];
            const stage = processes[0].ownerSVGElement.getBoundingClientRect();
            const taken = processes.map(e => e.getBoundingClientRect())
                .map(r => [r.x + r.width / 2, r.y + r.height / 2]);
            let best = null, room = -1;
            for (let i = 1; i < 20; i++) for (let j = 1; j < 20; j++) {
                const x = stage.x + stage.width * i / 20, y = stage.y + stage.height * j / 20;
                const under = document.elementFromPoint(x, y);
                if (!under || !(under.closest('svg') || under.querySelector('[data-process]'))) continue;
                const edge = Math.min(x - stage.left, stage.right - x, y - stage.top, stage.bottom - y);
                const free = Math.min(2 * edge, ...taken.map(([a, b]) => Math.hypot(a - x, b - y)));
                if (free > room) { room = free; best = { x, y }; }
            }
            return best;";
        let spot: Option<Point> = self.ask(script).await;
        spot.expect("the stage has a free spot in view")
    }

    /// Click on a process, which selects it.
    pub async fn select_process(&self, process: &str) {
        self.did(format!("selects {process}"));
        let place = self.place_of(process).await;
        self.tap(Pointer::Mouse, place).await;
        let what = format!("{process} can be removed");
        let remove = format!("Remove {process}");
        self.wait_until(&what, async |page| page.has_button(&remove).await)
            .await;
    }

    /// The messages of the accessible list, sorted.
    pub async fn messages(&self) -> Vec<Message> {
        let script = "return [...document.querySelectorAll(
                'ul[aria-label=\"Messages in flight\"] [data-message]')]
            .map(e => ({ kind: e.dataset.message, from: e.dataset.from, to: e.dataset.to }))";
        let mut messages: Vec<Message> = self.ask(script).await;
        messages.sort();
        messages
    }

    /// The pictures of messages on the stage.
    pub async fn flights(&self) -> Vec<Flight> {
        self.ask(
            "return [...document.querySelectorAll('[data-flight]')]
            .map(e => ({ id: e.dataset.flight, transform: e.getAttribute('transform') ?? '' }))",
        )
        .await
    }

    /// All rows of the log, in the order in which they stand there.
    pub async fn log(&self) -> Vec<LogRow> {
        self.ask(
            "return [...document.querySelectorAll('ol[aria-label=\"Events\"] > li:not(.ahead)')]
            .map(e => ({ text: e.textContent.replace(/\\s+/g, ' ').trim(), fact: e.dataset.fact ?? null }))",
        )
        .await
    }

    /// The branches that can be shown, by the words on their buttons.
    pub async fn branches(&self) -> Vec<String> {
        let buttons = "[role=group][aria-label=Branches] button[aria-pressed]";
        let texts = self.shown_texts(buttons).await.into_iter();
        let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        texts.map(words).collect()
    }

    /// Where the element that this selector finds is: its centre.
    pub async fn centre_of(&self, selector: &str) -> Point {
        let script = "const box = document.querySelector(arguments[0])?.getBoundingClientRect();
            return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 }";
        let found: Option<Point> = self.ask_with(script, vec![selector.into()]).await;
        found.unwrap_or_else(|| panic!("nothing is {selector:?}"))
    }

    /// Whether some row of the log contains this text.
    pub async fn log_says(&self, text: &str) -> bool {
        self.log().await.iter().any(|row| row.text.contains(text))
    }

    /// What the page tells its user apart from the log, good and bad.
    pub async fn notices(&self) -> Vec<String> {
        self.shown_texts("[role=alert], [role=status], .notice")
            .await
    }

    /// What the page complains about.
    pub async fn alerts(&self) -> Vec<String> {
        self.shown_texts("[role=alert]").await
    }

    /// Wait until the page complains in these words.
    pub async fn is_alerted(&self, words: &str) {
        self.wait_until(&format!("{words:?} is said"), async |page| {
            let alerts = page.alerts().await;
            alerts.iter().any(|text| text.contains(words))
        })
        .await;
    }

    async fn shown_texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .filter(e => e.checkVisibility()).map(e => e.innerText.trim()).filter(t => t)";
        self.ask_with(script, vec![selector.into()]).await
    }

    /// Why nothing can be chosen, if the page shows such a reason.
    pub async fn obstacle(&self) -> Option<String> {
        self.ask(
            "const e = document.querySelector('[data-obstacle]');
            return e && e.checkVisibility() && e.innerText.trim() || null",
        )
        .await
    }

    /// How many runs can be chosen from; one, if there is no choice.
    pub async fn runs(&self) -> usize {
        self.options("Run").await.len().max(1)
    }

    /// Let the next thing happen, and wait until the log tells it and time stands still again.
    pub async fn step(&self) {
        let before = self.log().await.len();
        self.press("Step").await;
        self.wait_until(
            "the log tells of the step, and it has ended",
            async |page| page.log().await.len() > before && !page.state().await.playing,
        )
        .await;
    }

    /// Press Play, unless time runs already.
    pub async fn play(&self) {
        if !self.state().await.playing {
            self.press("Play").await;
        }
    }

    /// Let time run until a learner knows this value and the run is over: the log of one that
    /// goes on has only its last rows.
    pub async fn play_until_learned(&self, value: &str) {
        self.play().await;
        self.wait_until(&format!("{value:?} is learned"), async |page| {
            let state = page.state().await;
            state.learned.as_deref() == Some(value) && !state.playing
        })
        .await;
    }

    async fn of_process(&self, process: &str, expression: &str) -> serde_json::Value {
        let script = format!(
            "const e = [...document.querySelectorAll('[data-process]')]
                .find(e => e.dataset.process === arguments[0]);
            return e ? {expression} : null"
        );
        let what = format!("process {process} is on the stage");
        self.wait_for(&what, async |page| {
            let found: serde_json::Value = page.ask_with(&script, vec![process.into()]).await;
            Ok((!found.is_null()).then_some(found))
        })
        .await
    }
}
