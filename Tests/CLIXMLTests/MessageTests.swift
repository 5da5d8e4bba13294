import CLIXML
import Testing

/// Each distinct message of the captured sessions, both directions, PowerShell 7.6.5 and 7.4.19.
struct MessageTests {
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    @Test("Every captured message survives decoding and encoding")
    func everyMessageSurvives() throws {
        let messages = try Fixtures.messages()
        #expect(messages.count == 3095)
        for message in messages {
            let value = try decodeCLIXML(message)
            let encoded = encodeCLIXML(value)
            let again = try decodeCLIXML(encoded)
            #expect(encodeCLIXML(again) == encoded)
            // Not a number equals nothing, itself included.
            if encoded != "<Db>NaN</Db>".bytes { #expect(again == value) }
        }
    }

    /// PowerShell's own serializer puts a byte order mark before what it sends; the bare client that made the other
    /// half of the captures does not, and numbers its type names otherwise.
    @Test("What PowerShell wrote is written again byte for byte")
    func whatPowerShellWroteIsWrittenAgainByteForByte() throws {
        let messages = try Fixtures.messages().filter { $0.starts(with: Self.byteOrderMark) }
        #expect(messages.count > 2000)
        for message in messages {
            let encoded = try encodeCLIXML(decodeCLIXML(message))
            #expect(encoded.elementsEqual(message.dropFirst(3)), "\(String(decoding: message, as: UTF8.self))")
        }
    }
}
