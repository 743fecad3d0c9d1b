//! Files, groups and vectors, and computing them.

use crate::input::In;
use serde_json::{Map, Value, json};

/// What the code says to the inputs of a vector.
pub struct Answer {
    /// Values that follow from the inputs.
    pub out: Value,
    /// `accept`, or the first broken rule.
    pub expect: String,
}

impl Answer {
    /// An accepted input with what follows from it.
    pub fn accept(out: Value) -> Self {
        Self {
            out,
            expect: "accept".to_owned(),
        }
    }
    /// A verdict without further values.
    pub fn verdict(result: Result<(), impl ToString>) -> Self {
        match result {
            Ok(()) => Self::accept(json!({})),
            Err(rule) => Self::refuse(rule),
        }
    }
    /// A broken rule.
    pub fn refuse(rule: impl ToString) -> Self {
        Self {
            out: json!({}),
            expect: rule.to_string(),
        }
    }
}

/// Computes the answer of one kind of vector from its inputs and the file's shared ones.
pub type Compute = fn(In<'_>, In<'_>) -> Answer;

/// Vectors of one kind.
pub struct Group {
    kind: &'static str,
    note: &'static str,
    compute: Compute,
    vectors: Vec<(String, Value, String)>,
}

impl Group {
    pub fn new(kind: &'static str, note: &'static str, compute: Compute) -> Self {
        Self {
            kind,
            note,
            compute,
            vectors: Vec::new(),
        }
    }
    /// A vector that must be accepted.
    #[must_use]
    pub fn good(self, name: &str, inputs: Value) -> Self {
        self.with(name, inputs, "accept")
    }
    /// A vector that must end with `expect`.
    #[must_use]
    pub fn with(mut self, name: &str, inputs: Value, expect: &str) -> Self {
        assert!(
            self.vectors.iter().all(|v| v.0 != name),
            "{name} stands twice"
        );
        self.vectors
            .push((name.to_owned(), inputs, expect.to_owned()));
        self
    }
    /// Many vectors at once.
    #[must_use]
    pub fn all(self, list: impl IntoIterator<Item = (String, Value, String)>) -> Self {
        list.into_iter()
            .fold(self, |group, (name, inputs, expect)| {
                group.with(&name, inputs, &expect)
            })
    }
    fn value(&self, shared: In<'_>) -> Value {
        let vectors: Vec<Value> = self
            .vectors
            .iter()
            .map(|(name, inputs, expect)| {
                let answer = (self.compute)(In(inputs.as_object().expect("an object")), shared);
                assert_eq!(&answer.expect, expect, "{} / {name}", self.kind);
                json!({"name": name, "in": inputs, "out": answer.out, "expect": answer.expect})
            })
            .collect();
        json!({"kind": self.kind, "note": self.note, "vectors": vectors})
    }
}

/// One file of `vectors/`.
pub struct File {
    /// Its name.
    pub name: &'static str,
    about: &'static str,
    shared: Map<String, Value>,
    groups: Vec<Group>,
}

impl File {
    pub(crate) fn new(
        name: &'static str,
        about: &'static str,
        shared: &Value,
        groups: Vec<Group>,
    ) -> Self {
        let shared = shared.as_object().expect("an object").clone();
        Self {
            name,
            about,
            shared,
            groups,
        }
    }
    /// The file's content; every vector is computed.
    #[must_use]
    pub fn text(&self) -> String {
        let groups: Vec<Value> = self
            .groups
            .iter()
            .map(|g| g.value(In(&self.shared)))
            .collect();
        let value = json!({"about": self.about, "shared": self.shared, "groups": groups});
        let mut text = serde_json::to_string_pretty(&value).expect("plain values");
        text.push('\n');
        text
    }
    /// Every kind of vector in it with its computation.
    pub(crate) fn computes(&self) -> impl Iterator<Item = (&'static str, Compute)> {
        self.groups.iter().map(|g| (g.kind, g.compute))
    }
}
