import Foundation
import KeptSessions
import PSRunTestSupport
import Testing

struct KeptSessionChoiceTests {
    private let sessions = [
        KeptSession(
            id: 1,
            name: "web",
            instanceID: "01234567-89ab-cdef-0123-456789abcdef",
            target: "web01",
            state: .busy
        ),
        KeptSession(
            id: 2,
            name: "db",
            instanceID: "11234567-89ab-cdef-0123-456789abcdef",
            target: "db01",
            state: .available
        ),
        KeptSession(
            id: 3,
            name: "WEB",
            instanceID: "21234567-89ab-cdef-0123-456789abcdef",
            target: "web02",
            state: .broken
        ),
    ]

    @Test("A session is found by its exact name in any letter case, by its id and by its instance id")
    func found() throws {
        #expect(try KeptSessionChoice.name("DB").session(of: sessions).id == 2)
        #expect(try KeptSessionChoice.id(3).session(of: sessions).id == 3)
        #expect(try KeptSessionChoice.instanceID("01234567-89AB-CDEF-0123-456789ABCDEF").session(of: sessions).id == 1)
        #expect(try KeptSessionChoice.any("2").session(of: sessions).id == 2)
        #expect(try KeptSessionChoice.any("db").session(of: sessions).id == 2)
    }

    @Test("Two matches fail with both named, and a part of a name or a pattern is no match")
    func refused() {
        #expect {
            try KeptSessionChoice.name("Web").session(of: sessions)
        } throws: { error in
            let message = (error as? KeptSessionError)?.message ?? ""
            return message.contains("web (id 1, on web01)") && message.contains("WEB (id 3, on web02)")
        }
        for name in ["we", "d*", ""] {
            #expect(throws: KeptSessionError.self) { try KeptSessionChoice.name(name).session(of: sessions) }
        }
        #expect(throws: KeptSessionError.self) { try KeptSessionChoice.id(9).session(of: []) }
    }

    @Test("Whoever gives an id as a name is told how an id is given")
    func idAsName() {
        let hint = "The one whose id that is, db, is named by --id 2."
        let error = #expect(throws: KeptSessionError.self) { try KeptSessionChoice.name("2").session(of: sessions) }
        #expect(error?.message.contains(hint) == true, "\(String(describing: error))")
        for choice in [KeptSessionChoice.name("4"), .id(4), .any("4")] {
            let error = #expect(throws: KeptSessionError.self) { try choice.session(of: sessions) }
            #expect(error?.message.contains("--id") == false, "\(choice)")
        }
    }

    @Test("A name is bounded, and has no control characters")
    func names() {
        #expect(KeptSessionName.fault(in: "web 1 ü") == nil)
        #expect(KeptSessionName.fault(in: "") != nil)
        #expect(KeptSessionName.fault(in: "a\u{1b}b") != nil)
        #expect(KeptSessionName.fault(in: String(repeating: "x", count: KeptSessionLimits.nameBytes)) == nil)
        #expect(KeptSessionName.fault(in: String(repeating: "x", count: KeptSessionLimits.nameBytes + 1)) != nil)
    }
}

struct KeptSessionBoundTests {
    @Test("The page of bounds has what a broker keeps and takes")
    func page() throws {
        let page = try text(of: "\(PackageRoot.path)/Sources/psrun/psrun.docc/Bounds.md")
        let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("Kept sessions\n") })
        for (subject, bound) in [
            ("sessions of one broker", "\(KeptSessionLimits.sessions)"),
            ("a session's name", "\(KeptSessionLimits.nameBytes) bytes"),
            ("visitors that wait for one session", "\(KeptSessionLimits.visitors)"),
            ("clients of the control socket at one time", "\(KeptSessionLimits.controls)"),
            ("a line of the control protocol", "\(KeptSessionLimits.lineBytes >> 20) MiB"),
            ("all lines of one request", "\(KeptSessionLimits.requestBytes >> 20) MiB"),
        ] {
            #expect(section.contains("| \(subject) | \(bound) | – | "), "\(subject)")
        }
    }
}
