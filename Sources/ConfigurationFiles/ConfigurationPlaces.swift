import Configuration
import Files

/// Where configuration files are looked for.
package struct ConfigurationPlaces: Sendable {
    /// From the root; nil where it is not there any more.
    package var workingFolder: String?
    /// The user's home folder.
    package var home: String?
    package var environment: [String: String]
    /// The system's own, behind the folders of XDG_CONFIG_DIRS.
    package var systemFolder = "/etc/psrun"

    static let projectNames = [".psrun.yaml", "psrun.yaml"]
    private static let fileName = "config.yaml"

    package init(workingFolder: String?, home: String?, environment: [String: String]) {
        self.workingFolder = workingFolder
        self.home = home
        self.environment = environment
    }

    /// This process's own.
    package init(environment: [String: String]) {
        self.init(
            workingFolder: FilePaths.workingFolder,
            home: UserAccount.home(environment),
            environment: environment
        )
    }

    /// `none`, or the one file that is read in place of all others; nil where none is named.
    var named: String? { environment["PSRUN_CONFIG"].flatMap { $0.isEmpty ? nil : $0 } }

    /// `psrun/config.yaml` in $XDG_CONFIG_HOME, or in ~/.config.
    var userFile: String? {
        let folder =
            environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { "\($0)/.config" }
        return folder.map { "\($0)/psrun/\(Self.fileName)" }
    }

    /// `psrun/config.yaml` in the folders of $XDG_CONFIG_DIRS (/etc/xdg), then /etc/psrun/config.yaml.
    var systemFiles: [String] {
        let named = (environment["XDG_CONFIG_DIRS"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let folders = named.isEmpty ? ["/etc/xdg"] : named.map(String.init)
        var seen: Set<String> = []
        return (folders.map { "\($0)/psrun" } + [systemFolder]).filter { seen.insert($0).inserted }
            .map { "\($0)/\(Self.fileName)" }
    }

    /// The folder of the project: the nearest one that has a project's file, from the working folder up to the home folder or
    /// the root. A folder that others may write to ends the search.
    var projectFolder: (path: String, isOwn: Bool)? {
        guard var folder = workingFolder, folder.hasPrefix("/") else { return nil }
        var isFirst = true
        while true {
            let isOwn = FilePaths.isOwnFolder(folder)
            let base = folder == "/" ? "" : folder
            if isOwn || isFirst, Self.projectNames.contains(where: { FilePaths.exists("\(base)/\($0)") }) {
                return (base, isOwn)
            }
            guard isOwn, folder != "/", folder != home else { return nil }
            folder = FilePaths.parent(of: folder)
            isFirst = false
        }
    }

    /// A path that a file in `folder` names, from the root.
    func resolve(_ path: String, in folder: String) -> String {
        if path == "~" || path.hasPrefix("~/"), let home { return home + path.dropFirst() }
        if path.hasPrefix("~") { return HomeFolders.expandTildeWherePossible(path) }
        return path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }
}
