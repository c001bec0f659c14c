//! The static host: the site below a sub-path, as on somebody's blog, and nothing anywhere else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::cors::{Any, CorsLayer};
use tower_http::services::ServeDir;

/// Where the site lies on its host.
const SUB_PATH: &str = "/blog/tools/paxos";

/// A port of this machine that no host of these tests has had: what browsers keep, they keep by port.
pub async fn listen() -> (TcpListener, u16) {
    static HAD: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("this machine has a free port");
        let port = listener.local_addr().expect("it was just bound").port();
        if HAD.lock().expect("nobody panics with it").insert(port) {
            return (listener, port);
        }
    }
}

/// A host that serves one folder until it is dropped.
pub struct Site {
    base: String,
    serving: JoinHandle<()>,
}

impl Site {
    /// Serve a folder on a free port of this machine.
    pub async fn serve(folder: &Path) -> Self {
        Self::serve_with(folder, CorsLayer::new()).await
    }

    /// The same for pages of every origin.
    pub async fn serve_to_all(folder: &Path) -> Self {
        Self::serve_with(folder, CorsLayer::new().allow_origin(Any)).await
    }

    async fn serve_with(folder: &Path, cors: CorsLayer) -> Self {
        let index = folder.join("index.html");
        assert!(
            index.is_file(),
            "{} is missing: run script/test, which builds the site before it tests it",
            index.display()
        );
        let (listener, port) = listen().await;
        let files = ServeDir::new(folder);
        let app = Router::new().nest_service(SUB_PATH, files).layer(cors);
        let serving = tokio::spawn(async move {
            axum::serve(listener, app)
                .await
                .expect("axum serves for ever");
        });
        Self {
            base: format!("http://127.0.0.1:{port}{SUB_PATH}/"),
            serving,
        }
    }

    /// The address of the page, with a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// The top of the repository.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let top = here.ancestors().nth(2);
    top.expect("this package is in tests/site").to_owned()
}
