//! The page as a whole: opening it, asking it, waiting for it.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::error::{WebDriverErrorInner, WebDriverResult};
use thirtyfour::{WebDriver, WindowHandle};
use tokio::time::{Instant, sleep};

use crate::driver;
use crate::engine::Engine;
use crate::host::Host;

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(50);

/// Runs before the page's own scripts: hears errors, and counts what the page asks to be run later.
const WITNESS: &str = r"
  window.witness = { errors: [], scheduled: 0 };
  addEventListener('error', e => witness.errors.push(String(e.message || 'a resource failed')), true);
  addEventListener('unhandledrejection', e => witness.errors.push(String(e.reason)));
  for (const name of ['requestAnimationFrame', 'setTimeout', 'setInterval', 'requestIdleCallback']) {
    const schedule = window[name];
    if (schedule) window[name] = (...args) => {
      // WebKit's driver has a timer for each script; it has no address.
      if (new Error().stack.split('\n')[1] !== '@') witness.scheduled += 1;
      return schedule(...args);
    };
  }
";

/// The open page, in the hands of one user.
#[derive(Clone)]
pub struct Page {
    pub(crate) session: WebDriver,
    pub(crate) engine: Rc<Engine>,
    pub(crate) base: String,
    /// In the order in which they were opened, once there is more than one.
    pub(crate) tabs: Rc<RefCell<Vec<WindowHandle>>>,
    patience: Duration,
    deeds: Rc<RefCell<Vec<String>>>,
    hosts: Rc<RefCell<Vec<Rc<Host>>>>,
    expected: Rc<RefCell<Vec<String>>>,
}

/// What the root element says of itself.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct State {
    /// Usable.
    pub ready: bool,
    /// Virtual milliseconds.
    pub time: f64,
    /// The chosen value, once there is one.
    pub chosen: Option<String>,
    /// The learned value, once somebody knows it.
    pub learned: Option<String>,
    /// Whether time runs.
    pub playing: bool,
}

impl Page {
    pub(crate) async fn new(engine: Rc<Engine>, base: String) -> Self {
        let witness = engine.before_load(WITNESS).await;
        witness.expect("a fresh browser takes a script");
        Self {
            session: engine.session().clone(),
            engine,
            base,
            tabs: Rc::default(),
            patience: Duration::from_secs(10),
            deeds: Rc::default(),
            hosts: Rc::default(),
            expected: Rc::default(),
        }
    }

    /// The same user at another host, which is there until the story is over: what the page still
    /// fetches then does not fail.
    #[must_use]
    pub fn at(&self, host: &Rc<Host>) -> Self {
        self.hosts.borrow_mut().push(host.clone());
        let mut page = self.clone();
        host.base().clone_into(&mut page.base);
        page
    }

    /// The browser: `chromium`, `firefox` or `webkit`.
    pub fn browser(&self) -> &'static str {
        self.engine.name()
    }

    /// The same page for a user who waits this long at most.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Open the page with these parameters, such as `?scenario=hello`, and wait until it is usable.
    pub async fn open(&self, query: &str) {
        self.did(format!("opens the page with {query:?}"));
        let opened = self.session.goto(format!("{}{query}", self.base)).await;
        opened.unwrap_or_else(|error| panic!("the page does not open: {error}"));
        self.wait_until("the page is usable", async |page| page.state().await.ready)
            .await;
    }

    /// Have nothing kept by the browser, as if nobody had been here.
    pub async fn forget(&self) {
        // A page that is told what to show keeps nothing when it is left.
        self.open("?scenario=hello").await;
        self.ask::<()>("localStorage.clear(); return null").await;
    }

    /// Go to another fragment of the same page, as a link in it would.
    pub async fn follow(&self, fragment: &str) {
        self.did(format!("follows {fragment:.60}"));
        let script = "location.hash = arguments[0]; return null";
        self.ask_with::<()>(script, vec![fragment.into()]).await;
    }

    /// What the page says of itself; one that is just being replaced says nothing.
    pub async fn state(&self) -> State {
        self.ask(
            "const d = document.documentElement?.dataset ?? {};
             return { ready: d.ready === 'true', time: Number(d.time ?? 0),
                      chosen: d.chosen ?? null, learned: d.learned ?? null,
                      playing: d.playing === 'true' };",
        )
        .await
    }

    /// The virtual time in milliseconds.
    pub async fn time(&self) -> f64 {
        self.state().await.time
    }

    /// What the title bar says.
    pub async fn title(&self) -> String {
        self.session.title().await.expect("a page has a title")
    }

    /// Run a script in the page and take what it returns.
    pub async fn ask<T: DeserializeOwned>(&self, script: &str) -> T {
        self.ask_with(script, vec![]).await
    }

    /// The same with `arguments`.
    pub async fn ask_with<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let begin = Instant::now();
        loop {
            let answer = self.session.execute(script, arguments.clone()).await;
            let answer = answer.unwrap_or_else(|error| panic!("cannot ask the page: {error}"));
            match answer.convert() {
                Ok(answer) => return answer,
                // Firefox says so of a page that goes while it is asked: the next one answers.
                Err(_) if answer.json().is_null() && begin.elapsed() < self.patience => {}
                Err(error) => panic!("unexpected answer {}: {error}", answer.json()),
            }
            sleep(POLL).await;
        }
    }

    /// Run a script that calls back, and take what it calls back with.
    pub async fn ask_later<T: DeserializeOwned>(&self, script: &str) -> T {
        let answer = self.session.execute_async(script, vec![]).await;
        let answer = answer.unwrap_or_else(|error| panic!("cannot ask the page: {error}"));
        answer
            .convert()
            .unwrap_or_else(|error| panic!("unexpected answer {}: {error}", answer.json()))
    }

    /// Wait until a condition holds.
    pub async fn wait_until(&self, what: &str, mut holds: impl AsyncFnMut(&Page) -> bool) {
        self.wait_for(what, async |page| Ok(holds(page).await.then_some(())))
            .await;
    }

    /// Wait until there is something, and take it. Elements that vanish while they are looked at
    /// are looked for again.
    pub async fn wait_for<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut(&Page) -> WebDriverResult<Option<T>>,
    ) -> T {
        let begin = Instant::now();
        loop {
            match look(self).await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                Err(error) if vanished(&error) => {}
                Err(error) => panic!("while waiting until {what}: {error}"),
            }
            assert!(
                begin.elapsed() < self.patience,
                "waited {:?} in vain until {what}",
                self.patience
            );
            sleep(POLL).await;
        }
    }

    /// Check that something stays as it is for a while.
    pub async fn stays<T: PartialEq + std::fmt::Debug>(
        &self,
        what: &str,
        window: Duration,
        mut look: impl AsyncFnMut(&Page) -> T,
    ) {
        let before = look(self).await;
        let begin = Instant::now();
        while begin.elapsed() < window {
            sleep(POLL).await;
            let now = look(self).await;
            assert_eq!(before, now, "{what} must not change");
        }
    }

    /// How often the page has asked for an animation frame or a timer.
    pub async fn scheduled(&self) -> u64 {
        self.ask("return witness.scheduled").await
    }

    /// How fast virtual time runs once the user has begun it: milliseconds for each second of the
    /// user. The page itself takes the times, so that a slow driver makes no difference.
    pub async fn pace(&self, begin: impl AsyncFnOnce(&Page)) -> f64 {
        self.ask::<()>(
            "const now = () => [performance.now(), Number(document.documentElement.dataset.time)];
            window.pace = null;
            new MutationObserver(() => { window.pace ??= { begin: now() }; window.pace.end = now(); })
                .observe(document.documentElement, { attributeFilter: ['data-time'] });
            return null",
        )
        .await;
        begin(self).await;
        let script = "if (!window.pace) return null;
            const passed = [0, 1].map(i => window.pace.end[i] - window.pace.begin[i]);
            return passed[0] > 400 ? passed[1] / passed[0] * 1000 : null";
        self.wait_for("time was seen to run for a while", async |page| {
            Ok(page.ask::<Option<f64>>(script).await)
        })
        .await
    }

    /// Use a screen of this size; below 600 pixels it is a phone.
    pub async fn use_screen(&self, width: u32, height: u32) {
        self.did(format!("uses a screen of {width} by {height}"));
        let resized = self.engine.screen(width, height).await;
        resized.expect("the browser emulates screens");
    }

    /// Prefer something in the whole system, such as `prefers-reduced-motion`.
    pub async fn prefer(&self, feature: &str, value: &str) {
        self.did(format!("sets {feature} to {value}"));
        let set = self.engine.prefer(feature, value).await;
        set.expect("the browser emulates preferences");
    }

    /// What axe-core complains about, one line for each element.
    pub async fn accessibility_complaints(&self) -> Vec<String> {
        self.axe("{ resultTypes: ['violations'] }").await
    }

    /// What it complains about of colours alone: nothing else can change with the theme.
    pub async fn colour_complaints(&self) -> Vec<String> {
        let rules = "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }";
        self.axe(&format!(
            "{{ resultTypes: ['violations'], runOnly: {rules} }}"
        ))
        .await
    }

    async fn axe(&self, options: &str) -> Vec<String> {
        if !self.ask::<bool>("return 'axe' in window").await {
            let loaded = self.session.execute(driver::axe(), vec![]).await;
            loaded.expect("axe-core loads");
        }
        let script = format!(
            "const done = arguments[arguments.length - 1];
            axe.run(document, {options}).then(
              r => done(r.violations.flatMap(v => v.nodes.map(
                n => `${{v.id}} (${{v.help}}): ${{n.target.join(' ')}}: ${{n.failureSummary}}`))),
              e => done([`axe-core failed: ${{e}}`]));"
        );
        self.ask_later(&script).await
    }

    /// All that the console got since the last call, and the errors that the page's window heard.
    pub(crate) async fn console(&self) -> Vec<String> {
        let script = "return window.witness ? witness.errors.splice(0) : []";
        let errors = self.session.execute(script, vec![]).await;
        let errors = errors.and_then(|errors| errors.convert::<Vec<String>>());
        let console = self.engine.console().await;
        let mut lines = console.unwrap_or_else(|error| vec![format!("not to be had: {error}")]);
        lines.extend(errors.unwrap_or_default());
        lines
    }

    /// Keep what is seen in a file.
    pub async fn picture(&self, file: &Path) -> Result<(), String> {
        self.engine.picture(file).await
    }

    /// The page in a few words, for a report.
    pub(crate) async fn describe(&self) -> String {
        let script = "return { url: location.href, root: { ...document.documentElement.dataset },
            focus: document.activeElement?.outerHTML.slice(0, 200),
            text: document.body?.innerText.slice(0, 3000) }";
        match self.session.execute(script, vec![]).await {
            Ok(answer) => format!("{:#}", answer.json()),
            Err(error) => format!("it does not answer: {error}"),
        }
    }

    /// Remember what the user did, for the report of a failure.
    pub(crate) fn did(&self, deed: String) {
        self.deeds.borrow_mut().push(deed);
    }

    /// Lines of the console with these words are meant to be there.
    pub fn expect_on_console(&self, words: &str) {
        self.expected.borrow_mut().push(words.to_owned());
    }

    pub(crate) fn is_expected(&self, line: &str) -> bool {
        let expected = self.expected.borrow();
        expected.iter().any(|words| line.contains(words))
    }

    pub(crate) fn deeds(&self) -> Vec<String> {
        self.deeds.borrow().clone()
    }

    /// Perform W3C actions.
    pub(crate) async fn act(&self, sources: Value) {
        use thirtyfour::common::command::{Actions, Command};
        let actions = Actions::from(json!(sources));
        let acted = self.session.cmd(Command::PerformActions(actions)).await;
        acted.unwrap_or_else(|error| panic!("the browser cannot do that: {error}"));
    }
}

/// Whether the element was there and is gone: pages that draw themselves anew do that. Of a page that
/// goes while it is asked Firefox answers null.
pub(crate) fn vanished(error: &thirtyfour::error::WebDriverError) -> bool {
    match error.as_inner() {
        WebDriverErrorInner::StaleElementReference(_) | WebDriverErrorInner::NoSuchElement(_) => {
            true
        }
        WebDriverErrorInner::Json(why) => why.contains("invalid type: null"),
        _ => false,
    }
}
