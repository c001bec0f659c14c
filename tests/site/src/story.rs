//! One story: a site, a browser, what a user does, and the report if it goes wrong.

use std::panic::resume_unwind;
use std::path::Path;
use std::rc::Rc;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use tokio::time::timeout;

use crate::driver::{built_site, scratch_folder};
use crate::engine::Engine;
use crate::page::Page;
use crate::site::Site;

/// Longer than any story takes on a slow machine.
const STORY_LIMIT: Duration = Duration::from_secs(400);
/// Longer than what comes after a story takes.
pub const END_LIMIT: Duration = Duration::from_secs(20);

/// Tell a story on the built site.
pub fn story(told: impl AsyncFnOnce(Page) + 'static) {
    story_on(&built_site(), told);
}

/// Tell a story on the site in this folder.
///
/// # Panics
/// If the story fails, or if the browser's console is not empty at its end.
pub fn story_on(site: &Path, told: impl AsyncFnOnce(Page) + 'static) {
    // One for all: a browser that serves many stories outlives each of them.
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let runtime = Builder::new_multi_thread().enable_all().build();
        runtime.expect("a runtime needs nothing but memory")
    });
    LocalSet::new().block_on(&RUNTIME, tell(site, told));
}

async fn tell(site: &Path, told: impl AsyncFnOnce(Page) + 'static) {
    let site = Site::serve(site).await;
    let engine = Engine::start().await;
    let engine = Rc::new(engine.unwrap_or_else(|missing| panic!("{missing}")));
    let page = Page::new(engine.clone(), site.base().to_owned()).await;

    // In a task of its own, so that a failed assertion still leaves time for the report.
    let user = page.clone();
    let ending = timeout(
        STORY_LIMIT,
        tokio::task::spawn_local(async move { told(user).await }),
    )
    .await;

    let mut console = page.console().await;
    console.retain(|line| !page.is_expected(line));
    let failure = match ending {
        Ok(Ok(())) if console.is_empty() => None,
        Ok(Ok(())) => Some(Failure::Console),
        Ok(Err(failed)) => Some(Failure::Panic(failed.into_panic())),
        Err(_) => Some(Failure::Endless),
    };
    if failure.is_some() && timeout(END_LIMIT, report(&page, &console)).await.is_err() {
        eprintln!("the browser does not say what there is to see");
    }
    let well = !matches!(failure, Some(Failure::Endless));
    let quit = engine.quit(well).await;
    if let (Some(_), Err(error)) = (&failure, &quit) {
        eprintln!("the browser did not quit: {error}");
    }
    match failure {
        // Each story would start a browser of its own, and nobody would know why it takes so long.
        None => {
            quit.unwrap_or_else(|error| panic!("the browser is lost to the next story: {error}"))
        }
        Some(Failure::Console) => panic!("the console is not empty:\n{}", console.join("\n")),
        Some(Failure::Endless) => panic!("the story did not end within {STORY_LIMIT:?}"),
        Some(Failure::Panic(reason)) => resume_unwind(reason),
    }
}

enum Failure {
    Console,
    Endless,
    Panic(Box<dyn std::any::Any + Send>),
}

/// All that helps to understand a failure: what was done, what the page is like, a picture.
async fn report(page: &Page, console: &[String]) {
    let name = thread::current().name().unwrap_or("story").to_owned();
    let picture = scratch_folder().join(format!("{}.png", name.replace("::", "-")));
    let picture = match page.picture(&picture).await {
        Ok(()) => picture.display().to_string(),
        Err(error) => format!("none: {error}"),
    };
    let console = match console {
        [] => "empty".to_owned(),
        lines => lines.join("\n  "),
    };
    eprintln!(
        "--- {name} ---\nThe user:\n  {}\nThe page: {}\nThe console: {console}\nA picture: {picture}\n",
        page.deeds().join("\n  "),
        page.describe().await,
    );
}
