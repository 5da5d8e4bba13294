/// The code of an f:WSManFault: one of Windows' error numbers.
package struct FaultCode: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A Receive had nothing to say in its time: ask again.
    package static let timedOut = Self(rawValue: 2_150_858_793)
    /// There is no such shell or command.
    package static let unknown = Self(rawValue: 2_150_858_843)
    /// A Receive of this shell or command is waiting already.
    package static let alreadyReceiving = Self(rawValue: 2_150_859_047)
    /// A request with this MessageID is still being worked on.
    package static let stillPending = Self(rawValue: 0x54F)
}
