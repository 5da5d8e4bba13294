/// What came of bytes that were fed to a `TLSEngine`.
package struct TLSProgress: Sendable, Hashable {
    /// For the other side, in this order and before anything else.
    package var toSend: [UInt8] = []
    /// What the other side said.
    package var plaintext: [UInt8] = []
    /// Whether the handshake is done: both sides may speak.
    package var isOpen = false
    /// Whether the other side said that nothing more comes (close_notify).
    package var isClosed = false
}
