//! Somebody's blog: a page on another origin than the site, in which the site is embedded.

use axum::Router;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::Html;
use axum::routing::get;
use tokio::task::JoinHandle;
use tower_http::services::{ServeDir, ServeFile};

use crate::driver::built_site;
use crate::page::Page;
use crate::site::listen;

/// A host of one page, until it is dropped. Below `/own/` it has a copy of the site, and below
/// `/broken/` nothing of it but the element.
pub struct Blog {
    port: u16,
    serving: JoinHandle<()>,
}

impl Blog {
    /// Serve a page, maybe with a content security policy.
    pub async fn serve(page: String, policy: Option<String>) -> Self {
        let (listener, port) = listen().await;
        let site = built_site();
        let name = match policy {
            Some(_) => header::CONTENT_SECURITY_POLICY,
            None => HeaderName::from_static("x-no-policy"),
        };
        let policy = policy.unwrap_or_default();
        let answer = move || async move { ([(name, policy)], Html(page)) };
        let app = Router::new()
            .route("/", get(answer))
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
            .route_service("/broken/embed.js", ServeFile::new(site.join("embed.js")))
            .nest_service("/own", ServeDir::new(site));
        let serving = tokio::spawn(async move {
            let served = axum::serve(listener, app).await;
            served.expect("axum serves for ever");
        });
        Self { port, serving }
    }

    /// Where it is: another origin than the site, on the same machine.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The same under a name that makes it another site for the browser.
    pub fn foreign_address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

impl Drop for Blog {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Page {
    /// Where the site is, with a slash at its end.
    pub fn site(&self) -> &str {
        &self.base
    }

    /// Open any page.
    pub async fn visit(&self, address: &str) {
        self.did(format!("visits {address}"));
        let opened = self.session.goto(address).await;
        opened.unwrap_or_else(|error| panic!("the page does not open: {error}"));
    }

    /// Look into the frame of the embed with this number, from 0, once it is usable.
    pub async fn enter(&self, number: usize) {
        let script = "const all = document.querySelectorAll('paxos-playground');
            return all[arguments[0]]?.shadowRoot?.querySelector('iframe[src]') ?? null";
        let what = format!("embed {number} has a frame");
        let frame = self
            .wait_for(&what, async |page| {
                let found = page.session.execute(script, vec![number.into()]).await?;
                Ok(found.element().ok())
            })
            .await;
        frame.enter_frame().await.expect("a frame can be entered");
        // A frame of another site may be given to another process meanwhile, which answers nothing.
        let ready = "return document.documentElement?.dataset.ready === 'true'";
        self.wait_until("the frame is usable", async |page| {
            page.ask::<Option<bool>>(ready).await == Some(true)
        })
        .await;
    }

    /// Look at the page around again.
    pub async fn leave(&self) {
        let left = self.session.enter_default_frame().await;
        left.expect("there is a page around");
    }

    /// Wait for what an asynchronous script in the page returns; what it throws comes as text.
    pub async fn promised<T: serde::de::DeserializeOwned>(&self, body: &str) -> T {
        let script = format!(
            "const done = arguments[arguments.length - 1];
            (async () => {{ {body} }})().then(done, error => done(String(error)))"
        );
        let answer = self.session.execute_async(script, vec![]).await;
        let answer = answer.unwrap_or_else(|error| panic!("cannot ask the page: {error}"));
        answer
            .convert()
            .unwrap_or_else(|error| panic!("unexpected answer {}: {error}", answer.json()))
    }
}
