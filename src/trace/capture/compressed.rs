//! Sees through gzip and zstd.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The source without its compression, if it has one.
pub(super) fn open(mut source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let beginning = beginning(&mut source)?;
    let gzip = beginning.starts_with(&GZIP);
    let zstd = beginning.starts_with(&ZSTD);
    let whole = io::Cursor::new(beginning).chain(source);
    Ok(if gzip {
        Box::new(MultiGzDecoder::new(whole))
    } else if zstd {
        Box::new(Zstd {
            state: State::Between(Box::new(whole)),
        })
    } else {
        Box::new(whole)
    })
}

/// Whether a file begins like a compressed one.
pub(super) fn is_compressed(beginning: &[u8]) -> bool {
    beginning.starts_with(&GZIP) || beginning.starts_with(&ZSTD)
}

/// The first four octets, or fewer.
fn beginning(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::with_capacity(4);
    source.take(4).read_to_end(&mut beginning)?;
    Ok(beginning)
}

type Source = Box<dyn Read + Send>;

/// A file of any number of zstd frames, one after the other.
struct Zstd {
    state: State,
}

enum State {
    Between(Source),
    Inside(Box<StreamingDecoder<Source, ruzstd::decoding::FrameDecoder>>),
    Ended,
}

impl Read for Zstd {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(0),
                State::Between(mut source) => {
                    let beginning = beginning(&mut source)?;
                    if beginning.is_empty() {
                        return Ok(0);
                    }
                    let source: Source = Box::new(io::Cursor::new(beginning).chain(source));
                    let decoder = StreamingDecoder::new(source).map_err(io::Error::other)?;
                    self.state = State::Inside(Box::new(decoder));
                }
                State::Inside(mut decoder) => {
                    let count = decoder.read(into)?;
                    if count > 0 || into.is_empty() {
                        self.state = State::Inside(decoder);
                        return Ok(count);
                    }
                    self.state = State::Between(decoder.into_inner());
                }
            }
        }
    }
}
