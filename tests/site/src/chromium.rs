//! Chromium, and what only it and its driver understand.

use std::path::Path;

use serde_json::{Value, json};
use thirtyfour::WebDriver;
use tokio::process::Child;

use crate::driver::{connect, find_program, held, start_telling};
use crate::engine::Outcome;

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

/// One session.
pub struct Chromium {
    pub session: WebDriver,
}

impl Chromium {
    /// The browser with this profile, and its driver.
    ///
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub async fn start(profile: &Path) -> Outcome<(Self, Vec<Child>)> {
        let browser = find_program(&["chromium", "google-chrome"])?;
        let driver = find_program(&["chromedriver"])?;
        let command = || {
            let mut command = held(&driver);
            command.arg("--port=0");
            command
        };
        let (driver, port) = start_telling(command, port).await;
        let profile = format!("--user-data-dir={}", profile.display());
        let args: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": browser, "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let session = connect(port, wanted).await;
        Ok((Self { session }, vec![driver]))
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

/// The port, if this line of the driver's output tells it.
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
