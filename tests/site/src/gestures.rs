//! What hands do: W3C actions of a mouse, a finger and a keyboard.

use serde_json::{Value, json};

use crate::page::Page;
use crate::stage::Point;

/// Keys without a character, as W3C WebDriver codes them.
pub mod key {
    pub const BACKSPACE: &str = "\u{e003}";
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const CONTROL: &str = "\u{e009}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
    pub const DELETE: &str = "\u{e017}";
    pub const SPACE: &str = " ";
}

/// What points.
#[derive(Clone, Copy, Debug)]
pub enum Pointer {
    /// With a button.
    Mouse,
    /// On glass.
    Touch,
}

/// How long each part of a drag takes, in milliseconds: slow enough to be one.
const DRAG_PART: u32 = 60;

impl Page {
    /// Strike a key: down and up.
    pub async fn strike(&self, key: &str) {
        self.did(format!("strikes {key:?}"));
        self.keyboard(vec![down(key), up(key)]).await;
    }

    /// Strike a key while another is held.
    pub async fn hold(&self, held: &str, key: &str) {
        self.keyboard(vec![down(held), down(key), up(key), up(held)])
            .await;
    }

    /// Strike Tab until what has the focus satisfies a condition.
    pub async fn tab_until(&self, what: &str, mut reached: impl AsyncFnMut(&Page) -> bool) {
        self.did(format!("strikes Tab until {what}"));
        for _ in 0..100 {
            self.keyboard(vec![down(key::TAB), up(key::TAB)]).await;
            let back = self.engine.come_back().await;
            back.expect("the browser gives the page the focus");
            if reached(self).await {
                return;
            }
        }
        panic!("Tab does not lead there: {what}");
    }

    /// Strike Tab until the control with this name has the focus.
    pub async fn tab_to(&self, name: &str) {
        let what = format!("{name:?} has the focus");
        self.tab_until(&what, async |page| {
            let focused = page.focused_name().await;
            let reached = focused == name;
            page.did(format!("comes to {focused:?}"));
            reached
        })
        .await;
    }

    /// Press at a point and let go.
    pub async fn tap(&self, pointer: Pointer, at: Point) {
        self.did(format!("taps at {at:?} ({pointer:?})"));
        let parts = vec![
            go(at, 0),
            json!({ "type": "pointerDown", "button": 0 }),
            release(),
        ];
        self.point(pointer, parts).await;
    }

    /// Press at a point, go to another, and let go.
    pub async fn drag(&self, pointer: Pointer, from: Point, to: Point) {
        self.did(format!("drags from {from:?} to {to:?} ({pointer:?})"));
        let part = |share: f64| Point {
            x: from.x + (to.x - from.x) * share,
            y: from.y + (to.y - from.y) * share,
        };
        let parts = vec![
            go(from, 0),
            json!({ "type": "pointerDown", "button": 0 }),
            go(part(0.1), DRAG_PART),
            go(part(0.5), DRAG_PART),
            go(to, DRAG_PART),
            release(),
        ];
        self.point(pointer, parts).await;
    }

    async fn point(&self, pointer: Pointer, parts: Vec<Value>) {
        let kind = match pointer {
            Pointer::Mouse => "mouse",
            Pointer::Touch => "touch",
        };
        let parameters = json!({ "pointerType": kind });
        self.act(json!([
            { "type": "pointer", "id": kind, "parameters": parameters, "actions": parts }
        ]))
        .await;
    }

    async fn keyboard(&self, parts: Vec<Value>) {
        self.act(json!([{ "type": "key", "id": "keyboard", "actions": parts }]))
            .await;
    }
}

fn down(key: &str) -> Value {
    json!({ "type": "keyDown", "value": key })
}

fn up(key: &str) -> Value {
    json!({ "type": "keyUp", "value": key })
}

fn go(to: Point, duration: u32) -> Value {
    let (x, y) = (to.x.round(), to.y.round());
    json!({ "type": "pointerMove", "origin": "viewport", "duration": duration, "x": x as i64, "y": y as i64 })
}

fn release() -> Value {
    json!({ "type": "pointerUp", "button": 0 })
}
