//! What the page's address asks for.

use crate::cluster::shorten;
use crate::decimal::{self, Decimal};
use crate::scenario::{BUILT_IN, Scenario, built_in};

/// The slowest speed that the address may ask for.
pub const SLOWEST: f64 = 0.1;
/// The fastest.
pub const FASTEST: f64 = 100.0;

/// The themes that the address may ask for.
pub const THEMES: [&str; 3] = ["auto", "light", "dark"];

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
    /// Whether the address leaves it to the page what to open.
    pub open: bool,
    /// A sentence for each parameter that could not be followed, which names it.
    pub complaints: Vec<String>,
}

/// Reads the parameters `scenario`, `autoplay`, `speed` and `theme`. Other parameters belong to others: an
/// address often carries some. What is broken is said, and the default used instead.
pub fn read(parameters: impl IntoIterator<Item = (String, String)>) -> Wanted {
    let mut scenario = None;
    let mut wanted = Wanted {
        scenario: built_in(BUILT_IN[0].0).expect("the first scenario is there: see its test"),
        autoplay: false,
        speed: 1.0,
        theme: None,
        link: None,
        open: true,
        complaints: Vec::new(),
    };
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
                None => wanted.complaints.push(format!(
                    "The address asks for scenario=“{shown}”, and there is no such scenario. \
                     This is “{}”.",
                    wanted.scenario.title
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
    wanted.open = scenario.is_none() && wanted.complaints.is_empty() && !wanted.autoplay;
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
        read(list.iter().map(|&(n, v)| (n.to_string(), v.to_string())))
    }

    #[test]
    fn nothing_asked_for_is_hello_at_rest() {
        let wanted = parameters(&[]);
        assert_eq!(wanted.scenario.id, "hello");
        assert!(!wanted.autoplay);
        assert_eq!(wanted.speed, 1.0);
        assert!(wanted.complaints.is_empty());
        assert!(wanted.open);
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
        assert!(!parameters(&[("scenario", "duel")]).open);
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
