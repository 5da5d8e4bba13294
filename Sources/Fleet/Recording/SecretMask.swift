package import Patterns
import Recording
import Redaction
import Synchronization

/// What a run holds as secrets, kept out of everything that is written down: one for all of its targets.
package final class SecretMask: Sendable {
    private let redactor: Mutex<Redactor>
    /// Whether nothing is held so far, and nothing looked for: text needs no look then.
    private let idle: Atomic<Bool>

    /// - Parameter patterns: what `--redact` names.
    package init(patterns: [Pattern] = []) {
        let key = RedactionKey()
        let searches = patterns.map { RedactionSearch($0) as any RedactionPattern }
        redactor = Mutex(Redactor(patterns: searches) { key.tag(for: $0) })
        idle = Atomic(patterns.isEmpty)
    }

    package var isIdle: Bool { idle.load(ordering: .acquiring) }

    /// Holds a secret from now on.
    package func add(_ secret: String) {
        use { $0.hold(secret) }
    }

    /// Holds what a far side says is secret.
    func add(fromFarSide secret: String) {
        use { $0.hold(value: Array(secret.utf8)) }
    }

    /// `text` with each secret in it replaced.
    package func masked(_ text: String) -> String {
        isIdle ? text : use { $0.redacted(text) }
    }

    func use<Result: Sendable>(_ body: (inout Redactor) -> Result) -> Result {
        redactor.withLock { redactor in
            let result = body(&redactor)
            if !redactor.isIdle { idle.store(false, ordering: .releasing) }
            return result
        }
    }

    /// What a user should be told since this was asked last.
    func takeNotices() -> [String] {
        guard !isIdle else { return [] }
        return use { $0.takeNotices() }.map { notice in
            switch notice {
            case .patternTooHard(let index):
                "pattern \(index + 1) of --redact takes too many steps on some lines, so they are redacted as a whole; "
                    + "avoid a repetition inside a repetition, as in (a+)+"
            case .tooManyValues:
                "too many values are held as secrets, so new ones are not held; --redact still replaces what it matches"
            case .shortSecret:
                "a secret of fewer than \(Redactor.shortest) characters is redacted only where it is a whole value or line"
            }
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
