import Glibc

/// How long a file is waited for that is not a regular one: a FIFO whose writer may never come, a device, a terminal.
package struct ReadingPatience: Sendable {
    /// Which clock, as a user knows it; nil for the one on silence.
    private let name: String?
    private let limit: Duration
    private let end: ContinuousClock.Instant

    /// Until nobody has written anything for a minute.
    package static let standard = ReadingPatience(name: nil, limit: .seconds(60), end: .now)

    private init(name: String?, limit: Duration, end: ContinuousClock.Instant) {
        self.name = name
        self.limit = limit
        self.end = end
    }

    /// Until a clock has run out that began at `start`.
    /// - Parameter name: of the option that set it.
    package init(_ limit: Duration, from start: ContinuousClock.Instant, name: String) {
        self.init(name: name, limit: limit, end: start + limit)
    }

    /// The one that ends first.
    package static func first(of patiences: [ReadingPatience?]) -> ReadingPatience {
        patiences.compactMap(\.self).min { $0.end < $1.end } ?? .standard
    }

    /// Returns when there is something to read, or its end.
    /// - Throws: FileFailure where it took too long.
    func wait(for descriptor: Int32) throws(FileFailure) {
        // Who types has as long as they like, as far as no clock runs.
        let isTyped = name == nil && isatty(descriptor) == 1
        guard !wait(descriptor, until: isTyped ? nil : name == nil ? .now + limit : end) else { return }
        let milliseconds = limit / .milliseconds(1)
        throw FileFailure(
            name.map { "\(Int(milliseconds)) ms of \($0) ran out while it was read" }
                ?? "nobody wrote anything to it for \(Int(milliseconds / 1_000)) s",
            isLate: true
        )
    }

    private func wait(_ descriptor: Int32, until end: ContinuousClock.Instant?) -> Bool {
        while true {
            let left = end.map { max(.zero, $0 - .now) }
            let milliseconds = left.map { Int32(min(($0 + .microseconds(999)) / .milliseconds(1), 60_000)) } ?? -1
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // What cannot be waited for is read, and says why.
            let ready = poll(&request, 1, milliseconds)
            if ready > 0 || ready < 0 && errno != EINTR { return true }
            if let end, ContinuousClock.now >= end { return false }
        }
    }
}
