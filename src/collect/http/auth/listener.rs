//! The other end of a person's browser: waits on this machine for the answer to a question that `rolecall connect` asked.
//!
//! Whatever comes in may come from any page that the browser shows, so nothing of it is shown again, and only an answer
//! with the state that was sent out is believed.

use std::io;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use reqwest::Url;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::token;

/// Where the browser comes back to.
pub(super) const PATH: &str = "/callback";

/// No request line and its headers are longer, in bytes.
const LONGEST: usize = 16 * 1024;

/// How long a browser may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a browser brought.
#[derive(Debug)]
pub(super) enum Brought {
    /// The code that a token is given for.
    Code(SecretString),
    /// What the system said instead, in a word of the standard if it is one.
    Refused(Option<&'static str>),
    /// Nothing of ours, and why.
    Ignored(&'static str),
}

/// Waits until somebody brings an answer with this state; tells of everything else.
pub(super) async fn wait(
    listener: &TcpListener,
    state: &str,
    ignored: &dyn Fn(&str),
) -> io::Result<Result<SecretString, Option<&'static str>>> {
    let mut open = FuturesUnordered::new();
    loop {
        // A browser opens connections ahead of time and says nothing on them: they must not keep the others waiting.
        let brought = tokio::select! {
            accepted = listener.accept() => {
                open.push(serve(accepted?.0, state));
                continue;
            }
            Some(brought) = open.next() => brought,
        };
        match brought {
            Some(Brought::Code(code)) => return Ok(Ok(code)),
            Some(Brought::Refused(word)) => return Ok(Err(word)),
            Some(Brought::Ignored(why)) => ignored(why),
            None => {}
        }
    }
}

/// Reads one request and answers it; null where nobody said anything.
async fn serve(mut stream: TcpStream, state: &str) -> Option<Brought> {
    let request = timeout(PATIENCE, head(&mut stream)).await.ok()??;
    let brought = understood(&request, state);
    let page = match &brought {
        Brought::Code(_) => page(
            "200 OK",
            "The answer arrived. Go back to the terminal; this page can be closed.",
        ),
        Brought::Refused(_) => page(
            "200 OK",
            "Nothing was allowed. Go back to the terminal; this page can be closed.",
        ),
        Brought::Ignored(_) => page("400 Bad Request", "This is not the answer that rolecall waits for."),
    };
    // The browser may be gone; what it brought counts all the same.
    let _ = timeout(PATIENCE, async {
        stream.write_all(page.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
    Some(brought)
}

async fn head(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut piece = [0; 2048];
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await.ok()?;
        request.extend_from_slice(piece.get(..read)?);
        if read == 0 || request.len() > LONGEST {
            return None;
        }
    }
    Some(request)
}

/// What a request brings.
fn understood(request: &[u8], state: &str) -> Brought {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let words: Vec<&str> = std::str::from_utf8(line).unwrap_or_default().split(' ').collect();
    let ["GET", target, "HTTP/1.1" | "HTTP/1.0"] = words.as_slice() else {
        return Brought::Ignored("a request that is no GET");
    };
    let target = target
        .starts_with('/')
        .then(|| Url::parse(&format!("http://127.0.0.1{target}")));
    let Some(Ok(url)) = target else {
        return Brought::Ignored("a request for no address");
    };
    if url.path() != PATH {
        return Brought::Ignored("a request for another page");
    }
    let one = |name: &str| {
        let mut values = url
            .query_pairs()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned());
        // Said twice is not said.
        values.next().filter(|_| values.next().is_none())
    };
    if one("state").as_deref() != Some(state) {
        return Brought::Ignored("an answer without the state that was sent");
    }
    match (one("error"), one("code")) {
        (Some(error), _) => Brought::Refused(token::word(&error)),
        (None, Some(code)) if !code.is_empty() => Brought::Code(code.into()),
        (None, _) => Brought::Ignored("an answer without a code"),
    }
}

/// A page of fixed words.
fn page(status: &str, words: &str) -> String {
    let body = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">\
         <title>rolecall</title><p>{words}</p></html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         referrer-policy: no-referrer\r\nx-content-type-options: nosniff\r\ncontent-security-policy: default-src 'none'; \
         img-src data:\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn told(request: &str) -> String {
        match understood(format!("{request}\r\nHost: x\r\n\r\n").as_bytes(), "s1") {
            Brought::Code(code) => format!("code {}", code.expose_secret()),
            Brought::Refused(word) => format!("refused {word:?}"),
            Brought::Ignored(why) => why.to_owned(),
        }
    }

    #[test]
    fn only_an_answer_with_the_state_is_believed() {
        for (request, expected) in [
            ("GET /callback?state=s1&code=c%2F1 HTTP/1.1", "code c/1"),
            ("GET /callback?code=c1&state=s1&more=x HTTP/1.1", "code c1"),
            (
                "GET /callback?error=access_denied&state=s1 HTTP/1.1",
                "refused Some(\"access_denied\")",
            ),
            (
                "GET /callback?error=user_denied&state=s1&code=c1 HTTP/1.1",
                "refused Some(\"user_denied\")",
            ),
            ("GET /callback?error=%1b[2J&state=s1 HTTP/1.1", "refused None"),
            (
                "GET /callback?state=s2&code=c1 HTTP/1.1",
                "an answer without the state that was sent",
            ),
            (
                "GET /callback?error=access_denied HTTP/1.1",
                "an answer without the state that was sent",
            ),
            (
                "GET /callback?state=s1&state=s1&code=c1 HTTP/1.1",
                "an answer without the state that was sent",
            ),
            (
                "GET /callback?code=c1 HTTP/1.1",
                "an answer without the state that was sent",
            ),
            ("GET /callback?state=s1&code= HTTP/1.1", "an answer without a code"),
            (
                "GET /callback?state=s1&code=c1&code=c2 HTTP/1.1",
                "an answer without a code",
            ),
            ("GET /callback?state=s1 HTTP/1.1", "an answer without a code"),
            ("GET /?state=s1&code=c1 HTTP/1.1", "a request for another page"),
            ("GET /callback/?state=s1&code=c1 HTTP/1.1", "a request for another page"),
            ("GET /favicon.ico HTTP/1.1", "a request for another page"),
            ("POST /callback?state=s1&code=c1 HTTP/1.1", "a request that is no GET"),
            (
                "GET http://evil.test/callback?state=s1&code=c1 HTTP/1.1",
                "a request for no address",
            ),
            ("", "a request that is no GET"),
        ] {
            assert_eq!(told(request), expected, "{request}");
        }
    }
}
