import CLinux

/// Names one watched descriptor: never used twice, so that an event which comes late cannot reach another's handler.
package typealias DescriptorToken = UInt64

/// What a descriptor is watched for, or is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A hang-up or an error makes both directions ready: the next call on the descriptor says which it was.
    init(epollBits: UInt32) {
        let failed = epollBits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        self = []
        if failed || epollBits & EPOLLIN.rawValue != 0 { insert(.readable) }
        if failed || epollBits & EPOLLOUT.rawValue != 0 { insert(.writable) }
    }

    var epollBits: UInt32 {
        (contains(.readable) ? EPOLLIN.rawValue : 0) | (contains(.writable) ? EPOLLOUT.rawValue : 0)
    }
}

/// The descriptors that a loop watches, and who is told.
struct DescriptorTable {
    static let wakeupToken: DescriptorToken = 0

    private struct Entry {
        let descriptor: Int32
        var interest: Readiness
        let handler: (Readiness) -> Void
    }

    private var entries: [DescriptorToken: Entry] = [:]
    private var lastToken = wakeupToken

    mutating func add(
        _ descriptor: Int32,
        _ interest: Readiness,
        _ handler: @escaping (Readiness) -> Void
    ) -> DescriptorToken {
        lastToken += 1
        entries[lastToken] = Entry(descriptor: descriptor, interest: interest, handler: handler)
        return lastToken
    }

    /// Notes a new interest; the descriptor where it differs from the old one, which the kernel must then be told.
    mutating func update(_ token: DescriptorToken, _ interest: Readiness) -> Int32? {
        guard let entry = entries[token], entry.interest != interest else { return nil }
        entries[token]?.interest = interest
        return entry.descriptor
    }

    mutating func remove(_ token: DescriptorToken) -> Int32? {
        entries.removeValue(forKey: token)?.descriptor
    }

    func handler(of token: DescriptorToken) -> ((Readiness) -> Void)? {
        entries[token]?.handler
    }
}
