import FoundationEssentials
import MessageSeal
import PSRunTestSupport
import Testing

/// Sealed messages that PowerShell's own client and a server that hosts PowerShell wrote to each other, by NTLM.
struct CapturedSealTests {
    /// `name direction content-type body`, a message a line; blanks of the type are underlines.
    private func messages() throws -> [(connection: String, contentType: String, body: [UInt8])] {
        let lines = try text(of: "\(PackageRoot.path)/Tests/MessageSealTests/Fixtures/sealed.txt").split(
            separator: "\n"
        )
        return try lines.map { line in
            let fields = line.split(separator: " ").map(String.init)
            let body = Array(try #require(Data(base64Encoded: fields[3])))
            return (
                "\(fields[0]) \(fields[1])", fields[2].map { $0 == "_" ? " " : $0 }.reduce(into: "") { $0.append($1) },
                body
            )
        }
    }

    @Test("Messages without tabs and with further line ends are taken apart into NTLM's signature and data")
    func partsOfCapturedMessages() throws {
        let messages = try messages()
        #expect(messages.count == 11)
        for (connection, contentType, body) in messages {
            var sealer = LookingSealer()
            let opened = try SealedMessage.decode(contentType: contentType, body: body, with: &sealer)
            #expect(opened.contentType == "application/soap+xml;charset=UTF-8", "\(connection)")
            let piece = try #require(sealer.pieces.first)
            #expect(sealer.pieces.count == 1)
            // MS-NLMP, 2.2.2.9: version, checksum, and the number, which SPNEGO's own signature has taken the first of.
            #expect(piece.header.count == 16)
            #expect(Array(piece.header[..<4]) == [1, 0, 0, 0] && Array(piece.header[12...]) == [1, 0, 0, 0])
            let announced = try #require(
                String(decoding: body.prefix(300), as: UTF8.self).firstMatch(of: /Length=(\d+)/)
            )
            #expect(piece.data.count == Int(announced.output.1))
        }
    }
}
