//! `Accept-Language` (RFC 9110, section 12.5.4). What is malformed is passed over, and no more of it is read than a
//! browser would send.

/// Bytes that are read.
const LONGEST: usize = 512;

/// Ranges that are read.
const MOST: usize = 20;

/// The ranges that are not refused, in their order, with their weights in thousandths.
pub(super) fn ranges(header: &str) -> impl Iterator<Item = (&str, u16)> {
    let read = match header.split_at_checked(header.floor_char_boundary(LONGEST)) {
        // The last one may be cut in the middle.
        Some((read, rest)) if !rest.is_empty() => read.rsplit_once(',').map_or("", |(whole, _)| whole),
        _ => header,
    };
    read.split(',').take(MOST).filter_map(range).filter(|(range, weight)| !range.is_empty() && *weight > 0)
}

fn range(element: &str) -> Option<(&str, u16)> {
    match element.split_once(';') {
        Some((range, parameter)) => Some((range.trim(), weight(parameter)?)),
        None => Some((element.trim(), 1000)),
    }
}

fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let is_fraction = fraction.len() <= 3 && fraction.bytes().all(|digit| digit.is_ascii_digit());
    if !name.trim().eq_ignore_ascii_case("q") || !is_fraction {
        return None;
    }
    let thousandths = fraction.bytes().zip([100, 10, 1]).map(|(digit, unit)| u16::from(digit - b'0') * unit).sum();
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Vec<(&str, u16)> {
        ranges(header).collect()
    }

    #[test]
    fn each_range_has_its_weight() {
        let expected = [("de-AT", 1000), ("de", 900), ("en", 875), ("fr", 1000), ("*", 1)];
        assert_eq!(read("de-AT, de;q=0.9 ,en ; Q=0.875,fr;q=1.000,*;q=0.001"), expected);
    }

    #[test]
    fn what_is_malformed_or_refused_is_passed_over() {
        for element in
            ["de;q=2", "de;q=-1", "de;q=0.1234", "de;q=1.001", "de;q=x", "de;q", "de;", "de;level=1", "de;q=0"]
        {
            assert_eq!(read(&format!("{element},fr")), [("fr", 1000)], "{element}");
        }
        assert_eq!(read("de;q=.5,fr;q=1.,es;q=0.,;;,=,ja;q=0.5"), [("fr", 1000), ("=", 1000), ("ja", 500)]);
    }

    #[test]
    fn no_more_is_read_than_a_browser_would_send() {
        assert_eq!(read(&"a,".repeat(1000)).len(), MOST);
        let long = format!("de,{}fr", "x".repeat(1_000_000));
        assert_eq!(read(&long), [("de", 1000)]);
        let cut = format!("de,{}en-GB", " ".repeat(LONGEST - 5));
        assert_eq!(read(&cut), [("de", 1000)], "half a tag would be another one");
        assert_eq!(read(&"\u{20ac}".repeat(LONGEST)), []);
    }
}
