/// A whole answer.
package struct HTTPResponse: Sendable, Hashable {
    package let status: Int
    package let reason: String
    package let headers: [HTTPHeader]
    package let body: [UInt8]
    /// Whether the connection may carry another request.
    package let keepsAlive: Bool

    package init(status: Int, reason: String, headers: [HTTPHeader], body: [UInt8], keepsAlive: Bool) {
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body
        self.keepsAlive = keepsAlive
    }

    /// The values of every field of this name, in order; names know no case.
    package func values(of name: String) -> [String] {
        headers.filter { $0.isNamed(name) }.map(\.value)
    }

    /// The value of the only field of this name, or of the first.
    package func value(of name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}
