//! What the page's address asks for.

use crate::cluster::shorten;
use crate::decimal::{self, Decimal};
use crate::scenario::{Scenario, built_in, first};

/// The slowest speed that the address may ask for.
pub const SLOWEST: f64 = 0.1;
/// The fastest.
pub const FASTEST: f64 = 100.0;

/// The themes that the address may ask for.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// How much an embedded page shows around its stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Controls {
    /// The story, all of time, and all that can be done to what is there.
    Full,
    /// The story, play and step, and what a tap on a thing offers.
    #[default]
    Minimal,
    /// Nothing: whoever embeds the page leads through it.
    None,
}

impl Controls {
    /// All of them, with the words of the address.
    pub const ALL: [(Controls, &str); 3] = [
        (Controls::Minimal, "minimal"),
        (Controls::Full, "full"),
        (Controls::None, "none"),
    ];
}

/// The page as the address wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What to open.
    pub scenario: Scenario,
    /// Whether to play at once.
    pub autoplay: bool,
    /// How fast; 1 is the usual pace.
    pub speed: f64,
    /// Light or dark, if the address says so.
    pub theme: Option<&'static str>,
    /// The run that is shared with it, as a link.
    pub link: Option<String>,
    /// Whether the address leaves it to the page what to open: such a page opens the session that
    /// was kept, and keeps its own.
    pub keeps: bool,
    /// If the page is part of another one, how much of it is shown.
    pub embed: Option<Controls>,
    /// Whether the other page will say what to open.
    pub awaited: bool,
    /// Why there is nothing to open, if the address asks for a scenario that is not there.
    pub missing: Option<String>,
    /// A sentence for each parameter that could not be followed, which names it.
    pub complaints: Vec<String>,
}

impl Wanted {
    /// What an address wants that asks for nothing.
    pub fn first() -> Self {
        Self {
            scenario: first(),
            autoplay: false,
            speed: 1.0,
            theme: None,
            link: None,
            keeps: true,
            embed: None,
            awaited: false,
            missing: None,
            complaints: Vec::new(),
        }
    }
}

/// Reads the parameters `scenario`, `autoplay`, `speed`, `theme`, `embed` and `controls`. Other parameters
/// belong to others: an address often carries some. What is broken is said, and the default used instead.
pub fn read(parameters: Vec<(String, String)>) -> Wanted {
    let mut scenario = None;
    let mut wanted = Wanted::first();
    let mut controls = Controls::default();
    for (name, value) in parameters {
        let shown = shorten(&value, 40);
        match name.as_str() {
            "theme" => match THEMES.iter().find(|theme| **theme == value) {
                Some(theme) => wanted.theme = Some(theme),
                None => wanted.complaints.push(format!(
                    "The address says theme=“{shown}”: theme is auto, light or dark."
                )),
            },
            "scenario" => match built_in(&value) {
                Some(found) => scenario = Some(found),
                None => {
                    wanted.missing = Some(format!("There is no scenario “{shown}”."));
                    wanted.complaints.push(format!(
                        "The address asks for scenario=“{shown}”, and there is no such scenario. \
                         This is “{}”.",
                        wanted.scenario.title
                    ));
                }
            },
            "embed" => {
                wanted.embed = Some(controls);
                wanted.awaited = value == "inline";
            }
            "controls" => match Controls::ALL.iter().find(|(_, word)| *word == value) {
                Some(&(known, _)) => controls = known,
                None => wanted.complaints.push(format!(
                    "The address says controls=“{shown}”: controls is full, minimal or none."
                )),
            },
            "autoplay" => match value.as_str() {
                "" | "true" | "1" => wanted.autoplay = true,
                "false" | "0" => wanted.autoplay = false,
                _ => wanted.complaints.push(format!(
                    "The address says autoplay=“{shown}”: autoplay takes no value, true or false."
                )),
            },
            "speed" => match decimal::parse(&value) {
                Some(speed) if (SLOWEST..=FASTEST).contains(&speed) => wanted.speed = speed,
                _ => wanted.complaints.push(format!(
                    "The address says speed=“{shown}”: speed is a number from {} to {}.",
                    Decimal(SLOWEST),
                    Decimal(FASTEST)
                )),
            },
            _ => {}
        }
    }
    wanted.embed = wanted.embed.map(|_| controls);
    wanted.keeps = wanted.embed.is_none()
        && scenario.is_none()
        && wanted.complaints.is_empty()
        && !wanted.autoplay;
    if let Some(found) = scenario {
        wanted.scenario = found;
    }
    wanted
}

/// The link of an address, from what follows its `#`.
pub fn link(fragment: &str) -> Option<String> {
    let link = fragment.strip_prefix('#').unwrap_or(fragment);
    (!link.is_empty()).then(|| link.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(list: &[(&str, &str)]) -> Wanted {
        let owned = list.iter().map(|&(n, v)| (n.to_string(), v.to_string()));
        read(owned.collect())
    }

    #[test]
    fn nothing_asked_for_is_hello_at_rest() {
        let wanted = parameters(&[]);
        assert_eq!(wanted.scenario.id, "hello");
        assert!(!wanted.autoplay);
        assert_eq!(wanted.speed, 1.0);
        assert!(wanted.complaints.is_empty());
        assert!(wanted.keeps);
        assert_eq!(wanted.theme, None);
    }

    #[test]
    fn what_follows_the_number_sign_is_a_link() {
        assert_eq!(link(""), None);
        assert_eq!(link("#"), None);
        assert_eq!(link("#1abc").as_deref(), Some("1abc"));
    }

    #[test]
    fn a_theme_is_one_of_three() {
        assert_eq!(parameters(&[("theme", "dark")]).theme, Some("dark"));
        let wrong = parameters(&[("theme", "pink")]);
        assert_eq!(wrong.theme, None);
        assert!(wrong.complaints[0].contains("theme"));
        assert!(!parameters(&[("scenario", "duel")]).keeps);
    }

    #[test]
    fn an_embedded_page_says_how_much_is_shown_and_opens_no_session() {
        assert_eq!(parameters(&[]).embed, None);
        let plain = parameters(&[("embed", "")]);
        assert_eq!(plain.embed, Some(Controls::Minimal));
        assert!(!plain.keeps && !plain.awaited && plain.missing.is_none());
        let full = parameters(&[("controls", "full"), ("embed", "inline")]);
        assert_eq!(full.embed, Some(Controls::Full));
        assert!(full.awaited);
        let wrong = parameters(&[("embed", ""), ("controls", "some"), ("scenario", "nope")]);
        assert_eq!(wrong.embed, Some(Controls::Minimal));
        assert!(wrong.complaints[0].contains("controls=“some”"));
        let missing = wrong.missing.unwrap_or_default();
        assert_eq!(missing, "There is no scenario “nope”.");
    }

    #[test]
    fn sound_parameters_are_followed_and_foreign_ones_left_alone() {
        let wanted = parameters(&[
            ("scenario", "hello"),
            ("autoplay", ""),
            ("speed", "2.5"),
            ("utm_source", "blog"),
        ]);
        assert!(wanted.autoplay);
        assert_eq!(wanted.speed, 2.5);
        assert!(wanted.complaints.is_empty());
        assert!(!parameters(&[("autoplay", "false")]).autoplay);
    }

    #[test]
    fn broken_parameters_are_named_and_change_nothing() {
        for speed in ["abc", "", "-1", "0", "NaN", "inf", "1e9"] {
            let wanted = parameters(&[("speed", speed)]);
            assert_eq!(wanted.speed, 1.0);
            assert!(wanted.complaints[0].contains("speed"), "{speed}");
        }
        let wanted = parameters(&[("scenario", "<b>nope</b>"), ("autoplay", "maybe")]);
        assert_eq!(wanted.scenario.id, "hello");
        assert_eq!(wanted.complaints.len(), 2);
        assert!(wanted.complaints[0].contains("scenario=“<b>nope</b>”"));
        assert!(wanted.complaints[1].contains("autoplay"));
        let long = parameters(&[("scenario", &"x".repeat(10_000))]);
        assert!(long.complaints[0].chars().count() < 150);
    }
}
