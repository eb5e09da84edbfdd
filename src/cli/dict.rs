//! `radius dict`: what the dictionaries know, and what is wrong with one.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum, ValueHint};

use super::dictionaries::{self, top_file};
use super::options::DictionaryArgs;
use crate::dictionary::{Dictionary, Disk, Entry, LoadOptions, Near, Oid, Vendor};
use crate::report::diagnostic::{Diagnostic, Exit};
use crate::report::names::{Attribute, Everything, Found, NamedValue, VendorName};
use crate::report::output::Output;
use crate::report::table::table;
use crate::report::theme::{HEADING, NAME, paint};
use crate::report::{json, words};

/// Arguments of `radius dict`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything about an attribute: by name, number, 26.9.1, or path
    Lookup {
        /// User-Name, 1, 26.9.1, Attr-26.9.1, Vendor-Specific.Cisco.AVPair …
        #[arg(value_name = "NAME|NUMBER|OID", required = true)]
        names: Vec<String>,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Attributes, vendors and values in whose names all words occur; the best first
    Search {
        /// Parts of names, in any case
        #[arg(value_name = "PATTERN", required = true)]
        words: Vec<String>,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// All attributes, or those of one vendor
    List {
        /// Only this vendor's, by name or number
        #[arg(long, value_name = "VENDOR")]
        vendor: Option<String>,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// All vendors
    Vendors {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// The named values of an attribute
    Values {
        /// The attribute, spelled as for lookup
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Reports every fault of dictionary files with its place, and what is odd
    Check {
        /// Dictionary files, or directories that hold one named `dictionary`
        #[arg(value_name = "FILE", required = true, value_hint = ValueHint::AnyPath)]
        files: Vec<PathBuf>,
        /// The directory that $INCLUDE may not leave, instead of the file's own
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        dict_root: Option<String>,
        /// What the files may refer to besides themselves: the built-in dictionaries
        #[arg(long)]
        on_builtin: bool,
        /// Print one JSON object a fault
        #[arg(long)]
        json: bool,
    },
    /// Writes everything that is known as a dictionary file, or as JSON
    Export {
        /// How
        #[arg(long, value_enum, default_value_t = ExportFormat::Freeradius)]
        format: ExportFormat,
        #[command(flatten)]
        dictionary: DictionaryArgs,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// Text that FreeRADIUS and this program read
    Freeradius,
    /// One JSON object
    Json,
}

#[derive(Debug, clap::Args)]
struct CommonArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    dictionary: DictionaryArgs,
}

/// Runs `radius dict`.
pub fn run(args: Args, output: &mut Output) -> Result<Exit, Diagnostic> {
    match args.command {
        Command::Lookup { names, common } => lookup(&names, &common, output),
        Command::Search { words, common } => search(&words.join(" "), &common, output),
        Command::List { vendor, common } => list(vendor.as_deref(), &common, output),
        Command::Vendors { common } => vendors(&common, output),
        Command::Values { name, common } => values(&name, &common, output),
        Command::Check {
            files,
            dict_root,
            on_builtin,
            json,
        } => check(&files, dict_root.as_deref(), on_builtin, json, output),
        Command::Export { format, dictionary } => export(format, &dictionary, output),
    }
}

fn lookup(names: &[String], common: &CommonArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&common.dictionary, output)?;
    let mut exit = Exit::Success;
    for name in names {
        match find(&dictionary, name) {
            Ok(entry) => show(&entry, common.json, output),
            Err(diagnostic) => {
                output.diagnose(&diagnostic);
                exit = Exit::No;
            }
        }
    }
    Ok(exit)
}

/// The entry that a spelling stands for, or what was probably meant.
fn find<'d>(dictionary: &'d Dictionary, name: &str) -> Result<Entry<'d>, Diagnostic> {
    let resolved = dictionary.resolve(name).ok();
    if let Some(entry) = resolved.and_then(|resolved| resolved.entry) {
        return Ok(entry);
    }
    let missing = words::not_found("attribute", name, &dictionary.suggest(name, Near::Attributes));
    Err(match resolved {
        Some(resolved) => missing.hint(words::without_a_name(
            above(dictionary, resolved.oid).as_deref(),
            &resolved.oid.to_string(),
        )),
        None => missing,
    })
}

/// The nearest entry above a number that has none.
fn above(dictionary: &Dictionary, oid: Oid) -> Option<String> {
    let mut parts = oid.parts().to_vec();
    while parts.pop().is_some() {
        let above = Oid::new(&parts).and_then(|oid| dictionary.entry(oid.key()));
        if let Some(above) = above.filter(|_| !parts.is_empty()) {
            return Some(above.path().to_string());
        }
    }
    None
}

fn show(entry: &Entry<'_>, as_json: bool, output: &mut Output) {
    let view = Attribute::of(entry, true);
    if as_json {
        return output.print(&json::pretty(&view));
    }
    let mut text = format!("{}\n", paint(HEADING, &view.name));
    let mut line = |what: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {what:<8} {value}\n"));
        }
    };
    line("oid", &view.oid);
    line("type", &view.kind);
    line("flags", &view.flags.join(","));
    line("vendor", view.vendor.as_deref().unwrap_or(""));
    line("path", &view.path);
    line("aliases", &view.aliases.join(" "));
    line("source", &view.source);
    if !view.attributes.is_empty() {
        text.push_str("  holds\n");
        for child in entry.children() {
            text.push_str(&format!(
                "    {:<10} {} ({})\n",
                child.number(),
                paint(NAME, child.name()),
                child.kind()
            ));
        }
    }
    for value in &view.values {
        text.push_str(&format!("    {:<10} {}\n", value.value, paint(NAME, &value.name)));
    }
    output.print(&text);
}

fn search(pattern: &str, common: &CommonArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&common.dictionary, output)?;
    let found: Vec<Found> = dictionary.search(pattern).iter().map(Found::of).collect();
    if found.is_empty() {
        let near = dictionary.suggest(pattern, Near::Attributes);
        return Err(words::not_found("name", pattern, &near));
    }
    if common.json {
        output.print(&json::pretty(&found));
    } else {
        output.print(&table(
            &["found", "oid", "type", "what"],
            found.iter().map(found_row),
        ));
    }
    Ok(Exit::Success)
}

fn found_row(found: &Found) -> Vec<String> {
    match found {
        Found::Attribute(attribute) => vec![
            attribute.name.clone(),
            attribute.oid.clone(),
            attribute.kind.clone(),
            attribute.vendor.clone().unwrap_or_default(),
        ],
        Found::Vendor(vendor) => {
            vec![
                vendor.name.clone(),
                format!("26.{}", vendor.number),
                "vendor".into(),
                String::new(),
            ]
        }
        Found::Value(value) => vec![
            value.name.clone(),
            String::new(),
            "value".into(),
            format!("{} = {}", value.attribute.as_deref().unwrap_or(""), value.value),
        ],
    }
}

fn list(vendor: Option<&str>, common: &CommonArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&common.dictionary, output)?;
    let wanted = match vendor {
        Some(name) => Some(find_vendor(&dictionary, name)?.pen()),
        None => None,
    };
    let attributes: Vec<Attribute> = dictionary
        .attributes()
        .filter(|entry| wanted.is_none() || entry.vendor().map(|vendor| vendor.pen()) == wanted)
        .map(|entry| Attribute::of(&entry, false))
        .collect();
    if common.json {
        output.print(&json::pretty(&attributes));
    } else {
        let rows = attributes.into_iter().map(|attribute| {
            vec![
                attribute.name,
                attribute.oid,
                attribute.kind,
                attribute.flags.join(","),
                attribute.source,
            ]
        });
        output.print(&table(&["name", "oid", "type", "flags", "source"], rows));
    }
    Ok(Exit::Success)
}

fn find_vendor<'d>(dictionary: &'d Dictionary, name: &str) -> Result<Vendor<'d>, Diagnostic> {
    let by_number = name.parse().ok().and_then(|pen| dictionary.vendor(pen));
    by_number
        .or_else(|| dictionary.vendor_named(name))
        .ok_or_else(|| words::not_found("vendor", name, &dictionary.suggest(name, Near::Vendors)))
}

fn vendors(common: &CommonArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&common.dictionary, output)?;
    let mut vendors: Vec<VendorName> = dictionary
        .vendors()
        .map(|vendor| VendorName::of(&vendor))
        .collect();
    vendors.sort_by_key(|vendor| vendor.number);
    if common.json {
        output.print(&json::pretty(&vendors));
    } else {
        let rows = vendors.into_iter().map(|vendor| {
            vec![
                vendor.number.to_string(),
                vendor.name,
                vendor.format,
                vendor.attributes.to_string(),
            ]
        });
        output.print(&table(&["number", "name", "format", "attributes"], rows));
    }
    Ok(Exit::Success)
}

fn values(name: &str, common: &CommonArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(&common.dictionary, output)?;
    let entry = find(&dictionary, name)?;
    let values = NamedValue::all(&entry);
    if values.is_empty() {
        let message = format!(
            "`{}` has no named values; it is of type {}",
            entry.name(),
            entry.kind()
        );
        return Err(Diagnostic::error("no-values", Exit::No, message));
    }
    if common.json {
        output.print(&json::pretty(&values));
    } else {
        let rows = values
            .into_iter()
            .map(|value| vec![value.value.to_string(), value.name]);
        output.print(&table(&["value", "name"], rows));
    }
    Ok(Exit::Success)
}

fn check(
    files: &[PathBuf],
    root: Option<&str>,
    on_builtin: bool,
    as_json: bool,
    output: &mut Output,
) -> Result<Exit, Diagnostic> {
    let below = if on_builtin {
        Dictionary::builtin()
    } else {
        Dictionary::empty()
    };
    let mut exit = Exit::Success;
    for path in files {
        let file = top_file(path);
        let options = LoadOptions {
            dict_root: root.map(str::to_owned),
        };
        let review = below.check(&file.to_string_lossy(), &Disk, options);
        let faults = review.faults.iter().map(words::dictionary_fault);
        let all = faults.chain(review.warnings.iter().map(words::dictionary_warning));
        for diagnostic in all {
            if as_json {
                output.print(&json::line(&words::placed(&diagnostic)));
            } else {
                output.print(&diagnostic.text());
            }
        }
        let counts = format!(
            "{}: {}, {}, {}, {}; {}, {}\n",
            file.display(),
            counted(review.files.len(), "file"),
            counted(review.attributes, "attribute"),
            counted(review.values, "value"),
            counted(review.vendors, "vendor"),
            counted(review.faults.len(), "fault"),
            counted(review.warnings.len(), "warning")
        );
        if as_json {
            output.remark(&counts)
        } else {
            output.print(&counts)
        }
        if !review.faults.is_empty() {
            exit = Exit::Usage;
        }
    }
    Ok(exit)
}

fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn export(format: ExportFormat, args: &DictionaryArgs, output: &mut Output) -> Result<Exit, Diagnostic> {
    let dictionary = dictionaries::load(args, output)?;
    match format {
        ExportFormat::Freeradius => output.print(&dictionary.export()),
        ExportFormat::Json => output.print(&json::pretty(&Everything::of(&dictionary))),
    }
    Ok(Exit::Success)
}
