import CLIXML
import PSRP

/// A message as the lines that carry it.
func lines(_ message: Message, of pipeline: PSGuid = .zero) -> [UInt8] {
    var splitter = FragmentSplitter()
    var bytes: [UInt8] = []
    for fragment in splitter.begin(message.encoded).fragments(of: 32768) {
        OutOfProcessElement(.data(.standard, fragment), pipeline).write(to: &bytes)
    }
    return bytes
}

extension MessageInFragments {
    /// All that is left, in fragments of at most this size.
    consuming func fragments(of size: Int) -> [[UInt8]] {
        var fragments: [[UInt8]] = []
        while !isAtEnd {
            var fragment: [UInt8] = []
            appendNext(to: &fragment, largest: size)
            fragments.append(fragment)
        }
        return fragments
    }
}

/// The elements in a client's bytes.
func elements(in bytes: [UInt8]) throws(PSRPError) -> [OutOfProcessElement] {
    var decoder = OutOfProcessDecoder(side: .server, limits: SessionLimits())
    decoder.receive(bytes)
    var elements: [OutOfProcessElement] = []
    while case .element(let element)? = try decoder.next() { elements.append(element) }
    return elements
}

/// The messages in a client's bytes.
func messages(in bytes: [UInt8]) throws(PSRPError) -> [Message] {
    var reassemblers: [String: FragmentReassembler] = [:]
    var messages: [Message] = []
    for element in try elements(in: bytes) {
        guard case .data(let stream, let slice) = element.kind else { continue }
        let key = "\(element.target) \(stream)"
        var reassembler = reassemblers[key] ?? FragmentReassembler(limits: SessionLimits())
        for message in try reassembler.receive(slice) { messages.append(try Message(decoding: message)) }
        reassemblers[key] = reassembler
    }
    return messages
}

/// The bodies of the messages in a client's bytes, one after the other.
func bodies(in bytes: [UInt8]) throws(PSRPError) -> String {
    try messages(in: bytes).map { String(decoding: $0.body, as: UTF8.self) }.joined()
}

func bytes(hexadecimal text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
