//! A host whose owner may put a new build there, or take it from the network.

use std::cell::Cell;
use std::convert::Infallible;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::stream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tower_http::services::ServeDir;

use crate::driver::{built_site, scratch_folder};
use crate::page::Page;
use crate::site::{listen, repository};

/// Where the site lies on it.
const SUB_PATH: &str = "/lab/paxos";
/// How often it looks whether it is to stop.
const POLL: Duration = Duration::from_millis(20);

/// A host with a copy of the built site, which can be changed.
pub struct Host {
    base: String,
    folder: PathBuf,
    /// When the latest change was made, for who asks whether a file has changed.
    changed: Cell<SystemTime>,
    /// The name of the file that never comes to its end.
    endless: Arc<Mutex<Option<String>>>,
    stopping: Arc<AtomicBool>,
    serving: Cell<Option<JoinHandle<()>>>,
}

impl Host {
    /// Serve a copy of the built site on a free port of this machine.
    pub async fn serve() -> Rc<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("host-{}-{number}", std::process::id());
        let folder = scratch_folder().join(name);
        copy(&built_site(), &folder);
        let (listener, port) = listen().await;
        let endless = Arc::<Mutex<Option<String>>>::default();
        let without_end = endless.clone();
        let app = Router::new().nest_service(SUB_PATH, ServeDir::new(&folder));
        let app = app.layer(from_fn(move |request: Request, next: Next| {
            let name = without_end.lock().expect("nobody panics with it").clone();
            let never = name.is_some_and(|name| request.uri().path().ends_with(&name));
            async move {
                if never {
                    let nothing = stream::pending::<Result<Vec<u8>, Infallible>>();
                    return Response::new(Body::from_stream(nothing));
                }
                next.run(request).await
            }
        }));
        let stopping = Arc::<AtomicBool>::default();
        let told = stopping.clone();
        let serving = tokio::spawn(async move {
            let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
                while !told.load(Ordering::Relaxed) {
                    sleep(POLL).await;
                }
            });
            serving.await.expect("axum serves until it is stopped");
        });
        Rc::new(Self {
            base: format!("http://127.0.0.1:{port}{SUB_PATH}/"),
            folder,
            changed: Cell::new(SystemTime::now()),
            endless,
            stopping,
            serving: Cell::new(Some(serving)),
        })
    }

    /// The address of the page, with a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Take it from the network, connections and all.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        if let Some(serving) = self.serving.take() {
            let ended = timeout(Duration::from_secs(20), serving).await;
            ended.expect("it stops").expect("it has not failed before");
        }
    }

    /// Put a further page there.
    pub fn write(&self, name: &str, text: &str) {
        let file = self.folder.join(name);
        fs::write(file, text).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.date(name, self.changed.get());
    }

    /// Say that none of its files but the worker is newer than it was in the beginning.
    pub fn backdate(&self) {
        for name in self.files().filter(|name| name != "sw.js") {
            self.date(&name, SystemTime::now() - Duration::from_secs(3600));
        }
    }

    /// Begin to send a file from now on, and never end.
    pub fn never_ends(&self, name: &str) {
        *self.endless.lock().expect("nobody panics with it") = Some(name.to_owned());
    }

    /// Give a file another name.
    pub fn rename(&self, from: &str, to: &str) {
        let renamed = fs::rename(self.folder.join(from), self.folder.join(to));
        renamed.unwrap_or_else(|error| panic!("{from}: {error}"));
    }

    /// Change a file.
    pub fn change(&self, name: &str, change: impl FnOnce(String) -> String) {
        self.write(name, &change(self.read(name)));
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        let file = self.folder.join(name);
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Put a build with this name there, in place of the one before: the page says its name, the
    /// module ends with it, and the style has a new name as well.
    pub fn deploy(&self, name: &str) {
        self.later();
        self.change("paxos_playground.js", |text| format!("{text}// {name}\n"));
        let before = self.style();
        let after = format!("style-{:0>16}.css", name.len());
        fs::rename(self.folder.join(&before), self.folder.join(&after)).expect("it is there");
        let build = format!("<head><meta name=\"build\" content=\"{name}\">");
        self.change("index.html", |text| {
            text.replace(&before, &after).replacen("<head>", &build, 1)
        });
        self.list();
    }

    /// Write the list of files anew, as a build does in its end.
    pub fn list(&self) {
        self.later();
        let script = repository().join("script/offline.mjs");
        let run = Command::new("node").arg(script).arg(&self.folder).status();
        assert!(run.expect("node is a program").success());
        for name in self.files() {
            if name == "sw.js" || name.ends_with(".html") {
                self.date(&name, self.changed.get());
            }
        }
    }

    /// What changes from now on is dated after what has changed before. The dates of HTTP count
    /// whole seconds, and a story may change things twice in one.
    fn later(&self) {
        self.changed
            .set(self.changed.get() + Duration::from_secs(1));
    }

    fn date(&self, name: &str, time: SystemTime) {
        let file = File::options().append(true).open(self.folder.join(name));
        let dated = file.and_then(|file| file.set_modified(time));
        dated.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn files(&self) -> impl Iterator<Item = String> {
        let files = fs::read_dir(&self.folder).expect("the folder is there");
        let files = files.flatten().filter(|file| file.path().is_file());
        files.map(|file| file.file_name().to_string_lossy().into_owned())
    }

    fn style(&self) -> String {
        let mut files = self.files();
        let style = files.find(|name| name.starts_with("style-") && name.ends_with(".css"));
        style.expect("the site has a style")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        // What is left of it harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the target folder can be written to");
    for file in fs::read_dir(from)
        .unwrap_or_else(|error| panic!("{}: {error}", from.display()))
        .flatten()
    {
        if file.path().is_dir() {
            copy(&file.path(), &to.join(file.file_name()));
        } else {
            fs::copy(file.path(), to.join(file.file_name())).expect("a file can be copied");
        }
    }
}

impl Page {
    /// Open a page without a playground, by its path below the site.
    pub async fn read(&self, path: &str) {
        self.did(format!("reads {path:?}"));
        let opened = self.session.goto(format!("{}{path}", self.base)).await;
        opened.unwrap_or_else(|error| panic!("the page does not open: {error}"));
    }

    /// Reload, as with the browser's button.
    pub async fn reload(&self) {
        self.did("reloads".to_owned());
        // Not by the driver: Firefox's goes past what was kept, as its button does only with Shift.
        let script = "window.left = true; location.reload(); return null";
        self.ask::<()>(script).await;
        // A page that is about to be replaced by a newer build has nothing in it yet.
        let arrived = "return !window.left && document.documentElement?.dataset.ready === 'true'";
        self.wait_for("the page is usable", async |page| {
            let answer = page.session.execute(arrived, vec![]).await?;
            Ok((answer.json().as_bool() == Some(true)).then_some(()))
        })
        .await;
        sleep(Duration::from_millis(50)).await;
    }

    /// Open a further tab, and go there.
    pub async fn open_tab(&self) {
        self.did("opens a tab".to_owned());
        if self.tabs.borrow().is_empty() {
            let first = self.session.window().await.expect("it has a window");
            self.tabs.borrow_mut().push(first);
        }
        let tab = self.engine.new_tab().await.expect("a browser has tabs");
        self.tabs.borrow_mut().push(tab.clone());
        self.session.switch_to_window(tab).await.expect("it is new");
    }

    /// Go to the tab with this number, from 0.
    pub async fn go_to_tab(&self, number: usize) {
        self.did(format!("goes to tab {number}"));
        let tab = self.tabs.borrow()[number].clone();
        let there = self.session.switch_to_window(tab).await;
        there.expect("it is open");
        let shown = self.engine.show_tab(number).await;
        shown.expect("it comes to the front");
    }
}
