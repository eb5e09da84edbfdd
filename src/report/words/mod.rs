//! Facts of the lower layers in words: one function a kind of fact, one file a layer.

mod attribute;
mod broken;
mod capture;
mod certificate;
mod dictionary;
mod eap;
mod exchange;
mod file;
mod finding;
mod hextext;
mod keylog;
mod login;
mod network;
mod packet;
mod records;
mod serving;
mod shaken;
mod tls;

pub use attribute::{encode_error, pair_error, sealed, text_error, value_fault};
pub use broken::{contradiction, eap_error};
#[cfg(not(target_os = "linux"))]
pub use capture::cannot_watch;
#[cfg(target_os = "linux")]
pub use capture::watch_error;
pub use capture::{
    bad_client, capture_error, column_error, damage, dropped, eap, filter_error, known_by, nothing_found,
    severity, step_inside, trouble, trouble_kind,
};
pub use certificate::{identity_error, reason, reason_kind, throwaway_error};
pub use dictionary::{dictionary_fault, dictionary_warning, not_found, placed, without_a_name};
pub use exchange::{ended, error_cause, expectation, ignored, ignored_kind, moved_on, unmet, verdict};
pub use file::{
    EMPTY_SECRET, SECRET_NOT_HEX, bad_secret, cannot_ask, cannot_read, cannot_write, no_destination,
    no_packets, not_text, unequal,
};
pub use finding::{finding, span};
pub use hextext::{hex_text_error, text_without_times};
pub use keylog::keylog_error;
pub use login::{eap_type, exposure, key_check, key_name, login_end, realms, settings_error, unfit};
pub use network::{no_port, peer_error, resolve_error, socket_error};
pub use packet::{attribute_error, attribute_error_in_list, build_error, malformation, too_short};
pub use records::{bad_record, masked_record, no_octets, not_json, nothing_recorded};
pub use serving::{
    decision, discard, discard_kind, log_error, parting, refused, role, start_error, users_fault, why,
};
pub use shaken::{shaken, unshaken};
pub use tls::{
    certificate, handshake, insecure, instant, no_alpn_over_dtls, no_dtls_1_3, no_psk_over_tls,
    nobody_trusted, option_without_secured_clients, option_without_tap, option_without_tls,
    radius_1_1_needs_tls_1_3, radius_1_1_needs_tls_twice, secured_settings_error, tls_failure, trusted_word,
};

use super::diagnostic::Diagnostic;

/// `text` between backquotes, as names are quoted in messages.
fn quoted(text: impl std::fmt::Display) -> String {
    format!("`{text}`")
}

/// A text from a peer as it can stand on a terminal: control characters as escapes.
pub fn printable(text: &str) -> String {
    let escape = |character: char| {
        if character.is_control() && character != '\n' {
            character.escape_default().to_string()
        } else {
            character.into()
        }
    };
    text.chars().map(escape).collect()
}

/// The hint that goes with near names.
fn did_you_mean(diagnostic: Diagnostic, near: &[&str]) -> Diagnostic {
    match near {
        [] => diagnostic,
        [one] => diagnostic.hint(format!("did you mean `{one}`?")),
        [first, rest @ ..] => {
            let others: Vec<String> = rest.iter().take(4).map(quoted).collect();
            diagnostic.hint(format!("did you mean `{first}`, or {}?", others.join(", ")))
        }
    }
}

/// `1 octet`, `2 octets`.
fn octets(count: usize) -> String {
    if count == 1 {
        "1 octet".into()
    } else {
        format!("{count} octets")
    }
}
