/// Takes a sealed message apart, by lengths: sealed bytes may hold anything, the boundary's text as well.
///
/// It takes what servers write that is not in the book: heads without tabs, `-- Encrypted Boundary` with a blank, a last
/// boundary without its `--`, further line ends behind it, and names in any case.
struct SealedMessageReader {
    struct Piece {
        /// What was sealed, as its head says.
        var type: String
        var plainLength: Int
        var header: ArraySlice<UInt8>
        var data: ArraySlice<UInt8>
    }

    private let body: [UInt8]
    private let boundary: [UInt8]
    private let isOfSeveral: Bool
    private var position = 0
    private var pieces = 0

    /// - Parameter isOfSeveral: whether its type says that it may have several pieces.
    init(_ body: [UInt8], boundary: String, isOfSeveral: Bool) {
        self.body = body
        self.boundary = Array(boundary.utf8)
        self.isOfSeveral = isOfSeveral
    }

    /// The next piece; nil behind the last.
    /// - Parameter lengthOf: how long the piece is that begins a slice, where that can be told.
    /// - Throws: SealFault.
    mutating func next(lengthOf: (ArraySlice<UInt8>, Int) -> Int?) throws(SealFault) -> Piece? {
        guard let after = delimiter(at: position) else { throw fault("a boundary is missing") }
        position = after
        if isAtEnd {
            guard pieces > 0 else { throw fault("it has no part") }
            return nil
        }
        pieces += 1
        try endLine()
        let (type, plainLength) = try head()
        let (start, headerLength) = try beginData()
        let rest = body[start...]
        guard headerLength <= rest.count - 4 else { throw fault("the header is longer than the message") }
        let length = try pieceLength(rest.dropFirst(4), headerLength, plainLength, lengthOf)
        let header = body[(start + 4)..<(start + 4 + headerLength)]
        position = start + 4 + length
        return Piece(type: type, plainLength: plainLength, header: header, data: body[header.endIndex..<position])
    }

    // MARK: How far the sealed bytes go

    /// - Parameter bytes: from the piece's header to the body's end.
    private func pieceLength(
        _ bytes: ArraySlice<UInt8>,
        _ headerLength: Int,
        _ plainLength: Int,
        _ lengthOf: (ArraySlice<UInt8>, Int) -> Int?
    ) throws(SealFault) -> Int {
        if let told = lengthOf(bytes, plainLength) {
            guard told >= headerLength, told <= bytes.count, delimiter(at: bytes.startIndex + told) != nil else {
                throw fault("a sealed part does not end where it says")
            }
            return told
        }
        // As the format has it, the data are as long as the plain bytes.
        let usual = headerLength + plainLength
        if usual <= bytes.count, delimiter(at: bytes.startIndex + usual) != nil { return usual }
        // Some peers divide their tokens in other places: then the last boundary ends it, found from the end.
        guard let end = lastDelimiter(), end - bytes.startIndex >= headerLength else {
            throw fault("the last boundary is missing")
        }
        return end - bytes.startIndex
    }

    /// Where the last boundary begins, seen from the body's end: nothing is searched.
    private func lastDelimiter() -> Int? {
        var end = body.count
        while end > 0, body[end - 1] == 0x0D || body[end - 1] == 0x0A { end -= 1 }
        for tail in [2, 0] where end >= tail && body[(end - tail)..<end].allSatisfy({ $0 == UInt8(ascii: "-") }) {
            for blank in [0, 1] {
                let start = end - tail - boundary.count - blank - 2
                if start >= position, delimiter(at: start) == end - tail { return start }
            }
        }
        return nil
    }

    // MARK: Heads

    /// The head of what was sealed, and the boundary behind it.
    private mutating func head() throws(SealFault) -> (type: String, plainLength: Int) {
        var found: (type: String, plainLength: Int)?
        var lines = 0
        while delimiter(at: position) == nil {
            lines += 1
            guard lines <= SealedMessage.mostHeadLines else { throw fault("a part's head does not end") }
            let line = try line()
            guard let value = Self.value(of: "originalcontent", in: line) else { continue }
            found = try original(value)
        }
        guard let found else { throw fault("a part does not say what was sealed") }
        position = delimiter(at: position) ?? position
        try endLine()
        return found
    }

    /// `type=application/soap+xml;charset=UTF-8;Length=1502`
    private func original(_ value: String) throws(SealFault) -> (type: String, plainLength: Int) {
        if let length = Self.usualLength(value), (0...body.count).contains(length) { return (Self.usualType, length) }
        var length: Int?
        var kept: [String] = []
        for field in value.split(separator: ";") {
            let name = field.prefix { $0 != "=" }.lowercased().filter { $0 != " " && $0 != "\t" }
            switch name {
            case "length": length = Int(field.dropFirst(field.prefix { $0 != "=" }.count + 1).filter { $0 != " " })
            case "type": kept.append(String(field.drop { $0 != "=" }.dropFirst()))
            default: kept.append(String(field))
            }
        }
        guard let length, length >= 0, length <= body.count else {
            throw fault("the length of what was sealed is missing or wrong")
        }
        return (kept.joined(separator: ";"), length)
    }

    private static let usualType = "application/soap+xml;charset=UTF-8"
    private static let usualStart = "type=\(usualType);Length="

    /// The length in what most servers write, of every message.
    private static func usualLength(_ value: String) -> Int? {
        guard value.utf8.starts(with: usualStart.utf8) else { return nil }
        return Int(Substring(value.utf8.dropFirst(usualStart.utf8.count)))
    }

    /// The head of the sealed bytes, one line, and the length of their header.
    private mutating func beginData() throws(SealFault) -> (start: Int, headerLength: Int) {
        guard let type = Self.value(of: "content-type", in: try line()),
            type.lowercased().hasPrefix("application/octet-stream")
        else { throw fault("a part of sealed bytes does not begin with its type") }
        guard body.count - position >= 4 else { throw fault("it ends within a part") }
        let length = (0..<4).reduce(0) { $0 | Int(body[position + $1]) << (8 * $1) }
        return (position, length)
    }

    private static func value(of name: String, in line: String) -> String? {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let text = line.utf8.drop(while: isBlank)
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), Substring(text[..<colon]).lowercased() == name else {
            return nil
        }
        return String(Substring(text[text.index(after: colon)...].drop(while: isBlank)))
    }

    // MARK: Bytes

    /// Where the boundary ends that begins here, without the `--` of the last one; nil where none begins here.
    private func delimiter(at start: Int) -> Int? {
        guard start >= 0, body.count - start >= 2 + boundary.count, body[start] == UInt8(ascii: "-"),
            body[start + 1] == UInt8(ascii: "-")
        else { return nil }
        let name = body[start + 2] == UInt8(ascii: " ") ? start + 3 : start + 2
        guard body.count - name >= boundary.count, body[name..<(name + boundary.count)].elementsEqual(boundary) else {
            return nil
        }
        return name + boundary.count
    }

    /// Whether nothing but the last boundary's `--` and line ends are left. Behind several pieces it must be there: without
    /// it a message that was cut off between them would be a whole one.
    private var isAtEnd: Bool {
        let rest = body[position...]
        let isMarked = rest.prefix(2).elementsEqual([UInt8(ascii: "-"), UInt8(ascii: "-")])
        guard isMarked || !isOfSeveral else { return false }
        return rest.dropFirst(isMarked ? 2 : 0).allSatisfy { $0 == 0x0D || $0 == 0x0A }
    }

    private mutating func endLine() throws(SealFault) {
        guard try line().allSatisfy({ $0 == " " || $0 == "\t" }) else {
            throw fault("a boundary does not end its line")
        }
    }

    /// The line that begins here, without its end; the next one comes then.
    private mutating func line() throws(SealFault) -> String {
        let window = body[position...].prefix(SealedMessage.longestHeadLine)
        guard let end = window.firstIndex(of: 0x0A) else { throw fault("a line of a head does not end") }
        let text = body[position..<(end > position && body[end - 1] == 0x0D ? end - 1 : end)]
        position = end + 1
        return String(decoding: text, as: UTF8.self)
    }

    private func fault(_ what: String) -> SealFault { .malformed(what, at: position) }
}
