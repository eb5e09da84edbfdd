//! Which attributes may stand in which packets, and how often: the tables at the ends of the RFCs, in one.
//!
//! A column is a kind of packet. `0` forbids, `?` allows one, `*` any number, and `.` is where no table says
//! anything. An attribute without a row is judged nowhere.

use super::{Facts, Rule, Subject, rules, span};
use crate::codec::{AttributeType, Code};

/// Access-Request, -Accept, -Reject, -Challenge; Accounting-Request, -Response; CoA-Request, -ACK, -NAK;
/// Disconnect-Request, -ACK, -NAK.
const TABLE: &[(u8, &str)] = &[
    (1, "??00 ?0 ?00 ?00"),
    (2, "?000 00 000 000"),
    (3, "?000 00 000 000"),
    (4, "?000 ?0 ?00 ?00"),
    (5, "?000 ?0 ?00 ?00"),
    (6, "??00 ?0 ?0? 000"),
    (7, "??00 ?0 ?00 000"),
    // The text of RFC 5176 §3 identifies sessions in a Disconnect-Request by it, by Framed-Interface-Id and by
    // Framed-IPv6-Prefix too; the table of §3.6 has no place for them there.
    (8, "??00 ?0 ?00 ?00"),
    (9, "??00 ?0 ?00 000"),
    (10, "0?00 ?0 ?00 000"),
    (11, "0*00 *0 *00 000"),
    (12, "??00 ?0 ?00 000"),
    (13, "**00 *0 *00 000"),
    (14, "**00 *0 *00 000"),
    (15, "0?00 ?0 ?00 000"),
    (16, "0?00 ?0 ?00 000"),
    (18, "0*** 00 *00 *00"),
    (19, "??00 ?0 ?00 000"),
    (20, "0?00 ?0 ?00 000"),
    (22, "0*00 *0 *00 000"),
    (23, "0?00 ?0 ?00 000"),
    (24, "??0? 00 ??? 000"),
    (25, "0*00 *0 *00 *00"),
    // RFC 2865 forbids it in an Access-Reject, RFC 2548 §2.1.5 needs it there.
    (26, "**** ** *.. *.."),
    (27, "0?0? ?0 ?00 000"),
    (28, "0?0? ?0 ?00 000"),
    (29, "0?00 ?0 ?00 000"),
    (30, "?000 ?0 ?00 ?00"),
    (31, "?000 ?0 ?00 ?00"),
    (32, "?000 ?0 ?00 ?00"),
    (33, "**** ** *** ***"),
    (34, "??00 ?0 ?00 000"),
    (35, "??00 ?0 ?00 000"),
    (36, "??00 ?0 ?00 000"),
    (37, "0?00 ?0 ?00 000"),
    (38, "0*00 *0 *00 000"),
    (39, "0?00 ?0 ?00 000"),
    (40, ".... ?0 000 000"),
    (41, ".... ?0 000 000"),
    (42, ".... ?0 000 000"),
    (43, ".... ?0 000 000"),
    (44, "?... ?0 ?00 ?00"),
    (45, ".... ?0 000 000"),
    (46, ".... ?0 000 000"),
    (47, ".... ?0 000 000"),
    (48, ".... ?0 000 000"),
    (49, ".... ?0 000 ??0"),
    (50, "..00 *0 ?00 ?00"),
    (51, ".... *0 000 000"),
    (52, ".... ?0 000 000"),
    (53, ".... ?0 000 000"),
    (55, "...0 ?0 ??? ???"),
    (56, ".... .. *00 000"),
    (57, ".... .. ?00 000"),
    (58, ".... .. *00 000"),
    (59, ".... .. ?00 000"),
    (60, "?000 00 000 000"),
    (61, "?000 ?0 ?00 000"),
    (62, "??00 ?0 ?00 000"),
    (63, "??00 ?0 ?00 000"),
    (64, "**00 .0 *00 000"),
    (65, "**00 .0 *00 000"),
    (66, "**00 .0 *00 000"),
    (67, "**00 .0 *00 000"),
    (69, "0*00 00 *00 000"),
    (70, "?000 00 000 000"),
    (71, "0?0? 00 ?00 000"),
    (72, "0?00 00 ?00 000"),
    (73, "?00? 00 000 000"),
    (74, "*00* 00 000 000"),
    (75, "00?0 00 000 000"),
    (76, "000? 00 000 000"),
    (77, "?000 *0 000 000"),
    (78, "0*00 00 *00 000"),
    (79, "**** 00 *?0 *?0"),
    (80, "???? ?? ??? ???"),
    (81, "**00 .0 *00 000"),
    (82, "0*00 .0 *00 000"),
    (83, "**00 .0 *00 000"),
    (84, "0?0? 00 000 000"),
    (85, "0?00 .0 ?00 000"),
    (87, "?000 ?0 ?00 ?00"),
    (88, "0?00 .0 ?00 000"),
    (89, "??00 ?0 ?00 ?00"),
    (90, "**00 .0 *00 000"),
    (91, "**00 .0 *00 000"),
    (92, ".... .. ?00 000"),
    (94, ".... .. 000 000"),
    (95, "?000 ?0 ?00 ?00"),
    (96, "??00 ?0 ?00 ?00"),
    (97, "**00 *0 *00 *00"),
    (98, "**00 *0 *00 000"),
    (99, "0*00 *0 *00 000"),
    (100, "0?00 .0 ?00 000"),
    // The text of RFC 5176 §3.5 gives causes for a Disconnect-ACK, the table forbids them.
    (101, "00.. 00 0.* 0.*"),
    (123, ".... .. *00 000"),
];

/// The table's rows, ready to be asked by number.
const ROWS: [Option<&[u8]>; 256] = {
    let mut rows = [None; 256];
    let mut index = 0;
    while index < TABLE.len() {
        let (number, row) = TABLE[index];
        rows[number as usize] = Some(row.as_bytes());
        index += 1;
    }
    rows
};

/// A kind of packet: its column, and the rules that speak of it.
fn column(code: Code) -> Option<(usize, &'static Rule, &'static Rule)> {
    let (column, (forbidden, repeated)) = match code {
        Code::ACCESS_REQUEST => (0, ACCESS),
        Code::ACCESS_ACCEPT => (1, ACCESS),
        Code::ACCESS_REJECT => (2, ACCESS),
        Code::ACCESS_CHALLENGE => (3, ACCESS),
        Code::ACCOUNTING_REQUEST => (5, ACCOUNTING),
        Code::ACCOUNTING_RESPONSE => (6, ACCOUNTING),
        Code::COA_REQUEST => (8, DYNAMIC),
        Code::COA_ACK => (9, DYNAMIC),
        Code::COA_NAK => (10, DYNAMIC),
        Code::DISCONNECT_REQUEST => (12, DYNAMIC),
        Code::DISCONNECT_ACK => (13, DYNAMIC),
        Code::DISCONNECT_NAK => (14, DYNAMIC),
        _ => return None,
    };
    Some((column, forbidden, repeated))
}

type Pair = (&'static Rule, &'static Rule);
static ACCESS: Pair = (&rules::FORBIDDEN_IN_ACCESS, &rules::REPEATED_IN_ACCESS);
static ACCOUNTING: Pair = (&rules::FORBIDDEN_IN_ACCOUNTING, &rules::REPEATED_IN_ACCOUNTING);
static DYNAMIC: Pair = (&rules::FORBIDDEN_IN_DYNAMIC, &rules::REPEATED_IN_DYNAMIC);

pub(super) fn judge(subject: &mut Subject<'_, '_>) {
    let Some((column, forbidden, repeated)) = column(subject.code) else {
        return;
    };
    let packet = subject.packet;
    let mut seen = [false; 256];
    for attribute in packet.attributes().map_while(Result::ok) {
        let number = attribute.number();
        let again = std::mem::replace(&mut seen[usize::from(number.0)], true);
        let allowed = ROWS[usize::from(number.0)].and_then(|row| row.get(column));
        match allowed {
            Some(b'0') => subject.note(forbidden, span(&attribute), Facts::Attribute(number)),
            // A second Message-Authenticator is reported as a malformed packet already.
            Some(b'?') if again && number != AttributeType::MESSAGE_AUTHENTICATOR => {
                let count = subject.counts.of_type(number);
                subject.note(repeated, span(&attribute), Facts::Count(number, count));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_every_column_and_stands_once_in_order() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{}", pair[1].0);
        }
        for (number, row) in TABLE {
            assert_eq!(row.len(), 15, "{number}");
            assert!(
                row.char_indices().all(|(at, c)| if [4, 7, 11].contains(&at) {
                    c == ' '
                } else {
                    "0?*.".contains(c)
                }),
                "{number}"
            );
        }
    }

    /// What a table allows of an attribute in a packet.
    fn allowed(code: Code, number: u8) -> char {
        let (column, ..) = column(code).unwrap();
        ROWS[usize::from(number)].map_or('.', |row| char::from(row[column]))
    }

    #[test]
    fn the_tables_of_rfc_5176_are_kept() {
        let in_requests =
            |number| [Code::COA_REQUEST, Code::DISCONNECT_REQUEST].map(|code| allowed(code, number));
        // Who and which session.
        for number in [1, 4, 5, 30, 31, 32, 44, 50, 87, 89, 95] {
            assert_eq!(in_requests(number), ['?', '?'], "{number}");
        }
        // What is to be changed.
        for number in [7, 9, 10, 12, 15, 27, 28, 29, 61, 62, 85, 88, 92, 100] {
            assert_eq!(in_requests(number), ['?', '0'], "{number}");
        }
        for number in [
            11, 13, 14, 22, 38, 56, 58, 64, 69, 78, 81, 83, 90, 91, 98, 99, 123,
        ] {
            assert_eq!(in_requests(number), ['*', '0'], "{number}");
        }
        assert_eq!(
            [6, 24, 49, 94, 101].map(in_requests),
            [['?', '0'], ['?', '0'], ['0', '?'], ['0', '0'], ['0', '0']]
        );
        let in_answers = |number| {
            [
                Code::COA_ACK,
                Code::COA_NAK,
                Code::DISCONNECT_ACK,
                Code::DISCONNECT_NAK,
            ]
            .map(|code| allowed(code, number))
        };
        assert_eq!(in_answers(6), ['0', '?', '0', '0']);
        assert_eq!(in_answers(24), ['?', '?', '0', '0']);
        assert_eq!(in_answers(33), ['*'; 4]);
        assert_eq!(in_answers(49), ['0', '0', '?', '0']);
        assert_eq!(in_answers(55), ['?'; 4]);
        assert_eq!(in_answers(79), ['?', '0', '?', '0']);
        assert_eq!(in_answers(80), ['?'; 4]);
    }

    #[test]
    fn the_table_of_rfc_3162_is_kept() {
        let in_access = |number| {
            [
                Code::ACCESS_REQUEST,
                Code::ACCESS_ACCEPT,
                Code::ACCESS_REJECT,
                Code::ACCESS_CHALLENGE,
                Code::ACCOUNTING_REQUEST,
            ]
            .map(|code| allowed(code, number))
        };
        assert_eq!(in_access(95), ['?', '0', '0', '0', '?']);
        assert_eq!(in_access(96), ['?', '?', '0', '0', '?']);
        assert_eq!(in_access(97), ['*', '*', '0', '0', '*']);
        assert_eq!(in_access(98), ['*', '*', '0', '0', '*']);
        assert_eq!(in_access(99), ['0', '*', '0', '0', '*']);
    }
}
