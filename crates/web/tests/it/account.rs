//! `/account`, in a browser that keeps its cookies.

mod contacts;
mod data;
mod delete;
mod entry;
mod kit;
mod password;
mod profile;
mod sessions;
