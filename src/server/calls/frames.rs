/// The length of the prefix of a gRPC message: a flag, and the length of what follows.
const PREFIX: usize = 5;

/// Counts the messages and bytes of one direction of a call as they pass, whatever pieces they come in.
#[derive(Debug, Default)]
pub(super) struct Frames {
    prefix: [u8; PREFIX],
    /// How much of a prefix has been seen.
    filled: usize,
    /// What is left of the current message.
    left: usize,
    /// Messages that have begun.
    pub messages: u64,
    /// Bytes, prefixes included, as they are sent: compressed, where they are.
    pub bytes: u64,
}

impl Frames {
    /// Counts what passes next.
    pub(super) fn add(&mut self, mut data: &[u8]) {
        self.bytes += data.len() as u64;
        while !data.is_empty() {
            let skipped = self.left.min(data.len());
            self.left -= skipped;
            data = &data[skipped..];
            let read = (PREFIX - self.filled).min(data.len());
            self.prefix[self.filled..][..read].copy_from_slice(&data[..read]);
            self.filled += read;
            data = &data[read..];
            if self.filled == PREFIX {
                let [_, length @ ..] = self.prefix;
                self.left = u32::from_be_bytes(length) as usize;
                self.filled = 0;
                self.messages += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Frames;

    #[test]
    fn messages_are_counted_in_whatever_pieces_they_come() {
        let mut bytes = Vec::new();
        for length in [0u32, 3, 300, 1] {
            bytes.push(0);
            bytes.extend(length.to_be_bytes());
            bytes.extend(vec![7; length as usize]);
        }
        for piece in 1..=bytes.len() {
            let mut frames = Frames::default();
            bytes.chunks(piece).for_each(|piece| frames.add(piece));
            assert_eq!((frames.messages, frames.bytes), (4, 324), "{piece}");
        }
    }
}
