import PSRunTestSupport

@testable import TLS

/// One HTTP request over a socket and a `TLSEngine`, to a server that closes behind its answer.
enum SocketClient {
    /// - Returns: all that the server said.
    /// - Throws: TLSFailure, as the engine throws it, or as it tells of an end in the middle.
    static func ask(_ engine: TLSEngine, port: UInt16, _ request: [UInt8]) throws -> String {
        let stream = try LoopbackStream(port: port)
        var answer: [UInt8] = []
        try stream.send(engine.start().toSend)
        var isAsked = false
        while true {
            let bytes = try stream.receive()
            if bytes.isEmpty {
                if let failure = engine.ended() { throw failure }
                break
            }
            let progress = try engine.feed(bytes)
            answer += progress.plaintext
            try stream.send(progress.toSend)
            if progress.isClosed { break }
            if progress.isOpen, !isAsked {
                isAsked = true
                try stream.send(engine.write(request))
            }
        }
        return String(decoding: answer, as: UTF8.self)
    }

    static func post(_ path: String, _ count: Int) -> [UInt8] {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/plain\r\n"
            + "Content-Length: \(count)\r\n\r\n"
        return Array(head.utf8) + [UInt8](repeating: 0x61, count: count)
    }
}
