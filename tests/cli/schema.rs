//! The schema that is shipped, and every JSON output of these tests held against it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../../src/report/schema.json");

/// The schema, or the part of it under this name in `$defs`.
fn validator(part: Option<&str>) -> Validator {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    if let Some(part) = part {
        let definitions = schema["$defs"].take();
        schema = json!({"$defs": definitions, "$ref": format!("#/$defs/{part}")});
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Checks a value that was printed: an exchange, a packet of a dry run, a list of attributes, what a trace saw and
/// counted, or what a server did.
pub fn validate(value: &Value) {
    static EXCHANGE: LazyLock<Validator> = LazyLock::new(|| validator(None));
    static PACKET: LazyLock<Validator> = LazyLock::new(|| validator(Some("packet")));
    static ATTRIBUTE: LazyLock<Validator> = LazyLock::new(|| validator(Some("attribute")));
    static SEEN: LazyLock<Validator> = LazyLock::new(|| validator(Some("seen")));
    static STATISTICS: LazyLock<Validator> = LazyLock::new(|| validator(Some("statistics")));
    static SERVED: LazyLock<Validator> = LazyLock::new(|| validator(Some("served")));
    let has = |name: &str| value.get(name).is_some();
    let validator = match value {
        Value::Array(_) => &ATTRIBUTE,
        _ if has("kind") => &SEEN,
        _ if has("frames") => &STATISTICS,
        _ if has("decision") || has("totals") => &SERVED,
        _ if has("code") => &PACKET,
        _ => &EXCHANGE,
    };
    let values = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    for value in values {
        let faults: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{} at {}", error, error.instance_path))
            .collect();
        assert!(faults.is_empty(), "{faults:#?} in\n{value:#}");
    }
}

#[test]
fn the_schema_is_a_schema_and_closed() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    fn closed(value: &Value) {
        if let Value::Object(members) = value {
            if members.contains_key("properties") {
                assert_eq!(
                    members.get("additionalProperties"),
                    Some(&Value::Bool(false)),
                    "{value:#}"
                );
            }
            members.values().for_each(closed);
        } else if let Value::Array(items) = value {
            items.iter().for_each(closed);
        }
    }
    closed(&schema);
}
