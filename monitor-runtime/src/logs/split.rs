//! The members of a JSON object in the order in which they stand: a map would sort them.

/// Name and value, as it is written, of each member. What is no object has none.
pub(super) fn members(json: &str) -> impl Iterator<Item = (String, &str)> {
    let inside = json
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or_default();
    let mut rest = inside;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_at(end_of_value(rest));
        let value = after.trim_start().strip_prefix(':')?;
        let (value, after) = value.split_at(end_of_value(value));
        rest = after.trim_start().strip_prefix(',').unwrap_or_default();
        let name = serde_json::from_str(name).ok()?;
        Some((name, value.trim()))
    })
}

/// Where the value ends that `json` begins with.
fn end_of_value(json: &str) -> usize {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in json.bytes().enumerate() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' | b':' if depth == 0 => return at,
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn members_stand_in_their_order_whatever_is_in_them() {
        let json = r#"{"b":[1,{"x":"}"}],"a":"q\"u,o:te\\","":null, "c" : {} }"#;
        let expected = [
            ("b", r#"[1,{"x":"}"}]"#),
            ("a", r#""q\"u,o:te\\""#),
            ("", "null"),
            ("c", "{}"),
        ];
        let found: Vec<(String, &str)> = members(json).collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(key, raw)| (key.as_str(), *raw))
            .collect();
        assert_eq!(found, expected);
        for none in ["", "{}", "[1]", "{", "{\"a\"}", "7"] {
            assert_eq!(members(none).count(), 0, "{none}");
        }
    }
}
