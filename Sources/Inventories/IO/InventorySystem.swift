/// What a path leads to.
package enum InventoryPathKind: Sendable, Hashable {
    case folder
    case file(isExecutable: Bool)
}

/// Why something of the system cannot be had.
package struct InventorySystemFailure: Error, Sendable, Hashable {
    /// For the end of a sentence.
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }
}

/// What a program that ended by itself with 0 printed, or why it is of no use.
package enum InventoryProgramEnd: Sendable, Hashable {
    case printed([UInt8])
    /// How it ended, or that it did not, for the end of a sentence; the line of what it wrote to standard error that says
    /// most, short, without control characters and without what looks like a secret.
    case failed(String, said: String)
}

/// What inventories need of the system. All of it may block.
package protocol InventorySystem {
    /// nil where there is nothing. Links are followed.
    func kind(of path: String) -> InventoryPathKind?
    /// The names in a folder, in the order of their bytes.
    func names(in folder: String) throws(InventorySystemFailure) -> [String]
    /// Why a folder must not be used, whose programs are run: anybody may put one there. For the end of a sentence.
    func danger(of folder: String) -> String?
    /// - Parameter limit: in bytes; more is a failure.
    func read(_ path: String, limit: Int) throws(InventorySystemFailure) -> [UInt8]
    func run(_ program: String, _ arguments: [String], limit: Int) throws(InventorySystemFailure) -> InventoryProgramEnd
}

extension InventorySystem {
    package func danger(of folder: String) -> String? { nil }
}
