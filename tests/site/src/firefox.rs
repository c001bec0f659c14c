//! Firefox, and what only it and its driver understand.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use http::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::WebDriverError;
use thirtyfour::{RequestData, SessionId, WebDriver};
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;

use crate::bidi::Bidi;
use crate::driver::{connect, find_program, scratch_folder, start_telling};
use crate::engine::Outcome;

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

/// What is said of a frame that goes while its page is on the way through the service worker. A file
/// that cannot be loaded has a name.
const UNNAMED: &str = "Failed to load ‘’. A ServiceWorker intercepted the request";

/// One session, with a socket beside it.
pub struct Firefox {
    pub session: WebDriver,
    bidi: Bidi,
}

impl Firefox {
    /// The browser with a profile in this folder, and its driver.
    ///
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub async fn start(folder: &Path) -> Outcome<(Self, Vec<Child>)> {
        copy(used_once().await?, folder).map_err(|error| error.to_string())?;
        Self::start_in(folder).await
    }

    /// The same with the profile as it is.
    async fn start_in(folder: &Path) -> Outcome<(Self, Vec<Child>)> {
        let browser = find_program(&["firefox-esr", "firefox"])?;
        let driver = find_program(&["geckodriver"])?;
        let command = || {
            let mut command = Command::new(&driver);
            command.args(["--port=0", "--websocket-port=0", "--allow-system-access"]);
            command.envs([
                ("MOZ_HEADLESS_WIDTH", "1440"),
                ("MOZ_HEADLESS_HEIGHT", "900"),
            ]);
            command
        };
        let (driver, port) = start_telling(command, port).await;
        let wanted = json!({
            "browserName": "firefox",
            "webSocketUrl": true,
            "moz:firefoxOptions": {
                "binary": browser,
                "args": ["-headless", "-profile", folder],
                "prefs": QUICK.map(|name| (name, false)).into_iter().collect::<HashMap<_, _>>(),
            },
        });
        let session = connect(port, wanted).await;
        let address = session.handle().capabilities().get("webSocketUrl").cloned();
        let address = address.and_then(|it| it.as_str().map(str::to_owned));
        let bidi = Bidi::connect(&address.expect("it was asked for")).await;
        let subscribed = bidi.command("session.subscribe", json!({ "events": HEARD }));
        subscribed.await?;
        Ok((Self { session, bidi }, vec![driver]))
    }

    pub async fn before_load(&self, script: &str) -> Outcome<()> {
        let declaration = format!("() => {{ {script} }}");
        self.command(
            "script.addPreloadScript",
            json!({ "functionDeclaration": declaration }),
        )
        .await
    }

    pub async fn console(&self) -> Outcome<Vec<String>> {
        // What was told before this is answered has arrived.
        self.command("session.status", json!({})).await?;
        Ok(self.bidi.events().iter().filter_map(complaint).collect())
    }

    pub async fn screen(&self, width: u32, height: u32) -> Outcome<()> {
        let phone = width < 600;
        self.set("ui.useOverlayScrollbars", i32::from(phone))
            .await?;
        let window = self.session.window().await.map_err(said)?.to_string();
        let params = json!({ "context": window, "viewport": { "width": width, "height": height } });
        self.command("browsingContext.setViewport", params).await
    }

    pub async fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        match feature {
            "prefers-color-scheme" => {
                let name = "layout.css.prefers-color-scheme.content-override";
                self.set(name, i32::from(value != "dark")).await
            }
            "prefers-reduced-motion" => {
                let name = "ui.prefersReducedMotion";
                self.set(name, i32::from(value == "reduce")).await
            }
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

/// A profile that was used once, in which nobody has been anywhere: a browser that finds what it
/// compiled at its first start is there in a third of the time.
async fn used_once() -> Outcome<&'static Path> {
    static USED: OnceCell<PathBuf> = OnceCell::const_new();
    let make = || async {
        let folder = scratch_folder().join("firefox");
        // Of an earlier run, perhaps by another version.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let (it, mut processes) = Firefox::start_in(&folder).await?;
        it.session.quit().await.map_err(said)?;
        for driver in &mut processes {
            driver.kill().await.map_err(|error| error.to_string())?;
        }
        Ok(folder)
    };
    USED.get_or_try_init(make).await.map(PathBuf::as_path)
}

/// All but what belongs to the browser that runs.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, to) = (entry.file_name(), to.join(entry.file_name()));
        if ["lock", ".parentlock", "cache2"]
            .iter()
            .any(|own| name == *own)
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
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
