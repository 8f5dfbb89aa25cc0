# The commands of everyday work. `just` alone lists them; each is one plain cargo line, so `just` is a convenience only.

_default:
    @just --list

# The binary, as it is shipped.
build:
    cargo build --release --locked

# All tests, or those whose name holds a word: `just test identity`.
test *filter:
    cargo test --locked {{ filter }}

# Formatting, lints and documentation links, as CI wants them.
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# Write the files that tests hold against the code: the published JSON Schemas and the expected outputs. Read the diff.
bless:
    UPDATE_SCHEMAS=1 INSTA_UPDATE=always cargo test --locked

# The quickstart of the README.
acme *arguments:
    cargo run --release --locked -- check --project examples/acme {{ arguments }}

# Ratios against a floor of the same run, and the most memory.
bench:
    cargo bench --locked

# Licences, bans and sources of the dependencies; with network, also `cargo deny check advisories`.
deny:
    cargo deny check bans licenses sources --hide-inclusion-graph

# Everything that CI does.
ci:
    .ci/run
