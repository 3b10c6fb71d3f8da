# Short names for what is done daily. `just` alone lists them. Nothing here is needed by CI: that is scripts/test.

_default:
    @just --list

# A development server on 127.0.0.1:9229, data in ./.cognate
dev *ARGS:
    cargo run -p cognate -- dev {{ARGS}}

# Everything that CI checks; `just test --only fmt,rust` for a part
test *ARGS:
    ./scripts/test {{ARGS}}

# Write what is generated: crates/wire from model/, the ledgers
gen:
    cargo xtask gen
    cargo xtask ledger

# Format
fmt:
    cargo fmt --all

# What a reviewer should not have to say
lint:
    ./scripts/test --only fmt,layers,gen,ledger,clippy,deny

# Real clients against the running binary
clients:
    ./scripts/test --only build,python,node-sqlite,node-postgres
