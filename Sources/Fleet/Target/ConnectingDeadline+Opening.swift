import Connections
import Sessions

extension TransportError {
    /// What the session of a target failed with: the target, the phase, and the transport's words.
    func failure(of target: String, in phase: ConnectionPhase?) -> TargetFailure {
        let place = phase.map { "in phase \($0.name): " } ?? ""
        return TargetFailure(code: code.rawValue, message: "\(target): \(place)\(words(without: target))")
    }
}

extension ConnectingDeadline {
    /// The deadline's last part, which is the session's: once the connection stands, it alone looks at that clock.
    func openingLimit(of target: String, in phase: ConnectionPhase) -> OpeningLimit {
        func failure(in phase: ConnectionPhase) -> TargetFailure {
            self.failure(of: target, in: phase).failure(of: target, in: phase)
        }
        return OpeningLimit(due: due, failure: failure(in: phase), promptFailure: failure(in: .firstPrompt))
    }
}
