//! What only Chromium and its driver understand: another browser gets a sibling of this file.

use std::path::{Path, PathBuf};

use serde_json::json;
use thirtyfour::WebDriver;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::Capabilities;
use tokio::process::Command;

use crate::driver::find_program;

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

/// The browser and its driver, as found on this machine.
pub struct Programs {
    browser: PathBuf,
    driver: PathBuf,
}

impl Programs {
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub fn find() -> Result<Self, String> {
        Ok(Self {
            browser: find_program(&["chromium", "google-chrome"])?,
            driver: find_program(&["chromedriver"])?,
        })
    }

    /// The command that starts the driver on a port of its own choice.
    pub fn driver(&self) -> Command {
        let mut command = Command::new(&self.driver);
        command.arg("--port=0");
        command
    }

    /// What a session asks for: every story has a profile of its own.
    pub fn capabilities(&self, profile: &Path) -> Capabilities {
        let profile = format!("--user-data-dir={}", profile.display());
        let args: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": self.browser, "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        serde_json::from_value(wanted).expect("capabilities are an object")
    }
}

/// The port, if this line of the driver's output tells it.
pub fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// All that the console got since the last call: messages, uncaught errors, failed requests.
pub async fn console(driver: &WebDriver) -> WebDriverResult<Vec<String>> {
    let entries = driver.browser_log().await?;
    let lines = entries
        .into_iter()
        .map(|entry| format!("{}: {}", entry.level, entry.message));
    Ok(lines.collect())
}

/// Have a script run in every page before the page's own.
pub async fn before_load(driver: &WebDriver, script: &str) -> WebDriverResult<()> {
    let params = json!({ "source": script });
    let command = "Page.addScriptToEvaluateOnNewDocument";
    driver.cdp().send_raw(command, params).await?;
    Ok(())
}

/// A screen of this size, also narrower than a window can be; a phone below 600 pixels.
pub async fn screen(driver: &WebDriver, width: u32, height: u32) -> WebDriverResult<()> {
    let phone = width < 600;
    let metrics =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
    let command = "Emulation.setDeviceMetricsOverride";
    driver.cdp().send_raw(command, metrics).await?;
    let touch = json!({ "enabled": phone });
    let command = "Emulation.setTouchEmulationEnabled";
    driver.cdp().send_raw(command, touch).await?;
    Ok(())
}

/// What the user prefers, such as `prefers-color-scheme: dark`.
pub async fn prefer(driver: &WebDriver, feature: &str, value: &str) -> WebDriverResult<()> {
    let media = json!({ "features": [{ "name": feature, "value": value }] });
    let command = "Emulation.setEmulatedMedia";
    driver.cdp().send_raw(command, media).await?;
    Ok(())
}
