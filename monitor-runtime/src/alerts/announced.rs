//! The body of a POST, which says when it leaves.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::sending::Sending;

/// A text, in one piece.
pub(super) struct Announced {
    text: Option<Bytes>,
    sending: Option<Sending>,
}

impl Announced {
    pub(super) fn new(text: String, sending: Option<Sending>) -> Self {
        Self {
            text: Some(text.into()),
            sending,
        }
    }
}

impl Body for Announced {
    type Data = Bytes;
    type Error = Infallible;

    /// Asked for when there is a connection to write it to.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let text = self.text.take();
        if let (Some(_), Some(sending)) = (&text, &self.sending) {
            sending.begins();
        }
        Poll::Ready(text.map(|text| Ok(Frame::data(text))))
    }

    fn is_end_stream(&self) -> bool {
        self.text.is_none()
    }

    /// So that it is sent with its length and not in chunks.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.text.as_ref().map_or(0, |text| text.len() as u64))
    }
}
