//! What a dictionary says, as views: attributes, vendors and values for tables and for JSON.

use serde::Serialize;

use crate::dictionary::{Dictionary, Encrypt, Entry, Hit, Vendor};

/// An attribute.
#[derive(Debug, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its numbers, `26.9.1`.
    pub oid: String,
    /// Its data type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is special about it: `has_tag`, `encrypt=2`, `concat`, …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Its names from the top, in FreeRADIUS 4's spelling.
    pub path: String,
    /// Its other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The file and line that define it.
    pub source: String,
    /// Its named values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<NamedValue>,
    /// The attributes in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
}

/// A named value of an attribute.
#[derive(Debug, Serialize)]
pub struct NamedValue {
    /// Whose value it is; only where that is not said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Its name.
    pub name: String,
    /// The number.
    pub value: u64,
}

/// A vendor.
#[derive(Debug, Serialize)]
pub struct VendorName {
    /// Its name.
    pub name: String,
    /// Its Private Enterprise Number.
    pub number: u32,
    /// The octets of type and length in its attributes, `1,1`.
    pub format: String,
    /// How many attributes are known.
    pub attributes: usize,
}

/// Something that a search found.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Found {
    /// An attribute.
    Attribute(Attribute),
    /// A vendor.
    Vendor(VendorName),
    /// A named value.
    Value(NamedValue),
}

impl Attribute {
    /// Everything about an entry; its values too if they are wanted.
    pub fn of(entry: &Entry<'_>, values: bool) -> Attribute {
        let source = entry.source();
        Attribute {
            name: entry.name().to_owned(),
            oid: entry.oid().to_string(),
            kind: entry.kind().to_string(),
            flags: flags(entry),
            vendor: entry.vendor().map(|vendor| vendor.name().to_owned()),
            path: entry.path().to_string(),
            aliases: entry.aliases().map(str::to_owned).collect(),
            source: format!("{}:{}", source.file, source.line),
            values: if values {
                NamedValue::all(entry)
            } else {
                Vec::new()
            },
            attributes: entry
                .children()
                .map(|child| child.name().to_owned())
                .filter(|_| values)
                .collect(),
        }
    }
}

impl NamedValue {
    /// The values of an entry, by number.
    pub fn all(entry: &Entry<'_>) -> Vec<NamedValue> {
        let mut values: Vec<NamedValue> = entry
            .values()
            .map(|(name, value)| NamedValue {
                attribute: None,
                name: name.to_owned(),
                value,
            })
            .collect();
        values.sort_by_key(|value| value.value);
        values
    }
}

impl VendorName {
    /// What is known of a vendor.
    pub fn of(vendor: &Vendor<'_>) -> VendorName {
        VendorName {
            name: vendor.name().to_owned(),
            number: vendor.pen(),
            format: vendor.format().to_string(),
            attributes: vendor.entry().children().count(),
        }
    }
}

impl Found {
    /// A hit of a search.
    pub fn of(hit: &Hit<'_>) -> Found {
        match hit {
            Hit::Attribute(entry) => Found::Attribute(Attribute::of(entry, false)),
            Hit::Vendor(vendor) => Found::Vendor(VendorName::of(vendor)),
            Hit::Value(entry, name, value) => Found::Value(NamedValue {
                attribute: Some(entry.name().to_owned()),
                name: (*name).to_owned(),
                value: *value,
            }),
        }
    }
}

/// Every attribute, vendor and value, as `radius dict export --format json` writes them.
#[derive(Debug, Serialize)]
pub struct Everything {
    /// The vendors, by number.
    pub vendors: Vec<VendorName>,
    /// The attributes, in the order of their definition.
    pub attributes: Vec<Attribute>,
}

impl Everything {
    /// All that a dictionary knows.
    pub fn of(dictionary: &Dictionary) -> Everything {
        let mut vendors: Vec<VendorName> = dictionary
            .vendors()
            .map(|vendor| VendorName::of(&vendor))
            .collect();
        vendors.sort_by_key(|vendor| vendor.number);
        Everything {
            vendors,
            attributes: dictionary
                .attributes()
                .map(|entry| Attribute::of(&entry, true))
                .collect(),
        }
    }
}

fn flags(entry: &Entry<'_>) -> Vec<String> {
    let flags = entry.flags();
    let encrypt = flags.encrypt.map(|encrypt| match encrypt {
        Encrypt::UserPassword => "encrypt=1",
        Encrypt::TunnelPassword => "encrypt=2",
        Encrypt::AscendSecret => "encrypt=3",
    });
    let named = [
        (flags.has_tag, "has_tag"),
        (flags.concat, "concat"),
        (flags.array, "array"),
        (flags.internal, "internal"),
        (flags.secret, "secret"),
        (flags.counter, "counter"),
    ];
    let named = named.iter().filter(|(set, _)| *set).map(|(_, name)| *name);
    named.chain(encrypt).map(str::to_owned).collect()
}
