import CLinux
import COpenSSL
import PSRunTestSupport
import Testing

@testable import TLS

/// What open connections take.
struct TLSMemoryTests {
    @Test("An open connection takes 40 KiB at most, also after it has carried a megabyte each way")
    func memoryOfOpenConnections() async throws {
        let count = 100
        let context = try TLSContext(try await TLSPair.settings())
        var settings = try await TLSPair.server()
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        for version in [TLS1_2_VERSION, TLS1_3_VERSION] {
            settings.newest = version
            var clients: [TLSEngine] = []
            for _ in 0..<count {
                var pair = TLSPair(try TLSEngine(context, host: "srv01.example"), try OpenSSLServer(settings))
                try pair.connect()
                #expect(try pair.say(megabyte).count == megabyte.count)
                #expect(try pair.answer(megabyte).count == megabyte.count)
                clients.append(pair.client)
            }
            let full = mallinfo2().uordblks
            clients = []
            let each = (Int(full) - Int(mallinfo2().uordblks)) / count
            print("TLS \(version == TLS1_2_VERSION ? "1.2" : "1.3"): \(each) bytes of memory an open connection")
            #expect(each <= 40 << 10)
        }
    }
}
