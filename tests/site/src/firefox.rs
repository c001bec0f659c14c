//! Firefox, and what only it and its driver understand.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::WebDriverError;
use thirtyfour::{RequestData, SessionId, WebDriver, WindowHandle};

use crate::driver::{Profile, connect, find_program, held, start_telling};
use crate::engine::Outcome;
use crate::running::Running;
use crate::wire::Wire;

const HEARD: [&str; 3] = [
    "log.entryAdded",
    "network.responseCompleted",
    "network.fetchError",
];

/// Processes that no story needs: without them half of its time to start is saved.
const QUICK: [&str; 3] = [
    "dom.ipc.processPrelaunch.enabled",
    "browser.tabs.remote.separatePrivilegedContentProcess",
    "extensions.webextensions.remote",
];

/// Frames a second: without a graphics card drawing is most of the work, and no story needs more.
const FRAMES: (&str, u32) = ("layout.frame_rate", 30);

/// The preferences of the browser that a story sets.
const SCROLLBARS: &str = "ui.useOverlayScrollbars";
const COLOURS: &str = "layout.css.prefers-color-scheme.content-override";
const MOTION: &str = "ui.prefersReducedMotion";
const SET: [&str; 3] = [SCROLLBARS, COLOURS, MOTION];

/// What is said of a frame that goes while its page is on the way through the service worker. A file
/// that cannot be loaded has a name.
const UNNAMED: &str = "Failed to load ‘’. A ServiceWorker intercepted the request";

/// What a story has of a browser: a container, its tabs, and a socket beside the session.
pub struct Firefox {
    pub session: WebDriver,
    pub running: Cell<Option<Running>>,
    bidi: Wire,
    container: String,
    preloaded: RefCell<Vec<Value>>,
}

impl Firefox {
    /// A browser that is as if it was new.
    ///
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub async fn start() -> Outcome<Self> {
        let running = Running::take(start).await?;
        let bidi = Wire::connect(&running.address).await;
        let subscribed = bidi.command("session.subscribe", json!({ "events": HEARD }));
        subscribed.await?;
        let container = bidi.command("browser.createUserContext", json!({})).await?;
        let container = container["userContext"].as_str();
        let firefox = Self {
            session: running.session.clone(),
            container: container.expect("it has a name").to_owned(),
            running: Cell::new(Some(running)),
            bidi,
            preloaded: RefCell::default(),
        };
        let tab = firefox.new_tab().await?;
        let turned = firefox.session.switch_to_window(tab).await;
        turned.map_err(said)?;
        Ok(firefox)
    }

    /// Forget the user, and what was set for this one.
    pub async fn forget(&self) -> Outcome<()> {
        for script in self.preloaded.take() {
            self.command("script.removePreloadScript", json!({ "script": script }))
                .await?;
        }
        let script = "for (const it of arguments) Services.prefs.clearUserPref(it)";
        self.within(script, SET.map(Value::from).into()).await?;
        let container = json!({ "userContext": self.container });
        self.command("browser.removeUserContext", container).await
    }

    /// A further tab of the same user, in front.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        let tab = json!({ "type": "tab", "userContext": self.container });
        let tab = self.bidi.command("browsingContext.create", tab).await?;
        let tab = tab["context"].as_str().expect("it has a name");
        Ok(WindowHandle::from(tab.to_owned()))
    }

    pub async fn before_load(&self, script: &str) -> Outcome<()> {
        let declaration = json!({ "functionDeclaration": format!("() => {{ {script} }}") });
        let added = self.bidi.command("script.addPreloadScript", declaration);
        let script = added.await?["script"].take();
        self.preloaded.borrow_mut().push(script);
        Ok(())
    }

    pub async fn console(&self) -> Outcome<Vec<String>> {
        // What was told before this is answered has arrived.
        self.command("session.status", json!({})).await?;
        Ok(self.bidi.events().iter().filter_map(complaint).collect())
    }

    pub async fn screen(&self, width: u32, height: u32) -> Outcome<()> {
        let phone = width < 600;
        self.set(SCROLLBARS, i32::from(phone)).await?;
        let window = self.session.window().await.map_err(said)?.to_string();
        let params = json!({ "context": window, "viewport": { "width": width, "height": height } });
        self.command("browsingContext.setViewport", params).await
    }

    pub async fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        match feature {
            "prefers-color-scheme" => self.set(COLOURS, i32::from(value != "dark")).await,
            "prefers-reduced-motion" => self.set(MOTION, i32::from(value == "reduce")).await,
            _ => Err(format!("{feature} is not known")),
        }
    }

    pub async fn come_back(&self) -> Outcome<()> {
        let here = self.session.execute("return document.hasFocus()", vec![]);
        match here.await.map_err(said)?.json() {
            Value::Bool(true) => Ok(()),
            _ => {
                self.within("gBrowser.selectedBrowser.focus()", vec![])
                    .await
            }
        }
    }

    /// Set a preference of the browser.
    async fn set(&self, name: &str, value: i32) -> Outcome<()> {
        let script = "Services.prefs.setIntPref(...arguments)";
        self.within(script, vec![name.into(), value.into()]).await
    }

    /// Run a script within the browser itself.
    async fn within(&self, script: &str, arguments: Vec<Value>) -> Outcome<()> {
        let script = format!("{script}; return null");
        self.session.cmd(Context("chrome")).await.map_err(said)?;
        let done = self.session.execute(&script, arguments).await;
        self.session.cmd(Context("content")).await.map_err(said)?;
        done.map(drop).map_err(said)
    }

    async fn command(&self, method: &str, params: Value) -> Outcome<()> {
        let done = self.bidi.command(method, params).await;
        done.map(drop)
    }
}

async fn start() -> Outcome<Running> {
    let browser = find_program(&["firefox-esr", "firefox"])?;
    let driver = find_program(&["geckodriver"])?;
    let profile = Profile::new();
    let command = || {
        let mut command = held(&driver, &profile);
        command.args(["--port=0", "--websocket-port=0", "--allow-system-access"]);
        command.envs([
            ("MOZ_HEADLESS_WIDTH", "1440"),
            ("MOZ_HEADLESS_HEIGHT", "900"),
        ]);
        command
    };
    let (driver, port) = start_telling(command, port).await;
    let mut prefs = HashMap::from(QUICK.map(|name| (name, json!(false))));
    prefs.insert(FRAMES.0, json!(FRAMES.1));
    let wanted = json!({
        "browserName": "firefox",
        "webSocketUrl": true,
        "moz:firefoxOptions": {
            "binary": browser,
            "args": ["-headless", "-profile", profile.0],
            "prefs": prefs,
        },
    });
    let session = connect(port, wanted).await;
    let address = session.handle().capabilities().get("webSocketUrl").cloned();
    let address = address.and_then(|it| it.as_str().map(str::to_owned));
    Ok(Running {
        home: session.window().await.map_err(said)?,
        address: address.expect("it was asked for"),
        session,
        processes: vec![driver],
        profile,
    })
}

fn said(error: WebDriverError) -> String {
    error.to_string()
}

/// What an event says on the console or about a request that failed.
fn complaint(event: &Value) -> Option<String> {
    let params = &event["params"];
    let address = params["request"]["url"].as_str().unwrap_or_default();
    match event["method"].as_str()? {
        "log.entryAdded" => {
            let line = format!("{}: {}", params["level"], params["text"]);
            (!line.contains(UNNAMED)).then_some(line)
        }
        "network.responseCompleted" => {
            let status = params["response"]["status"].as_u64()?;
            (status >= 400).then(|| format!("{status}: {address}"))
        }
        "network.fetchError" => {
            let why = params["errorText"].as_str()?;
            // Who asked for it is gone: the page was left, or the worker ended.
            let left = ["NS_BINDING_ABORTED", "NS_BASE_STREAM_CLOSED"].contains(&why);
            let frame = why == "NS_ERROR_FAILURE" && address.contains("/index.html?embed");
            (!left && !frame).then(|| format!("{why}: {address}"))
        }
        _ => None,
    }
}

/// The port, if this line of the driver's output tells it.
fn port(line: &str) -> Option<u16> {
    let (_, address) = line.split_once("Listening on ")?;
    address.rsplit_once(':')?.1.trim().parse().ok()
}

/// Whether scripts run in the page or in the browser.
#[derive(Debug)]
struct Context(&'static str);

impl FormatRequestData for Context {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let path = format!("session/{session}/moz/context");
        RequestData::new(Method::POST, path).add_body(json!({ "context": self.0 }))
    }
}
