/// Bounds on what a decoder takes from a far side.
package struct CLIXMLLimits: Sendable {
    /// The most that `depth` can be: what decodes, compares and ends within the stack of a thread of 512 KiB.
    package static let greatestDepth = 64

    /// Bytes of one document; also of all that its references repeat.
    package var documentBytes: Int
    /// Objects within objects, those that a `Ref` repeats included; never above `greatestDepth`.
    package var depth: Int {
        didSet { depth = min(depth, Self.greatestDepth) }
    }
    /// Values in one document, each repetition by `Ref` counted with all that is in it.
    package var values: Int
    /// Bytes of one secure string: a SecureString holds 65,536 characters of UTF-16 at most (its MaxLength), which AES pads
    /// to a block more.
    package var secureStringBytes = 2 * 65_536 + 16

    package init(documentBytes: Int = 64 << 20, depth: Int = greatestDepth, values: Int = 4_000_000) {
        self.documentBytes = documentBytes
        self.depth = min(depth, Self.greatestDepth)
        self.values = values
    }

    package static let standard = CLIXMLLimits()
}
