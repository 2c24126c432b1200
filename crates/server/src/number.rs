//! Whole numbers in bodies, and their bounds.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// The greatest sequence number there can be.
pub(crate) const MAX_SEQ: u64 = i64::MAX as u64;

/// Reads a number without a fraction, however it is written: `5`, `5.0`, `5e0`.
pub(crate) fn whole_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<i64>, D::Error> {
    struct WholeNumber;

    impl Visitor<'_> for WholeNumber {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
            i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<i64, E> {
            // Every such number up to 2^53 is exact.
            if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
                Ok(number as i64)
            } else {
                Err(E::invalid_value(Unexpected::Float(number), &self))
            }
        }
    }

    struct Wanted(i64);

    impl<'de> Deserialize<'de> for Wanted {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(WholeNumber).map(Self)
        }
    }

    let number: Option<Wanted> = Option::deserialize(deserializer)?;
    Ok(number.map(|number| number.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: Value) -> Option<i64> {
        whole_number(value).ok().flatten()
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        for (value, number) in [(json!(5), 5), (json!(5.0), 5), (json!(-2e3), -2_000)] {
            assert_eq!(read(value), Some(number));
        }
        for value in [
            json!(5.5),
            json!("5"),
            json!(true),
            json!(1e300),
            json!(u64::MAX),
        ] {
            assert_eq!(read(value.clone()), None, "{value}");
        }
        assert_eq!(read(Value::Null), None);
    }
}
