package import Patterns
import Recording
import Redaction
import Synchronization

/// What a run holds as secrets, kept out of everything that is written down: one for all of its targets.
///
/// What a target's session says is redacted by the target's own `TargetRedactor`: a large value of one target holds up no
/// other. The mask is where they learn from each other; its own redactor serves messages and names.
package final class SecretMask: Sendable {
    private struct Shared {
        var redactor: Redactor
        /// What is held, in the order in which it was learnt.
        var learnt: [[UInt8]] = []
        /// What users were told, so that each thing is told once.
        var told: Set<RedactionNotice> = []
        var notices: [RedactionNotice] = []
    }

    private let patterns: [Pattern]
    private let key: RedactionKey
    private let shared: Mutex<Shared>
    private let learntCount = Atomic(0)
    /// Whether nothing is held so far, and nothing looked for: text needs no look then.
    private let idle: Atomic<Bool>
    private let hasNotices = Atomic(false)

    /// - Parameter patterns: what `--redact` names.
    package init(patterns: [Pattern] = []) {
        let key = RedactionKey()
        self.patterns = patterns
        self.key = key
        shared = Mutex(Shared(redactor: Self.redactor(patterns, HeldSecrets(), key)))
        idle = Atomic(patterns.isEmpty)
    }

    package var isIdle: Bool { idle.load(ordering: .acquiring) }

    /// Whether any secret is held: patterns alone are not one.
    package var holdsSecrets: Bool { learntCount.load(ordering: .acquiring) > 0 }

    /// Holds a secret from now on.
    package func add(_ secret: String) {
        use { $0.hold(secret) }
    }

    /// `text` with each secret in it replaced.
    package func masked(_ text: String) -> String {
        isIdle ? text : use { $0.redacted(text) }
    }

    private func use<Result: Sendable>(_ body: (inout Redactor) -> Result) -> Result {
        shared.withLock { shared in
            let result = body(&shared.redactor)
            settle(&shared)
            return result
        }
    }

    /// Notes what the shared redactor has learnt.
    private func settle(_ shared: inout Shared) {
        shared.learnt += shared.redactor.takeNewlyHeld()
        note(shared.redactor.takeNotices(), in: &shared)
        learntCount.store(shared.learnt.count, ordering: .releasing)
        if !shared.redactor.isIdle { idle.store(false, ordering: .releasing) }
    }

    private func note(_ notices: [RedactionNotice], in shared: inout Shared) {
        for notice in notices where shared.told.insert(notice).inserted { shared.notices.append(notice) }
        if !shared.notices.isEmpty { hasNotices.store(true, ordering: .releasing) }
    }

    /// What a user should be told since this was asked last.
    func takeNotices() -> [String] {
        guard hasNotices.exchange(false, ordering: .acquiringAndReleasing) else { return [] }
        let notices = shared.withLock { shared in
            defer { shared.notices = [] }
            return shared.notices
        }
        return notices.map { notice in
            switch notice {
            case .patternTooHard(let index):
                "pattern \(index + 1) of --redact takes too many steps on some lines, which are redacted whole; "
                    + "avoid a repetition inside a repetition, as in (a+)+"
            case .tooManyValues:
                "so many values are held as secrets that no more are; --redact goes on replacing what it matches"
            case .shortSecret:
                "a secret of fewer than \(Redactor.shortest) characters is redacted only where it is a whole value or line"
            }
        }
    }
}

// MARK: For the targets' redactors

extension SecretMask {
    /// A redactor that begins with all that is held, and how much that is. It has matchers of its own: each is used by one
    /// thread at a time.
    func makeRedactor() -> (redactor: Redactor, learnt: Int) {
        let (held, count) = shared.withLock { ($0.redactor.held, $0.learnt.count) }
        return (Self.redactor(patterns, held, key), count)
    }

    private static func redactor(_ patterns: [Pattern], _ held: HeldSecrets, _ key: RedactionKey) -> Redactor {
        Redactor(patterns: patterns.map { RedactionSearch($0) }, holding: held) { key.tag(for: $0) }
    }

    /// What was learnt behind the first `count`.
    func learnt(after count: Int) -> ArraySlice<[UInt8]> {
        guard learntCount.load(ordering: .acquiring) > count else { return [] }
        return shared.withLock { $0.learnt[count...] }
    }

    /// What the run has taken over from one target, which holds the rest for itself.
    struct Share {
        var values = 0
        var bytes = 0
    }

    /// Takes over what a target's redactor has learnt, and what users should be told of it. A target gets half of what the run
    /// has left at most: one that calls very much secret leaves room for the others' secrets.
    func learn(_ values: [[UInt8]], _ notices: [RedactionNotice], _ share: inout Share) {
        guard !values.isEmpty || !notices.isEmpty else { return }
        share = shared.withLock { [share] shared in
            var share = share
            for value in values {
                let before = shared.redactor.room
                var limit = before
                limit.values = (before.values + share.values) / 2 - share.values
                limit.bytes = (before.bytes + share.bytes) / 2 - share.bytes
                shared.redactor.hold(value: value, within: limit)
                share.values += before.values - shared.redactor.room.values
                share.bytes += before.bytes - shared.redactor.room.bytes
            }
            settle(&shared)
            note(notices, in: &shared)
            return share
        }
    }
}

/// A compiled pattern as the redactor uses it.
private struct RedactionSearch: RedactionPattern {
    private let matcher: PatternMatcher

    init(_ pattern: Pattern) {
        matcher = PatternMatcher(pattern)
    }

    func search(_ text: [UInt8], from offset: Int, isEnd: Bool) throws(RedactionPatternError) -> RedactionFinding {
        do throws(PatternError) {
            if isEnd { return try matcher.firstMatch(in: text, from: offset).map { .match($0) } ?? .nothing }
            switch try matcher.partialMatch(in: text, from: offset) {
            case .nothing: return .nothing
            case .match(let range): return .match(range)
            case .undecided(let start): return .undecided(from: start)
            }
        } catch {
            throw RedactionPatternError()
        }
    }
}
