import MessageSeal
import PSRunTestSupport
import Testing

/// Sealed messages as they are written, and read again.
struct SealedMessageTests {
    private static let type = "application/soap+xml;charset=UTF-8"

    private func sealed(
        _ plain: [UInt8],
        as sealing: SealProtocol = .spnego,
        with sealer: TurningSealer = TurningSealer()
    ) throws -> (contentType: String, body: [UInt8]) {
        var sealer = sealer
        return try SealedMessage.encode(plain, type: Self.type, as: sealing, with: &sealer)
    }

    private func opened(_ contentType: String, _ body: [UInt8], with sealer: TurningSealer = TurningSealer()) throws
        -> [UInt8]
    {
        var sealer = sealer
        return try SealedMessage.decode(contentType: contentType, body: body, with: &sealer).body
    }

    @Test("A sealed message is written as Windows wants it, tabs and all")
    func writing() throws {
        let (contentType, body) = try sealed(Array("<x/>".utf8), with: TurningSealer(headerLength: 2))
        #expect(
            contentType
                == "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";boundary=\"Encrypted Boundary\""
        )
        let head =
            "--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
            + "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=4\r\n"
            + "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
        let data: [UInt8] = [2, 0, 0, 0, 1, 1] + Array("<x/>".utf8).map { ~$0 }
        #expect(body == Array(head.utf8) + data + Array("--Encrypted Boundary--\r\n".utf8))
    }

    @Test("Several pieces make a message of another type, whose pieces follow each other")
    func severalPieces() throws {
        let plain = Array("0123456789".utf8)
        let sealer = TurningSealer(pieceLength: 4, tellsLength: true, trailer: 3)
        let (contentType, body) = try sealed(plain, as: .credSSP, with: sealer)
        #expect(
            contentType.hasPrefix("multipart/x-multi-encrypted;protocol=\"application/HTTP-CredSSP-session-encrypted\"")
        )
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.matches(of: /Length=(\d+)/).map(\.output.1) == ["4", "4", "2"])
        #expect(text.ranges(of: "--Encrypted Boundary--").count == 1)
        #expect(try opened(contentType, body, with: sealer) == plain)
    }

    @Test("Sealed bytes may hold the boundary itself, in any place")
    func boundaryWithin() throws {
        let boundary = Array("--Encrypted Boundary--\r\n".utf8)
        for piece in [Int.max, 7, 24] {
            for before in [0, 1, 5] {
                // What is sealed reads as the boundary.
                let plain = [UInt8](repeating: 0x2D, count: before) + boundary.map { ~$0 } + boundary.map { ~$0 }
                let sealer = TurningSealer(pieceLength: piece)
                let (contentType, body) = try sealed(plain, with: sealer)
                #expect(try opened(contentType, body, with: sealer) == plain)
            }
        }
    }

    @Test("Random messages are read as they were written")
    func randomMessages() throws {
        var random = SplitMix64(seed: 71)
        for _ in 0..<300 {
            let plain = (0..<Int.random(in: 1...3_000, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            let sealer = TurningSealer(
                pieceLength: Int.random(in: 100...4_000, using: &random),
                headerLength: Int.random(in: 3...80, using: &random),
                tellsLength: Bool.random(using: &random)
            )
            let (contentType, body) = try sealed(plain, with: sealer)
            #expect(try opened(contentType, body, with: sealer) == plain)
        }
    }

    @Test(
        "What servers write beside the book is read",
        arguments: [
            ("\r\n\t", "\r\n"), ("--Encrypted Boundary", "-- Encrypted Boundary"), ("Boundary--\r\n", "Boundary\r\n"),
            ("Boundary--\r\n", "Boundary--"), ("Boundary--\r\n", "Boundary--\r\n\r\n"), ("Boundary--\r\n", "Boundary"),
            ("Length=", "length="), ("OriginalContent", "originalcontent"), ("type=application", "TYPE=application"),
        ]
    )
    func oddForms(form: (usual: String, odd: String)) throws {
        // A trailer has only the last boundary end the data.
        for sealer in [TurningSealer(), TurningSealer(trailer: 5)] {
            let plain = Array("<Envelope/>".utf8)
            let (contentType, body) = try sealed(plain, with: sealer)
            let text = String(decoding: body.map { $0 < 0x80 ? $0 : 0x7F }, as: UTF8.self)
            #expect(text.contains(form.usual))
            let odd = replacing(body, form.usual, form.odd)
            #expect(try opened(contentType, odd, with: sealer) == plain)
        }
    }

    private func replacing(_ bytes: [UInt8], _ old: String, _ new: String) -> [UInt8] {
        let (old, new) = (Array(old.utf8), Array(new.utf8))
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: old) {
                result += new
                index += old.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    @Test(
        "A content type is read with its boundary quoted or bare, in any case",
        arguments: [
            "multipart/encrypted;protocol=\"x\";boundary=\"Encrypted Boundary\"",
            "Multipart/Encrypted; Boundary=Encrypted Boundary",
            "multipart/x-multi-encrypted ; boundary = \"Encrypted Boundary\" ",
        ]
    )
    func contentTypes(contentType: String) throws {
        let (_, body) = try sealed(Array("<x/>".utf8))
        #expect(SealedMessage.isSealed(contentType: contentType))
        #expect(try opened(contentType, body) == Array("<x/>".utf8))
    }

    @Test(
        "An answer in clear is not believed",
        arguments: [
            "", "application/soap+xml;charset=UTF-8", "multipart/encrypted", "multipart/mixed;boundary=x", "text/html",
        ]
    )
    func inClear(contentType: String) throws {
        let fault = try #require(throws: SealFault.self) { try opened(contentType, Array("<x/>".utf8)) }
        #expect(fault.code == .notSealed && fault.message.contains("in clear"))
        #expect(!SealedMessage.isSealed(contentType: contentType))
    }

    @Test("Null bytes at a message's end are not part of it, nor half of a character")
    func nullBytes() throws {
        let zeros = [UInt8](repeating: 0, count: 15)
        let (contentType, body) = try sealed(Array("<x/>".utf8) + zeros)
        #expect(try opened(contentType, body) == Array("<x/>".utf8))

        var sealer = TurningSealer()
        let wide = Array("<x/>".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let message = try SealedMessage.encode(
            wide + [0, 0],
            type: "text/xml;charset=UTF-16",
            as: .spnego,
            with: &sealer
        )
        let read = try SealedMessage.decode(contentType: message.contentType, body: message.body, with: &sealer)
        #expect(read.body == wide)
        #expect(read.contentType == "text/xml;charset=UTF-16")
    }

    @Test("A message that was announced with another length is refused")
    func otherLength() throws {
        let (contentType, body) = try sealed(Array("<x/>".utf8))
        for length in ["3", "20", "999999999", "-4", "x", ""] {
            #expect(throws: SealFault.self, "\(length)") {
                try opened(contentType, replacing(body, "Length=4", "Length=\(length)"))
            }
        }
    }

    @Test("A message that ends early is refused, wherever that is")
    func cutOff() throws {
        for sealer in [TurningSealer(), TurningSealer(pieceLength: 5, tellsLength: true)] {
            let (contentType, body) = try sealed(Array("<Envelope/>".utf8), with: sealer)
            // The last boundary's own end may be missing where there is one piece.
            let isOne = sealer.pieceLength == .max
            for end in 0..<(body.count - (isOne ? 4 : 2)) {
                #expect(throws: (any Error).self, "\(end)") {
                    try opened(contentType, Array(body[..<end]), with: sealer)
                }
            }
        }
    }

    @Test("Altered messages are refused or read, and never more than that")
    func altered() throws {
        var random = SplitMix64(seed: 72)
        let sealer = TurningSealer(pieceLength: 9, tellsLength: true, trailer: 2)
        let (contentType, body) = try sealed(Array("<Envelope>text</Envelope>".utf8), with: sealer)
        for _ in 0..<3_000 {
            var bytes = body
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            _ = try? opened(contentType, bytes, with: sealer)
        }
    }
}
