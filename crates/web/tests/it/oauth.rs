mod revoke;
mod token;
