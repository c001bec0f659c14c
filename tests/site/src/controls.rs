//! Controls, found as a screen reader finds them: by role and accessible name, which the browser
//! itself computes.

use thirtyfour::RequestData;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{By, WebElement};
use thirtyfour::{ElementId, SessionId};

use crate::gestures::{Pointer, key};
use crate::page::{Page, vanished};
use crate::stage::Point;

/// Kinds of control, with the elements that may be one.
#[derive(Clone, Copy, Debug)]
enum Role {
    Button,
    Select,
    TextBox,
}

impl Role {
    fn candidates(self) -> &'static str {
        match self {
            Role::Button => {
                "button, [role=button], summary, input[type=button], input[type=submit]"
            }
            Role::Select => "select, [role=combobox]",
            Role::TextBox => "input, textarea, [role=textbox]",
        }
    }
}

impl Page {
    /// The button with this accessible name, once it is shown.
    pub async fn button(&self, name: &str) -> WebElement {
        self.control(Role::Button, name).await
    }

    /// The select with this label, once it is shown.
    pub async fn select(&self, label: &str) -> WebElement {
        self.control(Role::Select, label).await
    }

    /// The text field with this label, once it is shown.
    pub async fn field(&self, label: &str) -> WebElement {
        self.control(Role::TextBox, label).await
    }

    /// Whether a button with this name is shown now.
    pub async fn has_button(&self, name: &str) -> bool {
        there(self.look_for(Role::Button, name).await).is_some()
    }

    /// Press a button with the pointer.
    pub async fn press(&self, name: &str) {
        self.did(format!("presses {name:?}"));
        let button = self.button(name).await;
        let pressed = self.click(&button).await;
        pressed.unwrap_or_else(|error| panic!("{name:?} cannot be pressed: {error}"));
    }

    /// Choose what a select offers, by the position of the option, and say its text.
    pub async fn choose(&self, label: &str, position: usize) -> String {
        let select = self.select(label).await;
        let options = select.find_all(By::Tag("option")).await;
        let options = options.expect("a select has options");
        let option = options
            .get(position)
            .unwrap_or_else(|| panic!("{label:?} has only {} options", options.len()));
        let text = option.text().await.expect("an option has a text");
        self.did(format!("chooses {text:?} as {label}"));
        option.click().await.expect("an option can be chosen");
        text
    }

    /// Open a scenario of the library, which is opened by what is called `shown` now.
    pub async fn open_scenario(&self, shown: &str, id: &str) {
        self.press(&format!("Scenarios: {shown}")).await;
        // It may be there before it is shown.
        let script =
            "const b = document.querySelector(`dialog[open] [data-scenario='${arguments[0]}']`);
            b?.click(); return b !== null";
        self.wait_until(&format!("there is the scenario {id}"), async |page| {
            page.ask_with(script, vec![id.into()]).await
        })
        .await;
    }

    /// What a select offers; nothing, if it is not there.
    pub async fn options(&self, label: &str) -> Vec<String> {
        let Some(select) = there(self.look_for(Role::Select, label).await) else {
            return vec![];
        };
        let script = "return [...arguments[0].options].map(o => o.text.trim())";
        let select = select.to_json().expect("an element is JSON");
        self.ask_with(script, vec![select]).await
    }

    /// Replace what a field holds, key by key.
    pub async fn type_into(&self, label: &str, text: &str) {
        self.did(format!("types {text:?} into {label:?}"));
        self.empty(label).await;
        if text.is_empty() {
            return;
        }
        let typed = self.field(label).await.send_keys(text).await;
        typed.expect("a field takes text");
    }

    /// Replace what a field holds at once, as pasting does.
    pub async fn paste_into(&self, label: &str, text: &str) {
        self.did(format!(
            "pastes {} characters into {label:?}",
            text.chars().count()
        ));
        self.empty(label).await;
        let script = "document.execCommand('insertText', false, arguments[0]); return null";
        self.ask_with::<()>(script, vec![text.into()]).await;
    }

    /// Leave nothing in a field, and the focus in it.
    pub async fn empty(&self, label: &str) {
        let field = self.field(label).await;
        let clicked = self.click(&field).await;
        clicked.expect("a field can be clicked");
        self.hold(key::CONTROL, "a").await;
        self.strike(key::BACKSPACE).await;
    }

    /// Click on an element, scrolled into view by as much as is needed: not every driver scrolls
    /// what is inside of a page.
    async fn click(&self, element: &WebElement) -> WebDriverResult<()> {
        let script = "const [element] = arguments;
            element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
            if (!(element instanceof SVGElement)) return null;
            const box = element.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 }";
        let middle = self
            .session
            .execute(script, vec![element.to_json()?])
            .await?;
        match middle.convert::<Option<Point>>()? {
            // Firefox's driver knows no way to scroll to a group of a drawing.
            Some(middle) => self.tap(Pointer::Mouse, middle).await,
            None => element.click().await?,
        }
        Ok(())
    }

    /// What a control is said to be described by.
    pub async fn description(&self, control: &WebElement) -> String {
        let script = "return (arguments[0].getAttribute('aria-describedby') ?? '').split(/\\s+/)
            .map(id => id && document.getElementById(id)).filter(e => e && e.checkVisibility())
            .map(e => e.innerText.trim()).join(' ')";
        let control = control.to_json().expect("an element is JSON");
        self.ask_with(script, vec![control]).await
    }

    /// The accessible names of all buttons that are shown.
    pub async fn button_names(&self) -> Vec<String> {
        let mut names = vec![];
        let shown = self.shown(Role::Button, "").await.map(Some);
        for button in there(shown).unwrap_or_default() {
            names.extend(there(self.label(&button).await.map(Some)));
        }
        names
    }

    /// The page as those find it who do not see it: role and name of each thing that has a use
    /// there, in order, as the browser computes them.
    pub async fn heard(&self) -> Vec<(String, String)> {
        let script = "return [...document.querySelectorAll(`h1, h2, h3, header, main, aside, form[aria-label],
            section[aria-label], [role], button, a[href], input, select, textarea, summary`)]
            .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[aria-hidden=true], [inert]'))";
        let found = self.session.execute(script, vec![]).await;
        let found = found.and_then(|found| found.elements());
        let mut heard = vec![];
        for element in found.expect("there is a page") {
            let role = self.session.cmd(Computed("role", element.element_id()));
            let role = role.await.and_then(|role| role.value());
            let name = self.label(&element).await;
            heard.extend(role.ok().zip(name.ok()));
        }
        heard
    }

    /// The accessible name of what has the focus.
    pub async fn focused_name(&self) -> String {
        let focused = self.session.active_element().await;
        let focused = focused.expect("something has the focus, the body at least");
        self.label(&focused).await.unwrap_or_default()
    }

    async fn control(&self, role: Role, name: &str) -> WebElement {
        let what = format!("there is a {role:?} called {name:?}");
        self.wait_for(&what, async |page| page.look_for(role, name).await)
            .await
    }

    async fn look_for(&self, role: Role, name: &str) -> WebDriverResult<Option<WebElement>> {
        let mut found = None;
        for element in self.shown(role, name).await? {
            if self.label(&element).await? == name {
                assert!(found.is_none(), "two {role:?}s are called {name:?}");
                found = Some(element);
            }
        }
        Ok(found)
    }

    /// The elements of a role that are shown, without those that cannot be called so: the browser
    /// computes names one by one, and that takes a while.
    async fn shown(&self, role: Role, name: &str) -> WebDriverResult<Vec<WebElement>> {
        let script = "const byId = id => document.getElementById(id)?.textContent;
            const sources = e => [e.ariaLabel, e.textContent, e.title, e.value, e.placeholder, e.alt,
                ...(e.getAttribute('aria-labelledby') ?? '').split(/\\s+/).map(byId),
                ...[...(e.labels ?? [])].map(label => label.textContent)];
            const plain = text => String(text ?? '').replace(/\\s+/g, '');
            const modal = document.querySelector('dialog:modal') ?? document;
            return [...modal.querySelectorAll(arguments[0])]
                .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.closest('[inert]'))
                .filter(e => sources(e).map(plain).join('').includes(plain(arguments[1])))";
        let arguments = vec![role.candidates().into(), name.into()];
        let found = self.session.execute(script, arguments).await?;
        found.elements()
    }

    async fn label(&self, element: &WebElement) -> WebDriverResult<String> {
        let label = Computed("label", element.element_id());
        self.session.cmd(label).await?.value()
    }
}

/// What was found, unless it went while it was looked at.
fn there<T>(looked: WebDriverResult<Option<T>>) -> Option<T> {
    looked.unwrap_or_else(|error| {
        assert!(vanished(&error), "the page cannot be looked at: {error}");
        None
    })
}

/// The W3C command for an element's accessible `role`, or its `label`: the name.
#[derive(Debug)]
struct Computed(&'static str, ElementId);

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self(what, element) = self;
        let path = format!("session/{session}/element/{element}/computed{what}");
        RequestData::new(http::Method::GET, path)
    }
}
