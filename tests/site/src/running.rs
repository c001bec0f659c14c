//! Browsers that run on from one story to the next: a start takes longer than many a story.

use std::sync::Mutex;

use thirtyfour::error::WebDriverError;
use thirtyfour::{WebDriver, WindowHandle};
use tokio::process::Child;
use tokio::time::timeout;

use crate::driver::{Profile, let_go};
use crate::engine::Outcome;
use crate::story::END_LIMIT;

/// One browser with its session. Each story has a user of its own in it, or at least one who has been
/// nowhere: what is kept is kept by port, and each story has a host of its own.
pub struct Running {
    pub session: WebDriver,
    /// Of the socket beside the session, if there is one.
    pub address: String,
    /// An empty tab, so that there is one between two stories.
    pub home: WindowHandle,
    pub processes: Vec<Child>,
    /// Where it keeps what it keeps.
    pub profile: Profile,
}

/// Those that no story has now.
static IDLE: Mutex<Vec<Running>> = Mutex::new(vec![]);

impl Running {
    /// Take one that is idle, or start one.
    pub async fn take(start: impl AsyncFnOnce() -> Outcome<Self>) -> Outcome<Self> {
        let idle = IDLE.lock().expect("nobody panics with it").pop();
        match idle {
            Some(idle) => Ok(idle),
            None => start().await,
        }
    }

    /// Close all that the user has open.
    pub async fn close_tabs(&self) -> Outcome<()> {
        let said = |error: WebDriverError| error.to_string();
        for tab in self.session.windows().await.map_err(said)? {
            // One that was closed before may still be among them.
            if tab != self.home && self.session.switch_to_window(tab).await.is_ok() {
                self.session.close_window().await.map_err(said)?;
            }
        }
        Ok(())
    }

    /// Leave it to the next story, or end it if its user could not be forgotten.
    pub async fn leave(self, forgot: Outcome<()>) -> Outcome<()> {
        if forgot.is_ok() {
            let home = self.session.switch_to_window(self.home.clone()).await;
            home.map_err(|error| error.to_string())?;
            IDLE.lock().expect("nobody panics with it").push(self);
        } else {
            let quit = timeout(END_LIMIT, self.session.quit()).await;
            for process in self.processes {
                let_go(process).await;
            }
            let quit = quit.map_err(|late| late.to_string())?;
            quit.map_err(|error| error.to_string())?;
        }
        forgot
    }
}
