//! One complete search.

use stateright::{Checker as _, HasDiscoveries, Model, Property};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;

/// What a search found.
#[derive(Debug)]
pub struct Found {
    /// Different states.
    pub states: usize,
    /// Steps to the broken property or the wanted state, by the property's name.
    pub paths: BTreeMap<&'static str, Vec<String>>,
}

impl Found {
    /// The steps that break `property` (or, for a wanted state, reach it).
    #[must_use]
    pub fn path(&self, property: &str) -> Option<&[String]> {
        self.paths.get(property).map(Vec::as_slice)
    }
    /// The names of all properties that have steps.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.paths.keys().copied().collect()
    }
}

/// Searches every reachable state, nearest first, so that the steps found are as few as possible.
/// Ends early only when every property has been found broken or reached.
pub fn all<M>(model: M) -> Found
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + Debug + PartialEq + Send + Sync + 'static,
{
    search(model, HasDiscoveries::All)
}

/// The same, but ends as soon as `property` has been found broken or reached.
pub fn until<M>(model: M, property: &'static str) -> Found
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + Debug + PartialEq + Send + Sync + 'static,
{
    search(model, HasDiscoveries::AnyOf([property].into()))
}

fn search<M>(model: M, end: HasDiscoveries) -> Found
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + Debug + PartialEq + Send + Sync + 'static,
{
    let properties: Vec<Property<M>> = model.properties();
    let done = model.checker().finish_when(end).spawn_bfs().join();
    let paths = properties.iter().filter_map(|p| {
        let path = done.discovery(p.name)?;
        let steps = path.into_actions().into_iter().map(|a| format!("{a:?}"));
        Some((p.name, steps.collect()))
    });
    Found {
        states: done.unique_state_count(),
        paths: paths.collect(),
    }
}
