//! As much of CSV (RFC 4180) as the data files use: a header, and quoted fields.

use serde_json::{Map, Value};

/// One line, keyed by the header's names.
pub(super) type Row = Map<String, Value>;

pub(super) fn parse(text: &str) -> Vec<Row> {
    let mut lines = text.lines().map(fields);
    let header = lines.next().unwrap_or_default();
    lines
        .map(|fields| {
            header
                .iter()
                .cloned()
                .zip(fields.into_iter().map(Value::String))
                .collect()
        })
        .collect()
}

/// Splits at the commas outside quotes. A doubled quote stands for one quote.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn commas_and_quotes_inside_quotes_belong_to_the_field() {
        assert_eq!(
            fields(r#"1643640,"Udeh, Jr., Ernest",,true"#),
            ["1643640", "Udeh, Jr., Ernest", "", "true"],
        );
        assert_eq!(fields(r#""say ""hi""""#), [r#"say "hi""#]);
    }
}
