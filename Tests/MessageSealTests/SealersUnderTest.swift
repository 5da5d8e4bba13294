import MessageSeal

/// Seals by turning bits over, in pieces of its own length, with a header of the piece's number.
struct TurningSealer: MessageSealer {
    var pieceLength = Int.max
    var headerLength = 16
    /// Whether a piece tells its own length, as records of TLS do; it then begins with it.
    var tellsLength = false
    /// Bytes of each piece that its header does not have, and that are not data either.
    var trailer = 0
    private var sealed: UInt8 = 0
    private var opened: UInt8 = 0

    struct WrongHeader: Error {}

    init(pieceLength: Int = .max, headerLength: Int = 16, tellsLength: Bool = false, trailer: Int = 0) {
        self.pieceLength = pieceLength
        self.headerLength = headerLength
        self.tellsLength = tellsLength
        self.trailer = trailer
    }

    mutating func seal(_ plain: [UInt8]) -> [SealedPiece] {
        stride(from: 0, to: max(plain.count, 1), by: min(pieceLength, max(plain.count, 1))).map { start in
            let part = plain[start..<min(plain.count, start + min(pieceLength, plain.count))]
            sealed += 1
            let length = headerLength + part.count + trailer
            var header = [UInt8](repeating: sealed, count: headerLength)
            if tellsLength { header.replaceSubrange(..<2, with: [UInt8(length >> 8), UInt8(length & 255)]) }
            let data = part.map { ~$0 } + [UInt8](repeating: 0x2D, count: trailer)
            return SealedPiece(header: header, data: data, plainLength: part.count)
        }
    }

    mutating func open(header: [UInt8]?, data: [UInt8]) throws -> [UInt8] {
        opened += 1
        guard header?.last == opened, header?.count == headerLength, data.count >= trailer else { throw WrongHeader() }
        return data.dropLast(trailer).map { ~$0 }
    }

    func length(ofPieceAt bytes: ArraySlice<UInt8>, plainLength: Int) -> Int? {
        guard tellsLength, bytes.count >= 2 else { return nil }
        return Int(bytes[bytes.startIndex]) << 8 | Int(bytes[bytes.startIndex + 1])
    }
}

/// Opens nothing: keeps what it is given, as its own bytes.
struct LookingSealer: MessageSealer {
    var pieces: [(header: [UInt8], data: [UInt8])] = []

    mutating func seal(_ plain: [UInt8]) -> [SealedPiece] { [] }

    mutating func open(header: [UInt8]?, data: [UInt8]) -> [UInt8] {
        pieces.append((header ?? [], data))
        return data
    }
}
