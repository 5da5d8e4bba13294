import Inventories
import PSRunTestSupport

/// Files that are nowhere but here.
struct MemorySystem: InventorySystem {
    var files: [String: String]
    var programs: [String: InventoryProgramEnd] = [:]

    func kind(of path: String) -> InventoryPathKind? {
        if programs[path] != nil { return .file(isExecutable: true) }
        if files[path] != nil { return .file(isExecutable: false) }
        return files.keys.contains { $0.hasPrefix(path + "/") } ? .folder : nil
    }

    func names(in folder: String) throws(InventorySystemFailure) -> [String] {
        let below = files.keys.filter { $0.hasPrefix(folder + "/") }.map { $0.dropFirst(folder.count + 1) }
        return Set(below.map { String($0.prefix { $0 != "/" }) }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func read(_ path: String, limit: Int) throws(InventorySystemFailure) -> [UInt8] {
        if programs[path] != nil { return Array("#!/bin/sh\n".utf8) }
        guard let text = files[path] else { throw InventorySystemFailure("No such file or directory") }
        guard text.utf8.count <= limit else { throw InventorySystemFailure("it is too large") }
        return Array(text.utf8)
    }

    func run(_ program: String, _ arguments: [String], limit: Int) throws(InventorySystemFailure) -> InventoryProgramEnd
    {
        programs["\(program) \(arguments.joined(separator: " "))"] ?? programs[program]
            ?? .failed("is unknown", said: "")
    }
}

/// This machine's, below a folder that stands for the current one.
struct RootedSystem: InventorySystem {
    let root: String
    let inner = LocalInventorySystem()

    func kind(of path: String) -> InventoryPathKind? { inner.kind(of: "\(root)/\(path)") }

    func names(in folder: String) throws(InventorySystemFailure) -> [String] {
        try inner.names(in: "\(root)/\(folder)")
    }

    func read(_ path: String, limit: Int) throws(InventorySystemFailure) -> [UInt8] {
        try inner.read("\(root)/\(path)", limit: limit)
    }

    func run(_ program: String, _ arguments: [String], limit: Int) throws(InventorySystemFailure) -> InventoryProgramEnd
    {
        try inner.run("\(root)/\(program)", arguments, limit: limit)
    }
}

extension Inventory {
    /// Of one file, whose name's ending says what it is.
    convenience init(_ text: String, as file: String = "hosts", files: [String: String] = [:]) throws(InventoryError) {
        let system = MemorySystem(files: files.merging([file: text]) { _, new in new })
        try self.init([file], system: system)
    }

    var names: [String] { hosts.map { name(of: $0) } }

    /// How a host is reached, by its name.
    func target(_ name: String) throws(InventoryError) -> InventoryTarget? {
        guard let host = host(named: name) else { return nil }
        return try target(of: host)
    }
}
