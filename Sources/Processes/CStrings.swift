import Glibc

/// Calls `body` with a null-terminated vector of C strings, which is gone afterwards.
package func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { vector[index] = strdup(string) }
    vector[strings.count] = nil
    defer {
        for index in strings.indices { free(vector[index]) }
        vector.deallocate()
    }
    return body(vector)
}
