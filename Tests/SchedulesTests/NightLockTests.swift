import Schedules
import Testing

struct NightLockTests {
    private static func name(_ playbook: String = "/srv/nightly.ps1", _ targets: [String] = ["web1", "web2"]) -> String
    {
        NightLock.fileName(playbook: playbook, title: "nightly.ps1", targets: targets)
    }

    @Test("A lock is a playbook's and a target set's, in whatever order the targets stand")
    func names() {
        let name = Self.name()
        #expect(name.hasPrefix("nightly-") && name.hasSuffix(".lock"))
        #expect(name == Self.name("/srv/nightly.ps1", ["web2", "web1"]))
        #expect(name != Self.name("/srv/nightly.ps1", ["web1"]))
        #expect(name != Self.name("/srv/nightly.ps1", ["web1", "web", "2"]))
        #expect(name != Self.name("/etc/nightly.ps1"))
    }

    @Test("It lies in the runtime folder, where there is one, and in the state folder")
    func folders() {
        #expect(NightLock.folders(environment: [:], home: "/home/ops") == ["/home/ops/.local/state/psrun/locks"])
        #expect(NightLock.folders(environment: [:], home: nil) == [])
        #expect(
            NightLock.folders(environment: ["XDG_RUNTIME_DIR": "/run/user/1", "XDG_STATE_HOME": "/s"], home: "/h")
                == ["/run/user/1/psrun", "/s/psrun/locks"]
        )
        #expect(
            NightLock.folders(environment: ["XDG_RUNTIME_DIR": "run"], home: "/h") == ["/h/.local/state/psrun/locks"]
        )
    }

    @Test("Its file tells who holds it and since when, and one that is half written tells nothing")
    func holder() throws {
        let holder = NightLock.Holder(process: 4711, sinceSeconds: 1_796_002_200)
        #expect(holder.text == "4711 2026-11-30T01:30:00Z\n")
        #expect(NightLock.Holder(Array(holder.text.utf8)) == holder)
        for text in [
            "", "4711", "4711 2026-11-30T01:30:00Z", "x 2026-11-30T01:30:00Z\n", "-1 2026-11-30T01:30:00Z\n", "1 2\n",
        ] {
            #expect(NightLock.Holder(Array(text.utf8)) == nil)
        }
    }

    @Test("The word on a held lock names the process and since when")
    func message() {
        let holder = NightLock.Holder(process: 4711, sinceSeconds: 1_796_002_200)
        let text = NightLock.message(playbook: "nightly.ps1", holder: holder, now: 1_796_002_200 + 90_000)
        #expect(text.contains("process 4711, since 2026-11-30T01:30:00Z (25 h 0 min ago)"))
        #expect(NightLock.message(playbook: "nightly.ps1", holder: nil, now: 0).contains("another run"))
    }
}
