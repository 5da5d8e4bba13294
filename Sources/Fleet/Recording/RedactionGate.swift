import Redaction
import Sessions

/// Where the events of one target's session wait until it is known what in them is to be replaced: they leave in the order
/// in which they came.
struct RedactionGate {
    /// More is not kept waiting.
    private static let waitingBytes = 1 << 20
    /// Nor for longer: a prompt that waits for an answer should be on disk, and visible to anyone who follows the run.
    private static let waitingTime = Duration.milliseconds(200)

    private let mask: SecretMask
    private var redactor: TargetRedactor
    /// Those that wait, and their texts.
    private var waiting: [RecordedItem] = []
    private var queue = RedactionQueue()

    init(mask: SecretMask) {
        self.mask = mask
        redactor = TargetRedactor(mask)
    }

    /// Whether something has waited for long enough.
    func isDue(at now: RunMoment) -> Bool {
        waiting.first.map { now.elapsed - $0.moment.elapsed >= Self.waitingTime } ?? false
    }

    /// Holds what the target's far side says is secret.
    mutating func hold(fromFarSide secret: String) {
        redactor.catchUp()
        defer { redactor.share() }
        redactor.own.hold(value: Array(secret.utf8))
    }

    /// Whether there is nothing to look for: the run may have had no room for what is secret here.
    private var isIdle: Bool { mask.isIdle && redactor.own.isIdle }

    /// A step's result without secrets.
    mutating func masked(_ result: StepResult) -> StepResult {
        guard !isIdle else { return result }
        var result = result
        redact { redactor in result.mask { redactor.redacted($0) } }
        return result
    }

    /// A session's result without secrets.
    mutating func masked(_ result: TargetResult) -> TargetResult {
        guard !isIdle else { return result }
        var result = result
        redact { redactor in result.mask { redactor.redacted($0) } }
        return result
    }

    /// A text without secrets.
    mutating func masked(_ text: String) -> String {
        guard !isIdle else { return text }
        var text = text
        redact { text = $0.redacted(text) }
        return text
    }

    private mutating func redact(_ body: (inout Redactor) -> Void) {
        redactor.catchUp()
        defer { redactor.share() }
        body(&redactor.own)
    }

    /// Takes events in, and lets out what may be written down.
    /// - Parameter settles: whether nothing is to wait any longer.
    mutating func pass(_ items: [RecordedItem], settles: Bool) -> [(item: RecordedItem, data: String)] {
        if queue.isEmpty && isIdle { return items.map { ($0, $0.data) } }
        redactor.catchUp()
        defer { redactor.share() }
        var passed: [(item: RecordedItem, data: String)] = []
        for item in items {
            let item = item.masked(by: &redactor.own)
            waiting.append(item)
            queue.append(item.texts, by: &redactor.own)
        }
        if settles || queue.bytes > Self.waitingBytes { queue.settle(by: &redactor.own) }
        while let texts = queue.next(by: redactor.own) {
            let item = waiting[passed.count]
            passed.append((item, item.data(with: texts)))
        }
        waiting.removeFirst(passed.count)
        return passed
    }
}
