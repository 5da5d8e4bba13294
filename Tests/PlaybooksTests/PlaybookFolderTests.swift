import Foundation
import PSRunTestSupport
import Playbooks
import Testing

/// The playbooks that a person can run at once.
struct PlaybookFolderTests {
    private static let folder = "\(PackageRoot.path)/playbooks"

    @Test("The folder holds five playbooks, two of them for a host without PowerShell, and its page names each")
    func five() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
            .filter { PlaybookLanguage(fileName: $0) != nil }
        #expect(names.count == 5)
        #expect(names.filter { PlaybookLanguage(fileName: $0) == .posixShell }.count == 2)
        let page = try text(of: "\(Self.folder)/README.md")
        for name in names {
            let playbook = try Playbook(bytes: contents(of: "\(Self.folder)/\(name)"))
            #expect(IneffectiveLines.found(in: playbook).isEmpty, "\(name)")
            #expect(page.contains("`\(name)`"))
        }
    }
}
