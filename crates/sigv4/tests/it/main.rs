//! What a client or an attacker meets: altered requests, wrong clocks, foreign scopes, replays.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod call;
#[cfg(test)]
mod edges;
#[cfg(test)]
mod presented;
#[cfg(test)]
mod replays;
