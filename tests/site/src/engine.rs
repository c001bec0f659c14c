//! The browsers in which stories are told; PAXOS_BROWSER says which one it is now.

use std::env;
use std::path::Path;

use thirtyfour::{WebDriver, WindowHandle};
use tokio::time::timeout;

use crate::chromium::Chromium;
use crate::firefox::Firefox;
use crate::story::END_LIMIT;
use crate::webkit::WebKit;

/// What is wrong is a sentence.
pub type Outcome<T> = Result<T, String>;

/// What goes beyond the WebDriver that all browsers speak.
pub enum Engine {
    Chromium(Box<Chromium>),
    Firefox(Box<Firefox>),
    WebKit(Box<WebKit>),
}

impl Engine {
    /// The browser that is asked for, in which nobody has been.
    pub async fn start() -> Outcome<Self> {
        let name = env::var("PAXOS_BROWSER").unwrap_or_default();
        match name.as_str() {
            "" | "chromium" => {
                let it = Chromium::start().await?;
                Ok(Self::Chromium(Box::new(it)))
            }
            "firefox" => {
                let it = Firefox::start().await?;
                Ok(Self::Firefox(Box::new(it)))
            }
            "webkit" => {
                let it = WebKit::start().await?;
                Ok(Self::WebKit(Box::new(it)))
            }
            _ => Err(format!(
                "PAXOS_BROWSER is {name:?}: it can be chromium, firefox or webkit"
            )),
        }
    }

    /// What PAXOS_BROWSER calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Chromium(_) => "chromium",
            Self::Firefox(_) => "firefox",
            Self::WebKit(_) => "webkit",
        }
    }

    /// Forget who was there, and leave the browser to the next story if all is well with it.
    pub async fn quit(&self, well: bool) -> Outcome<()> {
        let running = match self {
            Self::Chromium(it) => &it.running,
            Self::Firefox(it) => &it.running,
            Self::WebKit(it) => &it.running,
        };
        let running = running.take().expect("a story ends once");
        let forget = async {
            if !well {
                return Err("it did not answer before".to_owned());
            }
            match self {
                Self::Chromium(_) => running.close_tabs().await,
                // With all its tabs.
                Self::Firefox(it) => it.forget().await,
                Self::WebKit(it) => {
                    running.close_tabs().await?;
                    it.forget().await
                }
            }
        };
        let forgot = timeout(END_LIMIT, forget).await;
        let forgot = forgot.unwrap_or_else(|late| Err(late.to_string()));
        running.leave(forgot).await
    }

    pub fn session(&self) -> &WebDriver {
        match self {
            Self::Chromium(it) => &it.session,
            Self::Firefox(it) => &it.session,
            Self::WebKit(it) => &it.session,
        }
    }

    /// Have a script run in every page before the page's own.
    pub async fn before_load(&self, script: &str) -> Outcome<()> {
        match self {
            Self::Chromium(it) => it.before_load(script).await,
            Self::Firefox(it) => it.before_load(script).await,
            Self::WebKit(it) => it.before_load(script).await,
        }
    }

    /// All that the console got since the last call: messages, uncaught errors, failed requests.
    pub async fn console(&self) -> Outcome<Vec<String>> {
        match self {
            Self::Chromium(it) => it.console().await,
            Self::Firefox(it) => it.console().await,
            Self::WebKit(it) => it.console().await,
        }
    }

    /// A screen of this size, also narrower than a window can be; a phone below 600 pixels.
    pub async fn screen(&self, width: u32, height: u32) -> Outcome<()> {
        match self {
            Self::Chromium(it) => it.screen(width, height).await,
            Self::Firefox(it) => it.screen(width, height).await,
            Self::WebKit(it) => it.screen(width, height).await,
        }
    }

    /// What the user prefers, such as `prefers-color-scheme: dark`.
    pub async fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        match self {
            Self::Chromium(it) => it.prefer(feature, value).await,
            Self::Firefox(it) => it.prefer(feature, value).await,
            Self::WebKit(it) => it.prefer(feature, value).await,
        }
    }

    /// A further tab of the same user.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        match self {
            Self::Chromium(it) => it.new_tab().await,
            Self::Firefox(it) => it.new_tab().await,
            Self::WebKit(it) => it.new_tab().await,
        }
    }

    /// Bring the tab with this number to the front; most browsers do when they turn to it.
    pub async fn show_tab(&self, number: usize) -> Outcome<()> {
        match self {
            Self::WebKit(it) => it.show_tab(number).await,
            _ => Ok(()),
        }
    }

    /// Go on in the page when Tab has left it for the browser's own controls: in Firefox it leads no
    /// way back as long as a driver strikes it.
    pub async fn come_back(&self) -> Outcome<()> {
        match self {
            Self::Firefox(it) => it.come_back().await,
            _ => Ok(()),
        }
    }

    /// What is seen, as a PNG.
    pub async fn picture(&self, file: &Path) -> Outcome<()> {
        match self {
            Self::WebKit(it) => it.picture(file).await,
            _ => {
                let taken = self.session().screenshot(file).await;
                taken.map_err(|error| error.to_string())
            }
        }
    }
}
