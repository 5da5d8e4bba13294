import Recording

/// Why shards are not put together; nothing was written.
package struct MergeRefusal: Error, Sendable, Hashable {
    /// A message a user can act on.
    package let message: String

    init(_ message: String) {
        self.message = message
    }

    /// A shard that cannot be read, or is not what was sealed.
    init(_ error: RecordingError) {
        message = error.message
    }
}
