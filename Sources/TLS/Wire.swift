import COpenSSL

/// Where a connection's ciphertext comes from and goes to: the bytes that are being fed, and those that wait to be sent.
/// Nothing is copied in between, and nothing is kept once a connection is idle, which BIO_s_mem(3) would do.
final class Wire {
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var output: [UInt8] = []

    /// Has these bytes read while the body runs. What it leaves over is gone.
    func feeding<Result>(_ bytes: [UInt8], _ body: () -> Result) -> Result {
        bytes.withUnsafeBytes { buffer in
            input = buffer
            defer { input = UnsafeRawBufferPointer(start: nil, count: 0) }
            return body()
        }
    }

    /// What waits to be sent.
    func takeOutput() -> [UInt8] {
        defer { output = [] }
        return output
    }

    /// A BIO over this wire, which must outlive it. Nil without memory.
    func makeBIO() -> OpaquePointer? {
        guard let method = Self.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(bio, 1)
        return bio
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(input.count, buffer.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input.prefix(count)))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
        return count
    }

    private static func of(_ bio: OpaquePointer?) -> Wire? {
        BIO_get_data(bio).map { Unmanaged<Wire>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Made once and never changed.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "psrun wire") else { return nil }
        BIO_meth_set_read_ex(method) { bio, buffer, length, count in
            guard let bio, let buffer, let count, let wire = Wire.of(bio) else { return 0 }
            psrun_bio_clear_retry(bio)
            count.pointee = wire.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: length))
            guard count.pointee == 0 else { return 1 }
            psrun_bio_retry_read(bio)
            return 0
        }
        BIO_meth_set_write_ex(method) { bio, bytes, length, count in
            guard let bio, let bytes, let count, let wire = Wire.of(bio) else { return 0 }
            psrun_bio_clear_retry(bio)
            wire.output += UnsafeRawBufferPointer(start: bytes, count: length)
            count.pointee = length
            return 1
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        return method
    }()
}
