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
    private var queue = RedactionQueue<RecordedItem>()

    init(mask: SecretMask) {
        self.mask = mask
        redactor = TargetRedactor(mask)
    }

    /// Whether something has waited for long enough.
    func isDue(at now: RunMoment) -> Bool {
        queue.oldest.map { now.elapsed - $0.moment.elapsed >= Self.waitingTime } ?? false
    }

    /// A step's result without secrets.
    mutating func masked(_ result: StepResult) -> StepResult {
        guard !mask.isIdle else { return result }
        redactor.catchUp()
        defer { redactor.share() }
        var result = result
        result.mask { redactor.own.redacted($0) }
        return result
    }

    /// Takes events in, and lets out what may be written down.
    /// - Parameter settles: whether nothing is to wait any longer.
    mutating func pass(_ items: [RecordedItem], settles: Bool) -> [(item: RecordedItem, data: String)] {
        if queue.isEmpty && mask.isIdle { return items.map { ($0, $0.data) } }
        redactor.catchUp()
        defer { redactor.share() }
        var passed: [(item: RecordedItem, data: String)] = []
        for item in items {
            let item = item.masked(by: &redactor.own)
            queue.append(item, item.texts, by: &redactor.own)
        }
        if settles || queue.bytes > Self.waitingBytes { queue.settle(by: &redactor.own) }
        while let (item, texts) = queue.next(by: redactor.own) { passed.append((item, item.data(with: texts))) }
        return passed
    }
}
