//! Which requests other servers answer: by the realm of the user, or all (RFC 2865 §2.3, RFC 7542 §2).

/// Realms and the number of the pool of servers that answers for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    realms: Vec<(Realm, usize)>,
}

/// Whose requests are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Realm {
    /// All.
    All,
    /// Those without a realm.
    None,
    /// Those of `user@realm`, in any case.
    Named(String),
}

impl Routes {
    /// Adds a route; earlier ones of the same kind go first, named realms before all others.
    pub fn add(&mut self, realm: Realm, pool: usize) {
        self.realms.push((realm, pool));
    }

    /// Whether nothing is passed on.
    pub fn is_empty(&self) -> bool {
        self.realms.is_empty()
    }

    /// The pool that answers for a User-Name, if any does.
    pub fn find(&self, user: &[u8]) -> Option<usize> {
        if self.realms.is_empty() {
            return None;
        }
        let realm = user
            .iter()
            .rposition(|octet| *octet == b'@')
            .and_then(|at| user.get(at + 1..));
        let pool = |meant: &dyn Fn(&Realm) -> bool| {
            let route = self.realms.iter().find(|(realm, _)| meant(realm));
            route.map(|(_, pool)| *pool)
        };
        let named = realm.and_then(|realm| {
            pool(&|other| matches!(other, Realm::Named(name) if name.as_bytes().eq_ignore_ascii_case(realm)))
        });
        named
            .or_else(|| pool(&|other| realm.is_none() && *other == Realm::None))
            .or_else(|| pool(&|other| *other == Realm::All))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_realm_goes_before_all_others() {
        let mut routes = Routes::default();
        assert_eq!(routes.find(b"bob@a.example"), None);
        routes.add(Realm::All, 0);
        routes.add(Realm::Named("a.example".to_owned()), 1);
        routes.add(Realm::None, 2);
        assert_eq!(routes.find(b"bob@A.Example"), Some(1));
        assert_eq!(routes.find(b"bob@b.example"), Some(0));
        assert_eq!(routes.find(b"bob@x@a.example"), Some(1));
        assert_eq!(routes.find(b"bob"), Some(2));
        assert_eq!(routes.find(b""), Some(2));
    }
}
