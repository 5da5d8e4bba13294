package import RecordingFormat

/// What a seal does besides, and how long it waits for others: who signs and who is told is asked once, on a thread that
/// may block.
package struct SealOptions: Sendable {
    /// Signs some bytes within so many milliseconds; answers with the content of their `.sig` file.
    package typealias Signing = @Sendable (_ bytes: [UInt8], _ patience: Int) throws(RecordingError) -> [UInt8]
    /// Tells somebody outside of the chain's new head, within so many milliseconds.
    package typealias Witness =
        @Sendable (_ head: ChainHead, _ run: String, _ patience: Int) throws(RecordingError) -> Void

    /// nil leaves the manifest unsigned.
    package var sign: Signing?
    package var witness: Witness?
    /// When nobody is waited for any longer: an agent that signs, another psrun that holds the chain's lock. nil leaves each
    /// wait its own bound.
    package var end: ContinuousClock.Instant?

    package init(sign: Signing? = nil, witness: Witness? = nil) {
        self.sign = sign
        self.witness = witness
    }

    /// How long somebody may be waited for from now on, in milliseconds.
    package func patience(_ bound: RecordingBound) -> Int {
        guard let end else { return bound.bytes }
        return max(0, min(bound.bytes, Int((end - .now) / .milliseconds(1))))
    }
}
