import CGSSAPI
import Glibc

/// Where a mechanism takes a credential from (gss_acquire_cred_from): pairs of C strings, wiped when let go.
struct GSSStore: ~Copyable {
    private var elements: [gss_key_value_element_desc]
    private let lengths: [Int]

    /// - Parameter values: without null bytes.
    init(_ values: [(key: String, value: [UInt8])]) {
        elements = values.map { pair in
            gss_key_value_element_desc(
                key: UnsafePointer(Self.copy(Array(pair.key.utf8))),
                value: UnsafePointer(Self.copy(pair.value))
            )
        }
        lengths = values.map(\.value.count)
    }

    deinit {
        for (element, length) in zip(elements, lengths) {
            explicit_bzero(UnsafeMutableRawPointer(mutating: element.value), length)
            free(UnsafeMutableRawPointer(mutating: element.key))
            free(UnsafeMutableRawPointer(mutating: element.value))
        }
    }

    /// Shows the store to `body`; nil where it is empty, which is whatever the mechanisms do by themselves.
    mutating func with<Result>(_ body: (gss_const_key_value_set_t?) -> Result) -> Result {
        guard !elements.isEmpty else { return body(nil) }
        return elements.withUnsafeMutableBufferPointer { memory in
            var set = gss_key_value_set_desc(count: OM_uint32(memory.count), elements: memory.baseAddress)
            return body(&set)
        }
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
        let memory = calloc(bytes.count + 1, 1)
        memory?.copyMemory(from: bytes, byteCount: bytes.count)
        return memory?.assumingMemoryBound(to: CChar.self)
    }
}
