//! Decimal numbers, read and written digit by digit with whole numbers: what the standard library
//! does for them is exact to the last bit, and a tenth of the page.

use std::fmt;

/// A number as text: rounded to hundredths, without zeros at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal(pub f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0 * 100.0).round() as i64;
        let (whole, rest) = (
            hundredths.unsigned_abs() / 100,
            hundredths.unsigned_abs() % 100,
        );
        if hundredths < 0 {
            f.write_str("-")?;
        }
        write!(f, "{whole}")?;
        match rest {
            0 => Ok(()),
            _ if rest % 10 == 0 => write!(f, ".{}", rest / 10),
            _ => write!(f, ".{rest:02}"),
        }
    }
}

/// Reads a number as JSON writes it, to about fifteen digits.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || (fraction.is_empty() && digits.contains('.')) {
        return None;
    }
    let (mut value, mut power) = (0_u64, exponent);
    for (place, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = digit.to_digit(10)?;
        let is_fraction = place >= whole.len();
        // More digits than these are below what can be told apart.
        if value < 100_000_000_000_000 {
            value = value * 10 + u64::from(digit);
            power = power.checked_sub(i32::from(is_fraction))?;
        } else {
            power = power.checked_add(i32::from(!is_fraction))?;
        }
    }
    let mut value = sign * value as f64;
    // Beyond this every number is 0 or infinite.
    for _ in 0..power.unsigned_abs().min(700) {
        value = if power > 0 {
            value * 10.0
        } else {
            value / 10.0
        };
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_to_hundredths() {
        let known = [
            (0.0, "0"),
            (-0.001, "0"),
            (1.5, "1.5"),
            (-12.25, "-12.25"),
            (0.05, "0.05"),
            (99.999, "100"),
            (1_000.0, "1000"),
            (-0.5, "-0.5"),
        ];
        for (number, text) in known {
            assert_eq!(Decimal(number).to_string(), text);
        }
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        let texts = [
            "0",
            "-0",
            "7",
            "0.1",
            "0.25",
            "-2.5e+3",
            "1e-6",
            "600.125",
            "1000",
            "1E3",
            "0.000001",
            "123456789012345678901234567890",
            "1e400",
            "-1e-400",
            "0.3333333333333333333333",
        ];
        for text in texts {
            let exact: f64 = text.parse().unwrap();
            let read = parse(text).unwrap();
            let close = (read - exact).abs() <= exact.abs() * 1e-14;
            assert!(read == exact || close, "{text}: {read} {exact}");
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e",
            "x",
            "1,5",
            "--1",
            "1e9999999999",
            "+1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
