//! Reads typed values out of the layers and notes every refusal on the way.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::layers::{Given, Layer, Raw};
use super::refusal::{Judged, Refusal};
use super::table::{For, TABLE};

pub(crate) struct Reader {
    layer: Layer,
    refusals: Vec<Refusal>,
}

impl Reader {
    pub(crate) fn new(layer: Layer, refusals: Vec<Refusal>) -> Self {
        Self { layer, refusals }
    }

    pub(crate) fn finish<T>(self, value: T) -> Judged<T> {
        Judged { value, refusals: self.refusals }
    }

    /// Refuses the setting, and says where its value came from.
    pub(crate) fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        let reason = reason.into();
        let reason = match self.layer.get(name) {
            Some(given) => format!("{reason} (from {})", given.origin),
            None => reason,
        };
        self.refusals.push(Refusal::new(name, reason));
    }

    pub(crate) fn refuse_what_only_serve_uses(&mut self, reason: &str) {
        for setting in TABLE.iter().filter(|setting| setting.used_by == For::Serve) {
            if self.has(setting.name) {
                self.refuse(setting.name, reason);
            }
        }
    }

    pub(crate) fn has_refused(&self, name: &str) -> bool {
        self.refusals.iter().any(|refusal| refusal.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.layer.contains_key(name)
    }

    fn raw(&self, name: &str) -> Option<&Raw> {
        self.layer.get(name).map(|given| &given.raw)
    }

    pub(crate) fn given(&self, name: &str) -> Option<&Given> {
        self.layer.get(name)
    }

    /// The text of a setting. An empty one is refused: it is a mistake in a script more often than a wish.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let Some(Raw::Text(text)) = self.raw(name).cloned() else { return None };
        if text.trim().is_empty() {
            self.refuse(name, "is empty");
            return None;
        }
        Some(text)
    }

    pub(crate) fn secret(&mut self, name: &str) -> Option<Zeroizing<String>> {
        self.text(name).map(Zeroizing::new)
    }

    pub(crate) fn path(&mut self, name: &str) -> Option<PathBuf> {
        self.text(name).map(PathBuf::from)
    }

    pub(crate) fn switch(&self, name: &str) -> bool {
        matches!(self.raw(name), Some(Raw::Switch(true)))
    }

    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        match self.raw(name) {
            Some(Raw::List(items)) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// The setting's value as `read` understands it, or the default; what `read` refuses is noted.
    pub(crate) fn parse<T>(&mut self, name: &str, default: T, read: impl FnOnce(&str) -> Result<T, String>) -> T {
        let Some(text) = self.text(name) else { return default };
        match read(&text) {
            Ok(value) => value,
            Err(reason) => {
                self.refuse(name, reason);
                default
            }
        }
    }
}
