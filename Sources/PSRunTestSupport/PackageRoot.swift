/// Where things stand in a checkout, for tests.
package enum PackageRoot {
    /// The checkout's folder, without a slash at its end.
    package static let path: String = {
        let here = #filePath
        let depth = "/Sources/PSRunTestSupport/PackageRoot.swift".count
        return String(here.dropLast(depth))
    }()
}
