//! The functions that are compiled, the same for each attribute.

use std::fmt::Write;

/// How many functions a crate has.
pub const COUNT: usize = 500;

/// One attribute, and how it is written.
pub struct Variant {
    pub name: &'static str,
    attribute: &'static str,
}

/// Without an attribute first: the others are compared with it.
pub const VARIANTS: &[Variant; 4] = &[
    Variant {
        name: "plain",
        attribute: "",
    },
    Variant {
        name: "monitored",
        attribute: "#[monitor_runtime::monitored(stage = \"NBA-17\")]",
    },
    Variant {
        name: "fastrace",
        attribute: "#[fastrace::trace]",
    },
    Variant {
        name: "tracing",
        attribute: "#[tracing::instrument(skip_all)]",
    },
];

/// The source of a crate; `round` only makes it different.
pub fn source(variant: &Variant, round: usize) -> String {
    let attribute = variant.attribute;
    let mut text = format!("// Round {round}\n");
    for index in 0..COUNT / 2 {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"
{attribute}
pub fn parse_{index}(text: &str, limit: usize) -> Result<Vec<u32>, std::num::ParseIntError> {{
    let mut numbers = Vec::new();
    for part in text.split(',').take(limit) {{
        let part = part.trim();
        if part.is_empty() {{
            continue;
        }}
        numbers.push(part.parse::<u32>()? + {index});
    }}
    Ok(numbers)
}}

{attribute}
pub async fn load_{index}(text: &str, limit: usize) -> Result<usize, std::num::ParseIntError> {{
    let numbers = parse_{index}(text, limit)?;
    let mut total = 0;
    for number in numbers {{
        total += std::future::ready(number as usize).await;
        if total > {index} {{
            break;
        }}
    }}
    Ok(total)
}}

/// So that the machine code of the future exists.
pub fn boxed_{index}<'a>(text: &'a str, limit: usize) -> std::pin::Pin<Box<dyn Future<Output = Result<usize, std::num::ParseIntError>> + 'a>> {{
    Box::pin(load_{index}(text, limit))
}}
"#
        );
    }
    text
}
