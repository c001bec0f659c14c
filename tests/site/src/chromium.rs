//! Chromium, and what only it and its driver understand.

use std::cell::Cell;
use std::fs;

use serde_json::{Value, json};
use thirtyfour::{WebDriver, WindowHandle};

use crate::driver::{Profile, connect, find_program, held, start_telling};
use crate::engine::Outcome;
use crate::running::Running;
use crate::wire::Wire;

/// Headless, alone, and quiet on the network.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1440,900",
];

/// What a story has of a browser: its tabs, and a socket to the browser itself, for the driver speaks to
/// tabs alone. A context for each story would be a window for each, which takes a sixth of the machine.
pub struct Chromium {
    pub session: WebDriver,
    pub running: Cell<Option<Running>>,
    wire: Wire,
}

impl Chromium {
    /// A browser that is as if it was new.
    ///
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub async fn start() -> Outcome<Self> {
        let running = Running::take(start).await?;
        let wire = Wire::connect(&running.address).await;
        let chromium = Self {
            session: running.session.clone(),
            running: Cell::new(Some(running)),
            wire,
        };
        let tab = chromium.new_tab().await?;
        let turned = chromium.session.switch_to_window(tab).await;
        turned.map_err(|error| error.to_string())?;
        // What the browser said before is not about this story.
        chromium.console().await?;
        Ok(chromium)
    }

    /// A further tab of the same user, in front.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        let empty = json!({ "url": "about:blank" });
        let tab = self.wire.command("Target.createTarget", empty).await?;
        let tab = tab["targetId"].as_str().expect("it has a name");
        Ok(WindowHandle::from(tab.to_owned()))
    }

    pub async fn before_load(&self, script: &str) -> Outcome<()> {
        let params = json!({ "source": script });
        self.command("Page.addScriptToEvaluateOnNewDocument", params)
            .await
    }

    pub async fn console(&self) -> Outcome<Vec<String>> {
        let entries = self.session.browser_log().await;
        let entries = entries.map_err(|error| error.to_string())?;
        let lines = entries
            .into_iter()
            .map(|entry| format!("{}: {}", entry.level, entry.message));
        Ok(lines.collect())
    }

    pub async fn screen(&self, width: u32, height: u32) -> Outcome<()> {
        let phone = width < 600;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.command("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        let touch = json!({ "enabled": phone });
        self.command("Emulation.setTouchEmulationEnabled", touch)
            .await
    }

    pub async fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        let media = json!({ "features": [{ "name": feature, "value": value }] });
        self.command("Emulation.setEmulatedMedia", media).await
    }

    async fn command(&self, name: &str, params: Value) -> Outcome<()> {
        let done = self.session.cdp().send_raw(name, params).await;
        done.map(drop).map_err(|error| error.to_string())
    }
}

async fn start() -> Outcome<Running> {
    let browser = find_program(&["chromium", "google-chrome"])?;
    let driver = find_program(&["chromedriver"])?;
    let folder = Profile::new();
    let command = || {
        let mut command = held(&driver, &folder);
        command.arg("--port=0");
        command
    };
    let (driver, port) = start_telling(command, port).await;
    let profile = format!("--user-data-dir={}", folder.0.display());
    let args: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "binary": browser, "args": args },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    let session = connect(port, wanted).await;
    let told = fs::read_to_string(folder.0.join("DevToolsActivePort"));
    let told = told.map_err(|error| error.to_string())?;
    let (port, path) = told.split_once('\n').expect("a port and a path");
    let home = session.window().await;
    Ok(Running {
        home: home.map_err(|error| error.to_string())?,
        address: format!("ws://127.0.0.1:{port}{path}"),
        session,
        processes: vec![driver],
        profile: folder,
    })
}

/// The port, if this line of the driver's output tells it.
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
