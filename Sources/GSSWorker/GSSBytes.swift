import CGSSAPI

/// GSSAPI's buffers as arrays.
enum GSSBytes {
    /// Shows bytes as a buffer that lives as long as `body` runs.
    static func withBuffer<Result>(_ bytes: [UInt8], _ body: (gss_buffer_t) -> Result) -> Result {
        var bytes = bytes
        return bytes.withUnsafeMutableBytes { memory in
            var buffer = gss_buffer_desc(length: memory.count, value: memory.baseAddress)
            return body(&buffer)
        }
    }

    /// The same, with bytes that are wiped behind it.
    static func withSecret<Result>(_ bytes: consuming [UInt8], _ body: (gss_buffer_t) -> Result) -> Result {
        bytes.withUnsafeMutableBytes { memory in
            defer { memory.initializeMemory(as: UInt8.self, repeating: 0) }
            var buffer = gss_buffer_desc(length: memory.count, value: memory.baseAddress)
            return body(&buffer)
        }
    }

    /// Shows a set of mechanisms to `body`; their identifiers own their bytes.
    static func withSet<Result>(_ mechanisms: [gss_OID], _ body: (gss_OID_set) -> Result) -> Result {
        var elements = mechanisms.map(\.pointee)
        return elements.withUnsafeMutableBufferPointer { memory in
            var set = gss_OID_set_desc(count: memory.count, elements: memory.baseAddress)
            return body(&set)
        }
    }

    /// A copy of a buffer's bytes.
    static func copy(_ buffer: gss_buffer_desc) -> [UInt8] {
        // Where it fails, NTLM's library leaves a length without memory.
        buffer.value.map { Array(UnsafeRawBufferPointer(start: $0, count: buffer.length)) } ?? []
    }

    /// Takes a buffer's bytes and gives its memory back.
    static func taken(_ buffer: inout gss_buffer_desc) -> [UInt8] {
        let bytes = copy(buffer)
        var minor: OM_uint32 = 0
        gss_release_buffer(&minor, &buffer)
        return bytes
    }
}
