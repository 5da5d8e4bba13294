import Files
import Glibc
import NightRuns
import PSRunTestSupport
import Schedules
import Testing

struct LockedNightTests {
    private let folder: TemporaryFolder
    private let own = NightLock.Holder(process: getpid(), sinceSeconds: 1_796_002_200)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func lock(_ folders: [String]) throws(LockedNight.Failure) -> LockedNight {
        try LockedNight("nightly-1.lock", in: folders, holder: own)
    }

    @Test("A lock makes its folders, says who holds it, and keeps another out until it is gone")
    func held() throws {
        let place = folder.path(of: "state/psrun/locks")
        do {
            let lock = try lock([place])
            #expect(throws: LockedNight.Failure.held(own)) { try self.lock([place]) }
            #expect(try text(of: "\(place)/nightly-1.lock") == own.text)
            withExtendedLifetime(lock) {}
        }
        _ = try lock([place])
    }

    @Test("A lock that is held in one of two folders keeps out whoever knows both")
    func twoFolders() throws {
        let (first, second) = (folder.path(of: "run"), folder.path(of: "state"))
        let lock = try lock([second])
        #expect(throws: LockedNight.Failure.held(own)) { try self.lock([first, second]) }
        withExtendedLifetime(lock) {}
    }

    @Test("A folder that cannot be used is passed over; without any there is no lock")
    func unusable() throws {
        let file = try folder.write("", to: "file")
        _ = try lock(["\(file)/x", folder.path(of: "state")])
        let error = #expect(throws: LockedNight.Failure.self) { try self.lock(["\(file)/x"]) }
        guard case .unusable(let why)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(why.contains("File exists"))
        #expect(throws: LockedNight.Failure.self) { try self.lock([]) }
    }

    @Test("The last folder holds it where no other can, and only there")
    func lastFolder() throws {
        let file = try folder.write("", to: "file")
        let (state, last) = (folder.path(of: "state"), folder.path(of: "recordings/locks"))
        _ = try LockedNight("nightly-1.lock", in: ["\(file)/x", state], else: last, holder: own)
        #expect(access(last, F_OK) != 0)
        let lock = try LockedNight("nightly-1.lock", in: ["\(file)/x"], else: last, holder: own)
        #expect(throws: LockedNight.Failure.held(own)) {
            try LockedNight("nightly-1.lock", in: ["\(file)/x"], else: last, holder: own)
        }
        withExtendedLifetime(lock) {}
    }

    @Test("A link in the lock's place is not followed")
    func link() throws {
        let victim = try folder.write("precious", to: "victim")
        let place = try folder.makeFolder("locks")
        #expect(symlink(victim, "\(place)/nightly-1.lock") == 0)
        #expect(throws: LockedNight.Failure.self) { try self.lock([place]) }
        #expect(try text(of: victim) == "precious")
    }

    @Test("A file of a process that is gone names nobody")
    func stale() throws {
        let place = try folder.makeFolder("locks")
        let file = try File("\(place)/nightly-1.lock", O_RDWR | O_CREAT)
        #expect(try file.lock())
        try file.write(Array("2147483000 2026-11-30T01:30:00Z\n".utf8), at: 0)
        #expect(throws: LockedNight.Failure.held(nil)) { try self.lock([place]) }
    }
}
