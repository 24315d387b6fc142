//! The part of a text that is in memory: what has been read and not yet been understood.

use super::text::Text;
use crate::error::Error;

/// A line or record longer than this is no line but a file without line ends, or an open quote.
pub(crate) const LONGEST: usize = 1 << 20;

pub(crate) struct Window<'w> {
    pub(crate) text: Text<'w>,
    buffer: Vec<u8>,
    at: usize,
}

impl<'w> Window<'w> {
    pub(crate) fn new(text: Text<'w>) -> Self {
        Self { text, buffer: Vec::new(), at: 0 }
    }

    pub(crate) fn unread(&self) -> &[u8] {
        &self.buffer[self.at..]
    }

    pub(crate) fn advance(&mut self, count: usize) {
        self.at = (self.at + count).min(self.buffer.len());
    }

    /// Goes back over bytes just passed; good until the next [`Window::more`].
    pub(crate) fn retreat(&mut self, count: usize) {
        self.at -= count.min(self.at);
    }

    /// The `count` bytes just passed.
    pub(crate) fn passed(&self, count: usize) -> &[u8] {
        &self.buffer[self.at - count.min(self.at)..self.at]
    }

    /// Reads on, forgetting what was passed; `false` if there is no more. A line costs at most [`LONGEST`] plus a step.
    pub(crate) fn more(&mut self) -> Result<bool, Error> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let before = self.buffer.len();
        while self.text.fill(&mut self.buffer)? {
            if self.buffer.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads on until there are `count` bytes unread, or all there are.
    pub(crate) fn at_least(&mut self, count: usize) -> Result<&[u8], Error> {
        while self.unread().len() < count && self.more()? {}
        Ok(self.unread())
    }
}
