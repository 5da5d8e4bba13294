import Redaction

/// One target's redactor: it looks for all that the run holds, and while it reads nobody else waits.
struct TargetRedactor {
    private let mask: SecretMask
    /// To be used between `catchUp` and `share`.
    var own: Redactor
    /// How much of what the mask has learnt is known here.
    private var known: Int
    /// What the run has taken over from here.
    private var shared = SecretMask.Share()

    init(_ mask: SecretMask) {
        self.mask = mask
        (own, known) = mask.makeRedactor()
    }

    /// Takes over what the run has learnt.
    mutating func catchUp() {
        let learnt = mask.learnt(after: known)
        guard !learnt.isEmpty else { return }
        for value in learnt { own.hold(learnt: value) }
        known += learnt.count
        _ = own.takeNewlyHeld()
    }

    /// Passes on what was learnt here.
    mutating func share() {
        mask.learn(own.takeNewlyHeld(), own.takeNotices(), &shared)
    }
}
