import CLIXML

/// Cuts a byte stream into lines, and lines into elements.
///
/// A client's differs from a server's: it skips what comes before the first element, up to a limit (a welcome text from
/// a login shell, which the real client dies of), tells apart what a program writes between two elements, up to the same
/// limit (the real client dies of that too), and knows the far side's error lines. Where `isForgiving` is set, what is not
/// an element is dropped: a pool that has closed in order says more (psrun.docc/OutOfProcess.md).
package struct OutOfProcessDecoder: Sendable {
    package enum Side: Sendable, Hashable {
        /// Reads what a server writes.
        case client
        /// Reads what a client writes.
        case server
    }

    package enum Item: Sendable, Hashable {
        case element(OutOfProcessElement)
        /// A line before the first element; its end is cut off.
        case noise(String)
        /// A program's text, whole lines or what stands before an element; a line's end is cut off.
        case foreign(String)
    }

    private let side: Side
    private let lineLimit: Int
    private let noiseLimit: Int
    private var noiseLeft: Int
    private var hasSeenElement = false
    /// An element that text stood before, once that text was given out.
    private var parted: OutOfProcessElement?
    private var isFirstLine = true
    private var held: [UInt8] = []
    /// Where in `held` the next line begins, and how far it has been looked through for its end.
    private var start = 0
    private var searched = 0

    package var isForgiving = false

    package init(side: Side, limits: SessionLimits) {
        self.side = side
        lineLimit = limits.lineBytes
        noiseLimit = limits.noiseBytes
        noiseLeft = limits.noiseBytes
    }

    /// A last line without its end that is not a piece of an element: what a program said before it gave up.
    package mutating func takeNoiseWithoutEnd() -> Item? {
        guard start < held.count, !isForgiving else { return nil }
        let line = held[start...]
        guard hasSeenElement else {
            start = held.count
            return .noise(excerpt(line))
        }
        guard line.first != UInt8(ascii: "<"), Self.errorText(of: line) == nil, ForeignText.isAll(line) else {
            return nil
        }
        start = held.count
        return .foreign(excerpt(line))
    }

    /// Takes bytes, cut anywhere.
    package mutating func receive(_ bytes: [UInt8]) {
        if start == held.count {
            held = bytes
            start = 0
            searched = 0
        } else {
            held.removeFirst(start)
            searched -= start
            start = 0
            held += bytes
        }
    }

    /// The next element, or what is not one; nil when more bytes are needed.
    /// - Throws: `.malformedElement`, `.farSide` for an error line, `.noise` and `.limit`.
    package mutating func next() throws(PSRPError) -> Item? {
        if let element = parted.take() {
            if !hasSeenElement { begin() }
            return .element(element)
        }
        while let line = try nextLine() {
            if let item = try item(of: line) { return item }
        }
        return nil
    }

    private mutating func nextLine() throws(PSRPError) -> ArraySlice<UInt8>? {
        guard let end = held[searched...].place(of: UInt8(ascii: "\n")) else {
            searched = held.count
            guard held.count - start <= lineLimit else { throw tooLong() }
            return nil
        }
        var line = held[start..<end]
        start = end + 1
        searched = start
        guard line.count <= lineLimit else { throw tooLong() }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: Self.byteOrderMark) { line = line.dropFirst(Self.byteOrderMark.count) }
        }
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return line
    }

    private mutating func item(of line: ArraySlice<UInt8>) throws(PSRPError) -> Item? {
        if line.first != UInt8(ascii: "<") {
            if isForgiving { return nil }
            if side == .client, let error = Self.errorText(of: line) {
                throw PSRPError(.farSide, "The far side reports an error: \(error)")
            }
        }
        let element: OutOfProcessElement
        do throws(PSRPError) {
            element = try ElementParser.parse(line)
        } catch {
            if isForgiving { return nil }
            if side == .client { return try text(in: line, not: error) }
            throw error
        }
        if !hasSeenElement { begin() }
        return .element(element)
    }

    /// What is text of a line that is not an element.
    private mutating func text(in line: ArraySlice<UInt8>, not error: PSRPError) throws(PSRPError) -> Item {
        let parts = ForeignText.part(line)
        let text = parts?.text ?? line
        if hasSeenElement, ElementParser.namesElement(text) { throw error }
        noiseLeft -= text.count + 1
        guard noiseLeft >= 0 else { throw tooMuch(text) }
        if hasSeenElement, !ForeignText.isAll(text) { throw error }
        parted = parts?.element
        let words = String(decoding: text, as: UTF8.self)
        return hasSeenElement ? .foreign(words) : .noise(words)
    }

    /// The first element is here: what is text from now on has a limit of its own.
    private mutating func begin() {
        hasSeenElement = true
        noiseLeft = noiseLimit
    }

    private func tooMuch(_ text: ArraySlice<UInt8>) -> PSRPError {
        let place =
            hasSeenElement
            ? "into the session's stream that is not PSRP" : "that is not PSRP before its first element"
        return PSRPError(.noise, "The far side wrote too much \(place); the last of it: \(excerpt(text))")
    }

    private func tooLong() -> PSRPError {
        if side == .client, !hasSeenElement {
            return PSRPError(.noise, "The far side wrote a line of more than \(lineLimit) bytes that is not PSRP.")
        }
        return PSRPError(.limit, "A line of more than \(lineLimit) bytes was received.")
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What a far side says in a line of its own (server/garbage-text), without the stack trace that may follow.
    private static func errorText(of line: ArraySlice<UInt8>) -> String? {
        for prefix in OutOfProcessErrorLine.leads where line.starts(with: prefix.utf8) {
            let text = line.dropFirst(prefix.utf8.count)
            let trace = Array("   at ".utf8)
            let end = text.indices.first { text[$0...].starts(with: trace) } ?? text.endIndex
            return excerpt(text[..<end])
        }
        return nil
    }
}
