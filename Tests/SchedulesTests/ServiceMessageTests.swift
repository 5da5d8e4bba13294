import Schedules
import Testing

struct ServiceMessageTests {
    @Test("A manager listens at a path or at an abstract name, and nowhere else")
    func address() {
        func address(_ socket: String?) -> ServiceManager.Address? {
            ServiceManager(environment: socket.map { ["NOTIFY_SOCKET": $0] } ?? [:], process: 1)?.address
        }
        #expect(address("/run/systemd/notify") == .path("/run/systemd/notify"))
        #expect(address("@psrun/x") == .abstract("psrun/x"))
        for socket in [nil, "", "@", "/", "vsock:2:1234", "notify"] { #expect(address(socket) == nil) }
    }

    @Test("A sign of life is given in half the time, where the manager wants one of this process")
    func watchdog() {
        func ping(_ interval: String?, _ process: String? = nil) -> Int64? {
            var environment = ["NOTIFY_SOCKET": "/n"]
            environment["WATCHDOG_USEC"] = interval
            environment["WATCHDOG_PID"] = process
            return ServiceManager(environment: environment, process: 17)?.pingMicroseconds
        }
        #expect(ping("120000000") == 60_000_000)
        #expect(ping("120000000", "17") == 60_000_000)
        #expect(ping("120000000", "18") == nil)
        for interval in [nil, "", "0", "1", "-5", "x"] { #expect(ping(interval) == nil) }
    }

    @Test("Messages are those of sd_notify")
    func messages() {
        let messages: [ServiceMessage] = [.ready, .status(ended: 37, of: 200), .watchdog, .stopping]
        #expect(messages.map(\.text) == ["READY=1", "STATUS=37/200", "WATCHDOG=1", "STOPPING=1"])
    }
}
