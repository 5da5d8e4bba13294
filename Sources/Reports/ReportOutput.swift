/// Where a report goes that is told piece by piece, and may end before all of it is read.
package struct ReportOutput: Sendable {
    /// Whether the reader sees SGR colours.
    let isColored: Bool
    /// Writes a part of the results; false where nobody reads them any more.
    let write: @Sendable (String) -> Bool
    /// Writes a line beside the results.
    let warn: @Sendable (String) -> Void

    package init(
        isColored: Bool,
        write: @escaping @Sendable (String) -> Bool,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.isColored = isColored
        self.write = write
        self.warn = warn
    }
}
