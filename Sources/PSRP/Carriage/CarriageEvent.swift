/// What a client hears from its carriage, and a server asks of its own.
package enum CarriageEvent: Sendable, Hashable {
    /// A slice of the target's stream of fragments, never empty.
    case data(CarriageTarget, [UInt8])
    /// The far side has taken a request: the answer to an operation of WSMan's; an ack of out-of-process framing. Data
    /// that answers the request may come before it or after it.
    case acknowledged(CarriageRequest.Kind, CarriageTarget)
    /// Nothing more comes for this target. A pipeline has told its state by then, or is lost. WSMan says it of commands
    /// (CommandState Done) and, by a fault, of a shell that is gone; out-of-process framing says it of the stream alone.
    case ended(CarriageTarget)
    /// The most bytes of one fragment from here on, header included.
    case largestFragment(Int)
    /// A line before the first element that is not PSRP, its end cut off: a login shell's welcome text.
    case noise(String)
    /// What a program on the far side wrote into the stream, past the session: a line, its end cut off, or what stood before
    /// an element.
    case foreign(String)
    /// The carriage cannot go on, and this is its last event.
    case broken(PSRPError)
}
