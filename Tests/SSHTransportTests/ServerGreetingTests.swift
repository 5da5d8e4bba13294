import Testing

@testable import SSHTransport

/// What a server said before it hung up, read out of the bytes that came in clear.
struct ServerGreetingTests {
    private func greeting(_ bytes: [UInt8]) -> ServerGreeting {
        var greeting = ServerGreeting()
        greeting.take(bytes, from: 0)
        return greeting
    }

    private func packet(_ payload: [UInt8]) -> [UInt8] {
        let padding = 8 - (payload.count + 5) % 8 + 8
        return lengthBytes(1 + payload.count + padding) + [UInt8(padding)] + payload
            + [UInt8](repeating: 0, count: padding)
    }

    private func disconnect(_ text: String) -> [UInt8] {
        packet([1] + lengthBytes(2) + lengthBytes(text.utf8.count) + Array(text.utf8) + lengthBytes(0))
    }

    @Test("The reason of a goodbye is found behind the identification, wherever what comes is cut")
    func goodbye() {
        let bytes =
            Array("SSH-2.0-x\r\n".utf8) + packet([20] + [UInt8](repeating: 7, count: 40)) + disconnect("too many")
        for cut in 0...bytes.count {
            var greeting = ServerGreeting()
            greeting.take(bytes[..<cut], from: 0)
            // What was seen and not read yet is seen again.
            greeting.take(bytes[(cut / 2)...], from: cut / 2)
            #expect(greeting.reason == "too many" && greeting.isIdentified)
        }
    }

    @Test("Lines in place of an identification are the reason")
    func lines() {
        #expect(greeting(Array("Exceeded MaxStartups\r\n".utf8)).reason == "Exceeded MaxStartups")
        #expect(greeting(Array("\n one \n\ntwo".utf8)).reason == "one two")
        #expect(greeting(Array("hello\nSSH-2.0-x\r\n".utf8)).reason == "hello")
        #expect(greeting(Array("SSH-2.0-x\r\n".utf8)).reason == nil)
        #expect(greeting([]).reason == nil)
    }

    @Test("Hostile bytes say nothing, and what is encrypted is not read")
    func hostile() {
        let name = Array("SSH-2.0-x\r\n".utf8)
        let cases: [[UInt8]] = [
            [255, 255, 255, 255, 1], [0, 0, 0, 0], [0, 0, 0, 1, 9], lengthBytes(2) + [9, 1, 0],
            packet([1]), packet([1] + lengthBytes(2) + lengthBytes(1 << 30)), packet([21]) + disconnect("no"),
            packet([]),
        ]
        for bytes in cases { #expect(greeting(name + bytes).reason == nil) }
        #expect(greeting([UInt8](repeating: 65, count: 1 << 20)).bytes.count == ServerGreeting.limit)
    }
}
