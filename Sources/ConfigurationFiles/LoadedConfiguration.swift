package import Configuration
import Files
package import PSRunCommandLine

/// What environment and files say, read once at the beginning.
package struct LoadedConfiguration: Sendable {
    package private(set) var settings = ConfiguredSettings([])
    /// In the order in which they count.
    package private(set) var files: [ConfigurationFile] = []
    /// What a user should know: a sentence each.
    package private(set) var warnings: [String] = []
    /// Variables that begin as psrun's do and that it does not read.
    package private(set) var unreadVariables: [String] = []

    /// No file of settings is larger.
    package static let mostBytes = 1 << 20

    private let places: ConfigurationPlaces
    /// The folders whose projects may set everything, without links.
    private var trusted: [String] = []

    /// Blocks for as long as files take.
    /// - Throws: CommandFailure, usage: a file or a variable cannot be used.
    package init(_ places: ConfigurationPlaces) throws(CommandFailure) {
        self.places = places
        let variables: EnvironmentSettings
        do throws(ConfigurationError) {
            variables = try EnvironmentSettings(places.environment)
        } catch {
            throw Self.failure(error.message)
        }
        warnings = variables.warnings
        unreadVariables = variables.unread
        var layers = [variables.layer]
        if let named = places.named {
            if named != "none" { layers.append(try theOne(named)) }
        } else {
            var system: [ConfigurationLayer] = []
            for path in places.systemFiles { if let layer = try file(.system, path) { system.append(layer) } }
            let user = try places.userFile.flatMap { (path) throws(CommandFailure) in try file(.user, path) }
            trusted = (system + [user].compactMap(\.self)).flatMap(\.trustedProjects).compactMap(FilePaths.resolved)
            let project = try project()
            layers += [project, user].compactMap(\.self) + system
        }
        let order = ConfigurationLayer.Kind.allCases
        files.sort { (order.firstIndex(of: $0.layer) ?? 0) < (order.firstIndex(of: $1.layer) ?? 0) }
        settings = ConfiguredSettings(layers)
    }

    // MARK: Files

    private mutating func theOne(_ named: String) throws(CommandFailure) -> ConfigurationLayer {
        let path = places.resolve(named, in: places.workingFolder ?? "")
        guard let layer = try file(.user, path) else {
            throw Self.failure("PSRUN_CONFIG names \(printable(path)), which is not there; 'none' reads no file.")
        }
        return layer
    }

    private mutating func project() throws(CommandFailure) -> ConfigurationLayer? {
        guard let (folder, isOwn) = places.projectFolder else { return nil }
        let paths = ConfigurationPlaces.projectNames.map { "\(folder)/\($0)" }.filter(FilePaths.exists)
        guard let path = paths.first else { return nil }
        guard isOwn else {
            let reason = "others own or may change its folder"
            files.append(ConfigurationFile(.project, path, .leftOut(reason)))
            warnings.append("\(printable(path)) is not read: \(reason).")
            return nil
        }
        guard paths.count == 1 else {
            throw Self.failure("\(printable(paths[0])) and \(printable(paths[1])) are both there; keep one of them.")
        }
        let real = FilePaths.resolved(folder.isEmpty ? "/" : folder) ?? folder
        let isTrusted = trusted.contains { real == $0 || real.hasPrefix($0 == "/" ? "/" : "\($0)/") }
        return try file(.project, path, isTrusted: isTrusted)
    }

    /// - Returns: nil where there is no such file.
    private mutating func file(
        _ kind: ConfigurationLayer.Kind,
        _ path: String,
        isTrusted: Bool = false
    ) throws(CommandFailure) -> ConfigurationLayer? {
        guard FilePaths.exists(path) else {
            files.append(ConfigurationFile(kind, path, .absent))
            return nil
        }
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try FileContents.read(path, limit: Self.mostBytes, kind: .regular, isGuarded: true)
        } catch {
            throw Self.failure("\(printable(path)) cannot be used: \(error.reason).")
        }
        files.append(ConfigurationFile(kind, path, .read))
        let folder = FilePaths.parent(of: path)
        let reader = ConfigurationReader(kind, path: path, isTrusted: isTrusted) { [places] in
            places.resolve($0, in: folder)
        }
        do throws(ConfigurationError) {
            return try reader.read(try ConfigurationNode.read(bytes, path: path))
        } catch {
            throw Self.failure(error.message)
        }
    }

    private static func failure(_ text: String) -> CommandFailure { CommandFailure(.usage, text) }
}
