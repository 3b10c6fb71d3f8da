//! What people do at a login domain, page by page, and what others try with their browsers.

mod forms;
mod hostile;
mod recovery;
mod requests;
mod sessions;
mod sign_in;
mod sign_up;
mod temporary;
