//! A keep-alive HTTP/1.1 connection that does no more than the harness needs: it shares the machine with the server.

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const LONGEST: usize = 4 * 1024 * 1024;

pub(crate) struct Connection {
    address: String,
    stream: Option<TcpStream>,
    incoming: Vec<u8>,
}

pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    /// Status line and headers.
    head: &'a [u8],
    pub(crate) body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// The values of a header, which may come several times.
    pub(crate) fn headers(&self, name: &'static str) -> impl Iterator<Item = &'a str> {
        let head = std::str::from_utf8(self.head).unwrap_or_default();
        let pairs = head.split("\r\n").filter_map(|line| line.split_once(':'));
        pairs.filter(move |(had, _)| had.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub(crate) fn header(&self, name: &'static str) -> Option<&'a str> {
        self.headers(name).next()
    }
}

impl Connection {
    pub(crate) fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None, incoming: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a whole request and reads the whole answer. A server that closes gets a new connection next time.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(&self.address).await?,
        };
        stream.write_all(request).await?;
        self.incoming.clear();
        let head = loop {
            if let Some(head) = Head::read(&self.incoming)? {
                break head;
            }
            more(&mut stream, &mut self.incoming).await?;
        };
        let end = head.length + head.body.unwrap_or(usize::MAX);
        while self.incoming.len() < end {
            if let Err(error) = more(&mut stream, &mut self.incoming).await {
                if head.body.is_none() {
                    break; // its length is told by the connection's end
                }
                return Err(error);
            }
        }
        if !head.closes {
            self.stream = Some(stream);
        }
        let (head_bytes, body) = self.incoming.split_at_checked(head.length).unwrap_or_default();
        Ok(Answer { status: head.status, head: head_bytes, body })
    }
}

async fn connect(address: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await.with_context(|| format!("nothing listens on {address}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn more(stream: &mut TcpStream, incoming: &mut Vec<u8>) -> Result<()> {
    if incoming.len() > LONGEST {
        bail!("the answer is longer than {LONGEST} bytes");
    }
    match stream.read_buf(incoming).await? {
        0 => bail!("the server closed the connection in the middle of an answer"),
        _ => Ok(()),
    }
}

struct Head {
    status: u16,
    /// With the empty line.
    length: usize,
    body: Option<usize>,
    closes: bool,
}

impl Head {
    fn read(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(bytes.get(..at).unwrap_or_default()).context("a head that is not text")?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status line")?.parse()?;
        let mut head = Self { status, length: at + 4, body: None, closes: false };
        for line in lines {
            let (name, value) = line.split_once(':').context("a broken header")?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                head.body = Some(value.parse()?);
            } else if name.eq_ignore_ascii_case("connection") {
                head.closes = value.eq_ignore_ascii_case("close");
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                bail!("an answer in chunks, which this client does not read");
            }
        }
        if head.body.is_none() && !head.closes {
            bail!("an answer of unknown length");
        }
        Ok(Some(head))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Head};

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        let text = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 12\r\nconnection: close\r\n\r\n{\"a\":";
        assert!(Head::read(&text[..40]).unwrap().is_none());
        let head = Head::read(text).unwrap().unwrap();
        assert_eq!((head.status, head.body, head.closes, head.length), (400, Some(12), true, text.len() - 5));
        assert!(Head::read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn a_header_may_come_several_times() {
        let head = b"HTTP/1.1 302 Found\r\nLocation: /login?a=b:c\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n";
        let answer = Answer { status: 302, head, body: b"" };
        assert_eq!(answer.header("location"), Some("/login?a=b:c"));
        assert_eq!(answer.headers("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert_eq!(answer.header("content-length"), None);
    }
}
