import Files
import Glibc
import PSRunTestSupport
import Testing

struct AtomicFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A file has its old content until it is published, and the new one afterwards")
    func published() throws {
        let path = try folder.write("old", to: "file", mode: 0o600)
        let file = try AtomicFile(path)
        #expect(write(file.descriptor, "new", 3) == 3)
        #expect(try text(of: path) == "old")
        #expect(file.publish() == 0)
        #expect(try text(of: path) == "new")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("A file that is not published leaves nothing behind")
    func unpublished() throws {
        do {
            let file = try AtomicFile(folder.path(of: "file"))
            #expect(write(file.descriptor, "new", 3) == 3)
        }
        #expect(try FilePaths.names(in: folder.path).isEmpty)
    }

    @Test("What a killed process of the same number left behind is passed over")
    func leftover() throws {
        let path = folder.path(of: "file")
        _ = try folder.write("old", to: "file.\(getpid()).part")
        let file = try AtomicFile(path)
        #expect(write(file.descriptor, "new", 3) == 3)
        #expect(file.publish() == 0)
        #expect(try text(of: path) == "new")
    }

    @Test("A file that others may read stays so, whatever the umask")
    func mode() throws {
        let path = try folder.write("old", to: "file", mode: 0o640)
        _ = chmod(path, 0o640)
        let mask = umask(0o077)
        let file = try AtomicFile(path)
        _ = umask(mask)
        #expect(file.publish() == 0)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    }

    @Test("A new file may be read by others where that is wanted, and one that was there keeps its mode")
    func othersRead() throws {
        for (name, mode) in [("new", mode_t(0o644)), ("old", 0o600)] {
            if name == "old" { _ = try folder.write("x", to: name, mode: 0o600) }
            let file = try AtomicFile(folder.path(of: name))
            #expect(file.letOthersRead() == 0 && file.publish() == 0)
            var status = stat()
            #expect(stat(folder.path(of: name), &status) == 0 && status.st_mode & 0o777 == mode, "\(name)")
        }
    }

    @Test("A folder is refused with a word on what to name in its place")
    func folderRefused() {
        #expect(throws: FileFailure("it is a folder; name a file")) { try AtomicFile(folder.path) }
    }

    @Test("A FIFO that nobody reads is not waited for; one that somebody reads is written as it is")
    func fifo() throws {
        let folder = try TemporaryFolder()
        let path = folder.path(of: "fifo")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(throws: FileFailure("nobody reads from it")) { try AtomicFile(path) }
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let file = try AtomicFile(path)
        #expect(fcntl(file.descriptor, F_GETFL) & O_NONBLOCK == 0)
        #expect(write(file.descriptor, "hi", 2) == 2)
        #expect(file.publish() == 0)
    }
}
