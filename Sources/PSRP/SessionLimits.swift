package import CLIXML

/// Bounds on what a session takes from its far side.
package struct SessionLimits: Sendable {
    /// Bytes of one message, all fragments together; also of all that are begun and not whole in one stream.
    package var messageBytes = 64 << 20
    /// Bytes of a server's session that its client has sent too early, in all streams together: of messages that are not
    /// whole, or that came before the pool was open.
    package var unusedBytes = 96 << 20
    /// Messages that are begun and not whole.
    package var openMessages = 64
    /// Pipelines that a client has open on a server.
    package var openPipelines = 256
    /// Host calls of one pipeline that want an answer and have not got it: a real server makes one at a time.
    package var openHostCalls = 64
    /// Bytes of one line of out-of-process framing; a whole fragment takes 43,761.
    package var lineBytes = 1 << 20
    /// Bytes before the first element that are not PSRP.
    package var noiseBytes = 64 << 10
    package var clixml = CLIXMLLimits.standard

    package init() {}

    /// A server's: of what a client sends and nobody uses yet, little memory is taken. PowerShell's servers take no object
    /// of 10 MiB.
    package static let ofServer = {
        var limits = SessionLimits()
        limits.messageBytes = 12 << 20
        limits.unusedBytes = 16 << 20
        return limits
    }()

    /// A client's: each message is decoded in one go, and while that goes on no clock is looked at; 24 MiB take less than
    /// 100 ms.
    package static let ofClient = {
        var limits = SessionLimits()
        limits.messageBytes = 24 << 20
        return limits
    }()
}
