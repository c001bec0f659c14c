//! WebKit, as the GTK port of it has it: its driver, on a screen of its own, with the window of
//! `webkit_window.py`, which can do more than MiniBrowser. A finger is a mouse for pages there.

use std::cell::Cell;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use thirtyfour::error::WebDriverError;
use thirtyfour::{WebDriver, WindowHandle};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Duration, sleep};

use crate::driver::{Profile, connect, find_program, held, start_telling};
use crate::engine::Outcome;
use crate::running::Running;
use crate::site::repository;

/// How often the driver is looked for on its port, and for how long.
const POLL: Duration = Duration::from_millis(10);
const LOOKS: u32 = 1_000;
/// The Python that Debian's bindings are for.
const PYTHON: &str = "/usr/bin/python3";

/// What a story has of a browser, and the folder through which its window is spoken to.
pub struct WebKit {
    pub session: WebDriver,
    pub running: Cell<Option<Running>>,
    folder: PathBuf,
    read: Cell<usize>,
}

impl WebKit {
    /// A browser that is as if it was new.
    ///
    /// # Errors
    /// One sentence that says what is missing and what installs it.
    pub async fn start() -> Outcome<Self> {
        let running = Running::take(start).await?;
        let webkit = Self {
            session: running.session.clone(),
            folder: running.profile.0.clone(),
            running: Cell::new(Some(running)),
            read: Cell::new(0),
        };
        // What was said before is not about this story.
        webkit.console().await?;
        let tab = webkit.new_tab().await?;
        let turned = webkit.session.switch_to_window(tab).await;
        turned.map_err(said)?;
        webkit.screen(1440, 900).await?;
        Ok(webkit)
    }

    /// Forget the user.
    pub async fn forget(&self) -> Outcome<()> {
        self.order(json!(["forget"])).await
    }

    /// A further tab of the same user, in front.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        self.session.new_tab().await.map_err(said)
    }

    pub async fn before_load(&self, script: &str) -> Outcome<()> {
        self.order(json!(["before_load", script])).await
    }

    pub async fn console(&self) -> Outcome<Vec<String>> {
        let console = fs::read_to_string(self.folder.join("console"));
        let console = console.map_err(|error| error.to_string())?;
        let end = console.rfind('\n').map_or(0, |last| last + 1);
        let news = &console[self.read.replace(end)..end];
        let of_pages = |line: &&str| line.contains("CONSOLE ") || line.starts_with("LOAD ");
        Ok(news.lines().filter(of_pages).map(str::to_owned).collect())
    }

    pub async fn screen(&self, width: u32, height: u32) -> Outcome<()> {
        self.order(json!(["resize", width, height])).await?;
        let script = "return innerWidth === arguments[0] && innerHeight === arguments[1]";
        for _ in 0..LOOKS {
            let arguments = vec![width.into(), height.into()];
            let fits = self.session.execute(script, arguments).await;
            let fits = fits.map_err(|error| error.to_string())?;
            if fits.json() == &Value::Bool(true) {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Err(format!("the window does not become {width} by {height}"))
    }

    pub async fn prefer(&self, feature: &str, value: &str) -> Outcome<()> {
        self.order(json!(["prefer", feature, value])).await
    }

    pub async fn show_tab(&self, number: usize) -> Outcome<()> {
        // The first one is nobody's.
        self.order(json!(["show", number + 1])).await
    }

    /// The window as its screen has it. The driver would wait for a frame, and at rest there is none.
    pub async fn picture(&self, file: &Path) -> Outcome<()> {
        self.order(json!(["picture", file])).await
    }

    /// Have the window do something, and wait until it has.
    async fn order(&self, order: Value) -> Outcome<()> {
        let done = async {
            let mut window = UnixStream::connect(self.folder.join("control")).await?;
            window.write_all(format!("{order}\n").as_bytes()).await?;
            let mut answer = String::new();
            BufReader::new(window).read_line(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        match done.await {
            Ok(answer) if answer == "done\n" => Ok(()),
            Ok(answer) => Err(format!("{order}: {answer}")),
            Err(error) => Err(format!("{order}: {error}")),
        }
    }
}

/// A screen, the driver, and a window that keeps everything in its folder.
async fn start() -> Outcome<Running> {
    let driver = find_program(&["WebKitWebDriver"])?;
    let screen = find_program(&["Xvfb"])?;
    let profile = Profile::new();
    let command = || {
        let mut command = held(&screen, &profile);
        command.args(["-displayfd", "1", "-nolisten", "tcp"]);
        command.args(["-screen", "0", "1600x1200x24"]);
        command
    };
    let (screen, display) = start_telling(command, |line| line.parse::<u32>().ok()).await;
    let port = free_port();
    let mut command = held(&driver, &profile);
    command
        .arg(format!("--port={port}"))
        .env("DISPLAY", format!(":{display}"))
        .env("GDK_BACKEND", "x11")
        .env("GSETTINGS_BACKEND", "memory")
        .env("XDG_RUNTIME_DIR", &profile.0)
        .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
        .env_remove("WAYLAND_DISPLAY");
    let driver = command.spawn().map_err(|error| error.to_string())?;
    listens(port).await?;
    let script = repository().join("tests/site/src/webkit_window.py");
    let args = [script.as_path(), &profile.0];
    let wanted = json!({ "webkitgtk:browserOptions": { "binary": PYTHON, "args": args } });
    let session = connect(port, wanted).await;
    Ok(Running {
        home: session.window().await.map_err(said)?,
        address: String::new(),
        session,
        processes: vec![driver, screen],
        profile,
    })
}

fn said(error: WebDriverError) -> String {
    error.to_string()
}

/// A port that nobody has now. The driver does not choose one itself.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("this machine has a free port");
    listener.local_addr().expect("it was just bound").port()
}

async fn listens(port: u16) -> Outcome<()> {
    for _ in 0..LOOKS {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return Ok(());
        }
        sleep(POLL).await;
    }
    Err(format!("WebKitWebDriver does not listen on port {port}"))
}
