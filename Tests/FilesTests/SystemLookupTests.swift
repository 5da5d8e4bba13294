import Files
import Glibc
import PSRunTestSupport
import Testing

struct SystemLookupTests {
    @Test("This user's account has a name and a home; a number that nobody has is nobody's")
    func accounts() throws {
        let account = try #require(UserAccount(0))
        #expect(account.name == "root" && account.home == "/root")
        #expect(UserAccount(4_000_000_000) == nil)
    }

    @Test("A program is found where the first folder of PATH has it; a name with a slash is a path")
    func programs() {
        let there: Set<String> = ["/b/pwsh", "/c/pwsh", "./pwsh"]
        #expect(ProgramSearch.find("pwsh", in: "/a:/b:/c", isExecutable: there.contains) == "/b/pwsh")
        #expect(ProgramSearch.find("pwsh", in: "", isExecutable: there.contains) == nil)
        #expect(ProgramSearch.find("./pwsh", in: "/b", isExecutable: there.contains) == "./pwsh")
        #expect(ProgramSearch.find("/d/pwsh", in: "/b", isExecutable: there.contains) == nil)
    }

    @Test("A path that is too long for a socket's address is refused; one that fits is connected to")
    func addresses() throws {
        #expect(UnixAddress(String(repeating: "x", count: 108)) == nil)
        let folder = try TemporaryFolder()
        let address = try #require(UnixAddress(folder.path(of: "socket")))
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let (near, far) = (
            FileDescriptor(owning: socket(AF_UNIX, kind, 0)), FileDescriptor(owning: socket(AF_UNIX, kind, 0))
        )
        #expect(address.withPointer { bind(far.raw, $0, $1) } == 0)
        #expect(listen(far.raw, 1) == 0)
        #expect(address.withPointer { connect(near.raw, $0, $1) } == 0)
    }

    @Test("A file in memory holds what was put in it last, and is read from its beginning")
    func memoryFiles() throws {
        let file = try FileDescriptor.makeMemoryFile()
        #expect(file.setContent(Array("a longer text".utf8)) && file.setContent(Array("short".utf8)))
        var room = [UInt8](repeating: 0, count: 20)
        #expect(read(file.raw, &room, room.count) == 5)
        #expect(try MemoryFile(Array("text".utf8)).content(limit: 3) == Array("tex".utf8))
    }
}
