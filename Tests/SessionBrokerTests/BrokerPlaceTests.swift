import Glibc
import PSRunTestSupport
import SessionBroker
import Testing

struct BrokerPlaceTests {
    @Test("The broker's folder is made in the runtime folder, for its user alone")
    func made() throws {
        let folder = try TemporaryFolder()
        let place = try BrokerPlace.ofThisUser(environment: ["XDG_RUNTIME_DIR": folder.path])
        #expect(place.folder == folder.path(of: "psrun"))
        var status = stat()
        #expect(stat(place.folder, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(try BrokerPlace.ofThisUser(environment: ["XDG_RUNTIME_DIR": folder.path + "/"]) == place)
    }

    @Test("A folder that lets others in, a link and a file in its place are refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        let place = folder.path(of: "psrun")
        func failure() -> BrokerError? {
            #expect(throws: BrokerError.self) {
                try BrokerPlace.ofThisUser(environment: ["XDG_RUNTIME_DIR": folder.path])
            }
        }
        #expect(mkdir(place, 0o700) == 0 && chmod(place, 0o755) == 0)
        #expect(failure()?.message.contains("lets others in") == true)
        #expect(rmdir(place) == 0 && symlink("/tmp", place) == 0)
        #expect(failure()?.message.contains("is not a folder of yours") == true)
        #expect(unlink(place) == 0)
        _ = try folder.write("", to: "psrun")
        #expect(failure()?.message.contains("is not a folder of yours") == true)
        #expect(throws: BrokerError.self) {
            try BrokerPlace.ofThisUser(environment: ["XDG_RUNTIME_DIR": folder.path(of: "nowhere")])
        }
    }

    @Test("A folder of somebody else's is refused")
    func foreign() throws {
        try #require(getuid() == 0, "the owner of a folder is changed")
        let folder = try TemporaryFolder()
        let place = folder.path(of: "psrun")
        #expect(mkdir(place, 0o700) == 0 && chown(place, 1, 1) == 0)
        #expect(throws: BrokerError.self) {
            try BrokerPlace.ofThisUser(environment: ["XDG_RUNTIME_DIR": folder.path])
        }
    }
}
