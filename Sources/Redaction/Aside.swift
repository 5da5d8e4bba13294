/// The part of a text, from an escape on, that is passed by because reading it aside as well would change nothing: from its
/// end on, the readings aside would stand where the reading of the text as it is stands.
struct Aside {
    /// An escape that comes to no such end so soon is read.
    fileprivate static let longest = 96
    /// So many bytes that are read alike must follow an escape: more than `SecretScanner` asks for.
    fileprivate static let settledCount = 8

    private var range: Range<Int>
    /// The forms that are certainly still read aside, where one begins before this.
    private var forms: UInt16 = 0
    private var certain: Int

    init(at index: Int) {
        range = index..<index
        certain = index
    }

    /// Where to read from, for `index` to be read: what begins before its end begins with its escape.
    func start(of index: Int) -> Int { index < range.upperBound ? range.lowerBound : index }

    /// Goes on with an escape that begins at `index`.
    /// - Parameter passage: as it stands before that.
    /// - Returns: false where it must be read: a reading aside may not be shallow on its way, or its end is not known.
    @inline(never)
    mutating func goOn(_ text: UnsafeBufferPointer<UInt8>, from index: Int, _ passage: Passage) -> Bool {
        let beginnings = EscapedForm.beginnings
        let begun = beginnings[Int(text[index])]
        if index < certain, begun & ~forms == 0 { return true }
        range = start(of: index)..<max(index, range.upperBound)
        (forms, certain) = (begun, .max)
        for form in EscapedForm.allCases where begun & form.bit != 0 {
            var reading = AsideReading(passage, form, from: index)
            guard let end = reading.end(in: text, beginnings) else { return false }
            range = range.lowerBound..<max(end, range.upperBound)
            certain = min(certain, reading.certain)
        }
        return true
    }
}

/// A reading in one escaped form that passes by what it reads.
private struct AsideReading {
    private var passage: Passage
    private let form: EscapedForm
    private let start: Int
    /// Before this it has certainly not come to its end.
    private(set) var certain: Int
    private var isDifferent = false

    init(_ passage: Passage, _ form: EscapedForm, from start: Int) {
        self.passage = passage
        self.form = form
        self.start = start
        certain = start + 1
    }

    /// Reads to where it stands as the other one does; nil where it may not be shallow on its way, or does not come there
    /// soon.
    mutating func end(in text: UnsafeBufferPointer<UInt8>, _ beginnings: [UInt16]) -> Int? {
        var pending: [UInt8] = []
        // Behind this, both read alike.
        var alike = start
        var pendingStart = start
        for index in start..<min(text.count, start + Aside.longest) {
            let byte = text[index]
            if pending.isEmpty {
                guard beginnings[Int(byte)] & form.bit != 0 else {
                    guard passage.pass(byte) else { return nil }
                    let count = index + 1 - alike
                    if count % Aside.settledCount == 0, Lookback.start(of: alike..<index + 1, in: text) > alike {
                        return index + 1
                    }
                    continue
                }
            } else if form.passesOver(byte, behind: pending) {
                continue
            }
            if pending.isEmpty { pendingStart = index }
            pending.append(byte)
            switch form.verdict(on: pending) {
            case .more: continue
            case .decoded(let bytes):
                for byte in bytes where !passage.pass(byte) { return nil }
                isDifferent = true
                if pendingStart < certain { certain = index + 1 + SecretScanner.settledCount }
            case .literal:
                // An escape may begin within.
                for byte in pending.dropFirst() where beginnings[Int(byte)] & form.bit != 0 { return nil }
                for byte in pending where !passage.pass(byte) { return nil }
                guard isDifferent else { return index + 1 }
            }
            pending.removeAll(keepingCapacity: true)
            alike = index + 1
        }
        return nil
    }
}
