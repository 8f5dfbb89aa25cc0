# The program alone on a small Debian, for CI systems that run containers: docs/ci.md shows it at work. It runs as a user
# without rights; what it reads and writes is mounted at /work.
FROM rust:1.90-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin rolecall

FROM debian:bookworm-slim
# The certificate authorities that live collection trusts.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/target/release/rolecall /usr/local/bin/rolecall
COPY --from=build /build/LICENSE /usr/share/doc/rolecall/LICENSE
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["rolecall"]
CMD ["--help"]
