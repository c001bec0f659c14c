//! The colours of the page can be told apart, in light and in dark: text by 4.5 to 1, and what is drawn
//! by 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). Tools look at the text of pages, and not at that of drawings.

use std::collections::BTreeMap;

/// A colour's light and dark form, by its name; those of a hue have its number behind.
fn colours() -> BTreeMap<String, [u32; 2]> {
    let mut found = BTreeMap::new();
    for line in include_str!("../www/style.css").lines() {
        let hue = line
            .strip_prefix(".hue-")
            .and_then(|rest| rest.chars().next());
        for part in line.split("--").skip(1) {
            let Some((name, value)) = part.split_once(": light-dark(#") else {
                continue;
            };
            let forms = value.split_once(')').unwrap().0.split(", #");
            let forms: Vec<u32> = forms
                .map(|form| u32::from_str_radix(form, 16).unwrap())
                .collect();
            let name = name.to_owned() + &hue.map_or(String::new(), String::from);
            let before = found.insert(name.clone(), [forms[0], forms[1]]);
            assert!(before.is_none(), "{name} is there twice");
        }
    }
    found
}

/// The relative luminance of WCAG.
fn luminance(colour: u32) -> f64 {
    let part = |shift: u32| {
        let part = f64::from(colour >> shift & 0xff) / 255.0;
        match part <= 0.04045 {
            true => part / 12.92,
            false => ((part + 0.055) / 1.055).powf(2.4),
        }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn what_stands_on_a_ground_can_be_seen() {
    let colours = colours();
    let hues: Vec<String> = (0..6).map(|number| number.to_string()).collect();
    let mut pairs: Vec<(String, String, f64)> = Vec::new();
    let mut pair = |top: &str, ground: &str, least| {
        pairs.push((top.to_owned(), ground.to_owned(), least));
    };
    for ground in ["paper", "card"] {
        for text in ["ink", "soft", "ok", "bad", "gold", "focus"] {
            pair(text, ground, 4.5);
        }
        for hue in &hues {
            pair(&format!("hue{hue}"), ground, 4.5);
        }
        pair("edge", ground, 3.0);
    }
    for kind in ["gold", "ok", "bad"] {
        pair("ink", &format!("{kind}-bg"), 4.5);
        pair(kind, &format!("{kind}-bg"), 4.5);
    }
    for hue in &hues {
        // In the process of a proposer, and on what it sends.
        pair(&format!("hue{hue}"), &format!("hue-bg{hue}"), 4.5);
        pair("ink", &format!("hue-bg{hue}"), 4.5);
        pair("card", &format!("hue{hue}"), 4.5);
    }
    for (top, ground, least) in pairs {
        for (scheme, form) in ["light", "dark"].into_iter().enumerate() {
            let there = contrast(colours[&top][scheme], colours[&ground][scheme]);
            assert!(there >= least, "{top} on {ground}, {form}: {there:.2}");
        }
    }
}

#[test]
fn the_sum_is_that_of_the_standard() {
    assert!((contrast(0x00_00_00, 0xff_ff_ff) - 21.0).abs() < 1e-9);
    assert!((contrast(0x77_77_77, 0xff_ff_ff) - 4.48).abs() < 0.005);
}
