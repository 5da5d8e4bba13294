import Files
import Glibc
import Processes

extension SSHEnvironment {
    /// Facts of the process that defaults and tokens stand on.
    package struct Facts: Sendable {
        package var home: String
        package var user: String
        package var userID: UInt32
        package var hostName: String
        package var currentFolder: String
        package var environment: [String: String]

        package init(
            home: String,
            user: String,
            userID: UInt32 = 0,
            hostName: String = "localhost",
            currentFolder: String = "/",
            environment: [String: String] = [:]
        ) {
            self.home = home
            self.user = user
            self.userID = userID
            self.hostName = hostName
            self.currentFolder = currentFolder
            self.environment = environment
        }

        var agentSocket: String? { environmentValue("SSH_AUTH_SOCK") }

        func environmentValue(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }

        /// As the system has them: the home folder and the name come from the user data base, as ssh's do.
        package static func ofThisProcess() -> Facts {
            var name = [CChar](repeating: 0, count: 256)
            gethostname(&name, 255)
            let userID = getuid()
            var facts = Facts(home: "/", user: String(userID), userID: userID)
            facts.hostName = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
            if let account = UserAccount(userID) {
                facts.user = account.name
                if let home = account.home { facts.home = home }
            }
            if let folder = getcwd(nil, 0) {
                facts.currentFolder = String(cString: folder)
                free(folder)
            }
            facts.environment = ProcessEnvironment.variables
            return facts
        }
    }
}
