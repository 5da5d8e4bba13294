package import PSRP
package import WSManEnvelope

/// Names an exchange within one carriage.
package struct ExchangeID: Sendable, Hashable {
    package let number: Int

    package init(_ number: Int) {
        self.number = number
    }
}

/// Which connection an exchange travels on. A connection carries one exchange at a time.
package enum Lane: Sendable, Hashable {
    /// Everything but Receive, one exchange after the other.
    case control
    /// A Receive, which may wait as long as its target has nothing to say. Any connection that is free will do.
    case receive(CarriageTarget)
}

/// One request that is to be posted, and answered.
package struct Exchange: Sendable, Hashable {
    package let id: ExchangeID
    package let lane: Lane
    package let operation: WSManOperation
    /// The request's body, `application/soap+xml;charset=UTF-8`. It is the same byte for byte where it is sent again.
    package let envelope: [UInt8]
    /// Seconds to wait before it is sent.
    package let delay: Double
    /// Seconds from its first byte within which the whole answer must have come (`exchangeExpired`).
    package let answerWithin: Double
    /// Whether a second time does what the first one did once more.
    package var runs: Bool {
        switch operation {
        case .create, .command, .send: true
        default: false
        }
    }

    /// Whether it may be sent again though bytes of it have left: Receive alone.
    package var isRepeatable: Bool {
        if case .receive = operation { true } else { false }
    }
}

/// What a carriage wants done.
package enum WSManAction: Sendable, Hashable {
    /// Posts a request; `heard` or `exchangeExpired` follows.
    case exchange(Exchange)
    /// Nobody waits for this answer any more: the connection it was to come on is closed. Nothing more is told of it.
    case abandon(ExchangeID)
    /// The answer of an exchange that is under way is waited for so many seconds from now, and no longer.
    case bound(ExchangeID, within: Double)
}

/// How an exchange ended.
package enum ExchangeOutcome: Sendable, Hashable {
    /// The answer, opened where it was sealed.
    /// - Parameter contentType: of what was sealed, or of the answer itself.
    case answered(status: Int, contentType: String, body: [UInt8])
    /// Not one byte of it was given to the system; why, for a person.
    case notSent(String)
    /// Bytes of it may have left, and no whole answer came; why, for a person.
    case unknownWhetherSent(String)
    /// The answer is larger than this side takes; what, for a person. A second one would be as well.
    case tooLarge(String)
}

/// What came of something that a carriage heard or was told.
package struct WSManProgress: Sendable, Hashable {
    /// For the session, in order.
    package var events: [CarriageEvent] = []
    /// What a session has no event for.
    package var notices: [WSManNotice] = []
    /// To be done in order, all at once.
    package var actions: [WSManAction] = []

    package init() {}
}

/// Answers to what only a carriage is asked, and not a session.
package enum WSManNotice: Sendable, Hashable {
    /// The shell has no client now, and goes on.
    case disconnected
    case reconnected
    case identified(WSManIdentity)
    case shells([ShellDescription], isWhole: Bool)
    case commands([CommandDescription], isWhole: Bool)
    /// The question was refused; the session is as it was.
    case refused(WSManError)
}
