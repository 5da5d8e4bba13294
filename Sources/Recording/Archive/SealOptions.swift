/// What a seal does besides: both are asked once, on a thread that may block.
package struct SealOptions: Sendable {
    /// Signs some bytes; answers with the content of their `.sig` file.
    package typealias Signing = @Sendable (_ bytes: [UInt8]) throws(RecordingError) -> [UInt8]
    /// Tells somebody outside of the chain's new head.
    package typealias Witness = @Sendable (_ head: ChainHead, _ run: String) throws(RecordingError) -> Void

    /// nil leaves the manifest unsigned.
    package var sign: Signing?
    package var witness: Witness?

    package init(sign: Signing? = nil, witness: Witness? = nil) {
        self.sign = sign
        self.witness = witness
    }
}
