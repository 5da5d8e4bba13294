package import CLIXML

/// What a client asks of its carriage, and a server hears from its own.
///
/// MS-PSRP defines messages and fragments, and leaves how they travel to the layer below: WSMan's operations (MS-PSRP
/// 3.1.5.3) or the elements of out-of-process framing (psrun.docc/OutOfProcess.md). These are the operations that both have.
/// Bytes are whole fragments or a part of one, never empty unless said otherwise.
///
/// A carriage takes requests in order, and answers each but `negotiated` with `CarriageEvent.acknowledged`.
package enum CarriageRequest: Sendable, Hashable {
    /// Opens the pool with its first bytes: the body of WSMan's Create; the pool's first Data.
    case open([UInt8])
    /// Makes a pipeline's name known. The bytes are what creates it where the carriage's Commands carry that, and empty
    /// where they are announced (`CarriageTraits.Commands`).
    case command(PipelineID, [UInt8])
    /// WSMan's Send; a Data element.
    case data(CarriageTarget, CarriageStream, [UInt8])
    /// Stops a pipeline: WSMan's Signal with `powershell/signal/crtl_c`; a Signal element.
    case signal(PipelineID)
    /// Gives a pipeline or the pool up: WSMan's Signal with `signal/Terminate`, and Delete; a Close element.
    case close(CarriageTarget)
    /// The protocol version that both sides speak: from here on a carriage may choose larger fragments, and says so by
    /// `CarriageEvent.largestFragment`. It is the one request that is not sent and has no acknowledgement.
    case negotiated(PSVersionNumber)

    /// The requests that are acknowledged.
    package enum Kind: Sendable, Hashable {
        case open, command, data, signal, close
    }
}
