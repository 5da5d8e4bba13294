/// Sealed messages as HTTP bodies: pairs of parts, a head that says what was sealed and its sealed bytes (MS-WSMV, 2.2.9.1).
///
///     --Encrypted Boundary␍␊
///     ␉Content-Type: application/HTTP-SPNEGO-session-encrypted␍␊
///     ␉OriginalContent: type=application/soap+xml;charset=UTF-8;Length=1502␍␊
///     --Encrypted Boundary␍␊
///     ␉Content-Type: application/octet-stream␍␊
///     length of the header (4 bytes, the least first), header, data
///     --Encrypted Boundary--␍␊
package enum SealedMessage {
    /// A message in clear, with the type it was announced by.
    package struct Opened: Sendable, Hashable {
        /// `application/soap+xml;charset=UTF-8`, usually.
        package let contentType: String
        /// Without the null bytes that some servers end it with.
        package let body: [UInt8]

        package init(contentType: String, body: [UInt8]) {
            self.contentType = contentType
            self.body = body
        }
    }

    /// A part's head has two lines of some tens of bytes.
    package static let mostHeadLines = 16
    /// In bytes, with the line's end.
    package static let longestHeadLine = 1024

    static let boundary = "Encrypted Boundary"
    private static let delimiter = "--\(boundary)"

    /// Seals a body.
    /// - Parameter type: what the body is in clear.
    /// - Returns: what `Content-Type` says of it, and the body to send.
    /// - Throws: what the sealer throws.
    package static func encode(
        _ plain: [UInt8],
        type: String,
        as sealing: SealProtocol,
        with sealer: inout some MessageSealer
    ) throws -> (contentType: String, body: [UInt8]) {
        let pieces = try sealer.seal(plain)
        var body: [UInt8] = []
        body.reserveCapacity(pieces.reduce(64) { $0 + 320 + $1.header.count + $1.data.count })
        for piece in pieces {
            // The tab is the format's; servers that write none read it all the same.
            body += "\(delimiter)\r\n\tContent-Type: \(sealing.rawValue)\r\n".utf8
            body += "\tOriginalContent: type=\(type);Length=\(piece.plainLength)\r\n".utf8
            body += "\(delimiter)\r\n\tContent-Type: application/octet-stream\r\n".utf8
            let length = UInt32(truncatingIfNeeded: piece.header.count)
            for shift in [0, 8, 16, 24] { body.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
            body += piece.header
            body += piece.data
        }
        body += "\(delimiter)--\r\n".utf8
        let kind = pieces.count > 1 ? "x-multi-encrypted" : "encrypted"
        return (Self.type(kind, sealing), body)
    }

    /// The content type of sealed messages.
    private static func type(_ kind: String, _ sealing: SealProtocol) -> String {
        "multipart/\(kind);protocol=\"\(sealing.rawValue)\";boundary=\"\(boundary)\""
    }

    private static let usual = Set(SealProtocol.allCases.map { type("encrypted", $0) })

    /// Whether a body of this type says that it is sealed.
    package static func isSealed(contentType: String) -> Bool { boundary(in: contentType) != nil }

    /// Opens a body.
    /// - Parameter contentType: as the answer's header has it.
    /// - Throws: SealFault, also where the body is not sealed; what the sealer throws.
    package static func decode(
        contentType: String,
        body: [UInt8],
        with sealer: inout some MessageSealer
    ) throws -> Opened {
        guard let boundary = boundary(in: contentType) else { throw SealFault.notSealed(contentType) }
        let isOfSeveral = contentType.lowercased().hasPrefix("multipart/x-multi")
        var reader = SealedMessageReader(body, boundary: boundary, isOfSeveral: isOfSeveral)
        var plain: [UInt8] = []
        var type: String?
        while let piece = try reader.next(lengthOf: { sealer.length(ofPieceAt: $0, plainLength: $1) }) {
            let opened = try sealer.open(header: Array(piece.header), data: Array(piece.data))
            // What is padded is padded by less than a block of any cipher.
            guard opened.count <= piece.plainLength, piece.plainLength - opened.count < 16 else {
                throw SealFault.malformed(
                    "\(piece.plainLength) bytes were announced, \(opened.count) were sealed",
                    at: nil
                )
            }
            if plain.isEmpty { plain = opened } else { plain += opened }
            type = type ?? piece.type
        }
        let contentType = type ?? ""
        let zeros = plain.reversed().prefix { $0 == 0 }.count
        if zeros > 0 {
            // Characters of UTF-16 may end with one.
            let isWide = contentType.lowercased().contains("utf-16")
            plain.removeLast(isWide ? zeros / 2 * 2 : zeros)
        }
        return Opened(contentType: contentType, body: plain)
    }

    /// The boundary of a sealed message's content type; nil for any other type.
    private static func boundary(in contentType: String) -> String? {
        // What is written here is what most servers write, for every message.
        if usual.contains(contentType) { return boundary }
        let parts = contentType.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        guard let type = parts.first?.lowercased(),
            ["multipart/encrypted", "multipart/x-multi-encrypted"].contains(type)
        else { return nil }
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "="), trimmed(part[..<equals]).lowercased() == "boundary" else {
                continue
            }
            let value = trimmed(part[part.index(after: equals)...])
            let isQuoted = value.count >= 2 && value.first == "\"" && value.last == "\""
            let bare = isQuoted ? String(value.dropFirst().dropLast()) : value
            // RFC 2046, 5.1.1: 1 to 70 characters.
            return (1...70).contains(bare.utf8.count) ? bare : nil
        }
        return nil
    }

    /// Blanks at both ends are taken off by bytes: each message asks for this several times.
    private static func trimmed(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        guard let start = bytes.firstIndex(where: { !isBlank($0) }), let end = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[start...end], as: UTF8.self)
    }
}
