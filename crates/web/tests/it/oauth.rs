mod kit;
mod revoke;
mod token;
