//! Commands and events on a socket beside the session: WebDriver BiDi, and Chromium's own protocol,
//! which have the same form.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The other end of one browser's socket.
pub struct Wire {
    sending: Mutex<SplitSink<Socket, Message>>,
    heard: Rc<Heard>,
    next: Cell<u64>,
}

#[derive(Default)]
struct Heard {
    answers: RefCell<HashMap<u64, oneshot::Sender<Value>>>,
    events: RefCell<Vec<Value>>,
}

impl Wire {
    /// Connect to the address that the browser tells.
    pub async fn connect(address: &str) -> Self {
        let (socket, _) = connect_async(address)
            .await
            .unwrap_or_else(|error| panic!("no socket at {address}: {error}"));
        let (sending, mut receiving) = socket.split();
        let heard = Rc::<Heard>::default();
        let listener = heard.clone();
        tokio::task::spawn_local(async move {
            while let Some(Ok(message)) = receiving.next().await {
                if let Message::Text(text) = message {
                    listener.take(&text);
                }
            }
            listener.answers.borrow_mut().clear();
        });
        Self {
            sending: Mutex::new(sending),
            heard,
            next: Cell::new(1),
        }
    }

    /// Send a command and wait for its result.
    ///
    /// # Errors
    /// What the browser says is wrong, or that it is gone.
    pub async fn command(&self, method: &str, params: Value) -> Result<Value, String> {
        let id = self.next.replace(self.next.get() + 1);
        let (done, answer) = oneshot::channel();
        self.heard.answers.borrow_mut().insert(id, done);
        let text = json!({ "id": id, "method": method, "params": params }).to_string();
        let sent = self.sending.lock().await.send(Message::text(text)).await;
        sent.map_err(|error| error.to_string())?;
        let answer = answer.await.map_err(|_| "the browser is gone".to_owned())?;
        match answer.get("result") {
            Some(result) => Ok(result.clone()),
            None => Err(format!("{method}: {answer}")),
        }
    }

    /// All events since the last call.
    pub fn events(&self) -> Vec<Value> {
        self.heard.events.take()
    }
}

impl Heard {
    fn take(&self, text: &str) {
        let message: Value = serde_json::from_str(text).expect("browsers speak JSON");
        let id = message["id"].as_u64();
        match id.and_then(|id| self.answers.borrow_mut().remove(&id)) {
            // Whoever asked may have given up.
            Some(asked) => drop(asked.send(message)),
            None => self.events.borrow_mut().push(message),
        }
    }
}
