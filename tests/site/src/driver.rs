//! The drivers' processes, and what they keep.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;
use thirtyfour::WebDriver;
use thirtyfour::prelude::Capabilities;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::site::repository;

const START_LIMIT: Duration = Duration::from_secs(30);
/// How often a driver is started before it is given up.
const STARTS: u32 = 4;
const REQUEST_LIMIT: Duration = Duration::from_secs(60);

/// A session with these capabilities, through the driver on this port.
pub async fn connect(port: u16, wanted: Value) -> WebDriver {
    let wanted: Capabilities = serde_json::from_value(wanted).expect("capabilities are an object");
    WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted)
        .request_timeout(REQUEST_LIMIT)
        .connect()
        .await
        .unwrap_or_else(|error| panic!("the browser does not start: {error}"))
}

/// Runs a program, and ends it and all that it started when the input ends. Then its folder is deleted:
/// nothing else does that at the end of the tests.
const HELD: &str = r#"
    trap : TERM
    "$@" &
    cat >/dev/null
    kill 0
    wait
    sleep 1
    rm -rf "$FOLDER"
"#;

/// A program that ends with all that it started when it is let go, at the latest with the tests.
pub fn held(program: &Path, folder: &Profile) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", HELD, "sh"]).arg(program);
    command.env("FOLDER", &folder.0).process_group(0);
    command.stdin(Stdio::piped()).stderr(Stdio::null());
    command
}

/// End what is held, and wait until its program has ended.
pub async fn let_go(mut process: Child) {
    drop(process.stdin.take());
    if let Err(error) = process.wait().await {
        eprintln!("the driver did not stop: {error}");
    }
}

/// Starts a program that is held and prints what is wanted of it, such as the port that it chose. That
/// may be taken by somebody else before it has it for both versions of IP: then it stops, and another
/// one is started.
pub async fn start_telling<T>(
    mut command: impl FnMut() -> Command,
    tells: impl Fn(&str) -> Option<T>,
) -> (Child, T) {
    let mut said = String::new();
    for _ in 0..STARTS {
        let mut program = command()
            .stdout(Stdio::piped())
            .spawn()
            .expect("the driver is a program");
        let told = timeout(START_LIMIT, listen(&mut program, &tells)).await;
        match told.expect("the driver tells its port within 30 s") {
            Ok(told) => return (program, told),
            Err(last) => said = last,
        }
    }
    panic!("the driver stopped {STARTS} times before it told its port; it said:\n{said}");
}

/// Reads what a program prints until it tells what is wanted; the rest is read and forgotten, so
/// that the pipe never fills. What it said, if it stopped before.
async fn listen<T>(program: &mut Child, tells: impl Fn(&str) -> Option<T>) -> Result<T, String> {
    let output = program.stdout.take().expect("its output is piped");
    let mut lines = BufReader::new(output).lines();
    let mut said = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(told) = tells(&line) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(told);
        }
        said.push_str(&line);
        said.push('\n');
    }
    Err(said)
}

/// A fresh folder for what the browser remembers, deleted in the end.
pub struct Profile(pub PathBuf);

impl Profile {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "paxos-site-tests-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("the temporary folder can be written to");
        Self(folder)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        // What is left of it harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The first of these programs that is on the path.
pub fn find_program(names: &[&str]) -> Result<PathBuf, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    candidates.find(|file| file.is_file()).ok_or_else(|| {
        format!(
            "{} is missing: run script/test, which installs it before it tests",
            names.join(" (or ") + if names.len() > 1 { ")" } else { "" }
        )
    })
}

/// Where pictures of failures go, and what lasts no longer than a run of the stories.
pub fn scratch_folder() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| repository().join("target"), PathBuf::from);
    let folder = target.join("site-tests");
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    folder
}

/// The site: where SITE says, or where trunk puts it.
pub fn built_site() -> PathBuf {
    env::var_os("SITE").map_or_else(|| repository().join("dist"), PathBuf::from)
}

/// The text of axe-core, which script/test installs.
pub fn axe() -> String {
    let file = env::var_os("AXE_JS").expect(
        "AXE_JS is not set: run script/test, which installs axe-core and sets it to axe.min.js",
    );
    fs::read_to_string(Path::new(&file)).unwrap_or_else(|error| {
        panic!(
            "AXE_JS is {}, which cannot be read ({error}): run script/test, which installs axe-core",
            Path::new(&file).display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_named_with_what_installs_it() {
        assert_eq!(
            find_program(&["no-such-browser", "nor-this"]).unwrap_err(),
            "no-such-browser (or nor-this) is missing: run script/test, which installs it before it tests"
        );
    }
}
