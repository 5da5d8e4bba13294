/// A stretch of a text that is to be replaced, in bytes of that text.
struct FoundSecret: Hashable {
    var start: Int
    var end: Int
    /// The number of the secret, for its tag.
    var secret: Int32
}

/// Where one reading of a text stands among the secrets, and where in the text that reading began.
struct SecretCursor {
    private(set) var node: SecretTrie.Node = 0
    /// Where each byte of the current beginning of a secret comes from; what lies before `head` is past.
    private var starts: [Int] = []
    private var head = 0

    var isAtRest: Bool { node == 0 }

    /// How many bytes of a secret it has read.
    var depth: Int { starts.count - head }

    /// Where the text begins that may yet become a secret.
    var heldFrom: Int? { node == 0 ? nil : starts[head] }

    /// Reads a byte that stands for the text from `start` up to `end`. What a terminal does not show as a character, a NUL
    /// of UTF-16 and a line end among it, is passed over, in secrets as well.
    @inline(__always)
    mutating func read(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        // Most bytes change nothing: these are not worth a call.
        if node == 0 && !trie.begins(with: byte) || byte.isPassedOver { return }
        goOn(byte, from: start, to: end, in: &trie, into: &found)
    }

    @inline(never)
    private mutating func goOn(
        _ byte: UInt8,
        from start: Int,
        to end: Int,
        in trie: inout SecretTrie,
        into found: inout [FoundSecret]
    ) {
        let next = trie.next(node, byte)
        guard next != 0 else { return rest() }
        node = next
        starts.append(start)
        if let (secret, length) = trie.ending(at: node) {
            found.append(FoundSecret(start: starts[starts.count - length], end: end, secret: secret))
        }
        node = trie.continuable(node)
        guard node != 0 else { return rest() }
        head = starts.count - trie.depth(of: node)
        if head > 256 && head > starts.count / 2 {
            starts.removeFirst(head)
            head = 0
        }
    }

    /// Begins anew: what comes does not continue what was.
    @inline(__always)
    mutating func rest() {
        if node != 0 { beginAnew() }
    }

    @inline(never)
    private mutating func beginAnew() {
        node = 0
        starts.removeAll(keepingCapacity: true)
        head = 0
    }
}

extension UInt8 {
    /// A control character, a line end or DEL.
    var isPassedOver: Bool { self < 0x20 || self == 0x7F }
}
