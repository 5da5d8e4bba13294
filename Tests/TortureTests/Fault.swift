import PSRunTestSupport

/// One thing that goes wrong on the way between psrun and a far side (Tests/Peers/fault_relay.py tells the kinds).
struct Fault: Sendable, CustomStringConvertible {
    enum Layer: String, CaseIterable, Sendable {
        /// Bytes of the TCP connection to sshd.
        case ssh
        /// Bytes of the subsystem's standard input and output.
        case psrp
    }

    enum Side: String, CaseIterable, Sendable {
        case client, server
    }

    enum Kind: String, CaseIterable, Sendable {
        case none, stop, trickle, reset, duplicate, garble

        static let harmful = allCases.filter { $0 != .none }
    }

    var layer: Layer
    var from: Side
    var kind: Kind
    /// The first byte that it strikes, counted from 0.
    var at: Int
    /// How many bytes are doubled or garbled.
    var length: Int

    static let none = Fault(layer: .psrp, from: .client, kind: .none, at: 0, length: 0)

    var description: String { "\(layer.rawValue) \(from.rawValue) \(kind.rawValue) \(at) \(length)" }
}

/// Where the messages of a session end, in bytes, by layer and side: learned from one that nothing happened to.
struct SessionLengths: Sendable {
    private var ends: [String: [Int]] = [:]

    subscript(_ layer: Fault.Layer, _ side: Fault.Side) -> [Int] {
        get { ends["\(layer) \(side)"] ?? [] }
        set { ends["\(layer) \(side)"] = newValue }
    }

    /// A fault at any byte of any message.
    func fault(using generator: inout SplitMix64) -> Fault {
        func one<Value>(of values: [Value]) -> Value { values[Int.random(in: values.indices, using: &generator)] }
        let (layer, side) = (one(of: Fault.Layer.allCases), one(of: Fault.Side.allCases))
        let kind = one(of: Fault.Kind.harmful)
        let ends = self[layer, side]
        let message = Int.random(in: ends.indices, using: &generator)
        let at = Int.random(in: (message == 0 ? 0 : ends[message - 1])..<ends[message], using: &generator)
        return Fault(layer: layer, from: side, kind: kind, at: at, length: Int.random(in: 1...64, using: &generator))
    }
}
