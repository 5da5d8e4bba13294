/// Which step is under way while an entry is read: marker and sent text, still escaped, for as long as a line of the
/// console may come to ask for them.
struct SessionSteps {
    private var bytes: [UInt8] = []
    private var steps: [(marker: Range<Int>, input: Range<Int>)] = []
    private(set) var isUnderWay = false

    /// The step under way; nil where there is none.
    var current: Int? { isUnderWay ? steps.count - 1 : nil }

    /// - Parameter isForgetting: whether nobody will ask for the steps before.
    mutating func begin(_ marker: UnsafeRawBufferPointer, isForgetting: Bool) {
        if isForgetting {
            bytes.removeAll(keepingCapacity: true)
            steps.removeAll(keepingCapacity: true)
        }
        let start = bytes.count
        bytes.append(contentsOf: marker)
        steps.append((start..<bytes.count, bytes.count..<bytes.count))
        isUnderWay = true
    }

    mutating func take(input: UnsafeRawBufferPointer) {
        guard isUnderWay, let last = steps.indices.last else { return }
        bytes.append(contentsOf: input)
        steps[last].input = steps[last].input.lowerBound..<bytes.count
    }

    mutating func end() {
        isUnderWay = false
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        isUnderWay = false
    }

    /// `line 3`, and the text that was sent, if any.
    func names(of step: Int) -> (marker: String, input: String?) {
        let (marker, input) = steps[step]
        return (unescaped(marker), input.isEmpty ? nil : unescaped(input))
    }

    private func unescaped(_ range: Range<Int>) -> String {
        var text: [UInt8] = []
        bytes.withUnsafeBytes { raw in
            JSONText(escaped: UnsafeRawBufferPointer(rebasing: raw[range])).append(to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
