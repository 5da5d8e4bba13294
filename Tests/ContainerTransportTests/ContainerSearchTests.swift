import Testing

@testable import ContainerTransport

struct ContainerSearchTests {
    private let long = String(repeating: "a", count: 64)
    private let other = "a" + String(repeating: "b", count: 63)

    private func found(_ kind: ContainerEngine.Kind, _ id: String) -> ContainerSearch.Finding {
        let container = InspectedContainer("\(id)\nweb\nrunning\n")
        guard let container else { return .none }
        return .exact(.init(engine: ContainerEngine(kind: kind, program: "/p"), container: container))
    }

    @Test("An answer is read where it is three lines with a whole id, and not otherwise")
    func answers() {
        let container = InspectedContainer("\(long)\n/web\nRunning\n")
        #expect(container?.name == "web" && container?.state == "running")
        #expect(container?.isNamed("web") == true && container?.isNamed(long) == true)
        #expect(container?.isNamed("aaaaaaaaaaaa") == false)
        let others = [
            "", "web\nweb\nrunning\n", "\(long)\nweb\n", "\(long)\nweb\nrunning\nmore\n",
            "A\(long.dropFirst())\nw\nr\n",
        ]
        for text in others { #expect(InspectedContainer(text) == nil, "\(text)") }
    }

    @Test("A list is read by whole ids and names, and other lines are passed over")
    func lists() {
        let all = ListedContainer.all(in: "WARN something\n\(long) web,alias\n\(other) \n")
        #expect(all.map(\.names) == [["web", "alias"], []])
        #expect(all[0].label == "web (\(long))" && all[1].label == other)
    }

    @Test("A beginning of ids is told as such, and never taken")
    func beginnings() {
        let all = ListedContainer.all(in: "\(long) web\n\(other) db\n")
        #expect(ContainerSearch.finding(of: "aa", in: all, "w") == .beginning("web (\(long))"))
        #expect(ContainerSearch.finding(of: "a", in: all, "w") == .several(all.map(\.label)))
        #expect(ContainerSearch.finding(of: "b", in: all, "w") == .none)
        // The engine lists it, and could not tell of it.
        #expect(ContainerSearch.finding(of: "web", in: all, "w") == .failed("w"))
    }

    @Test("Of several engines the one that has it counts; two that have different ones are ambiguous")
    func engines() throws {
        #expect(try ContainerSearch.decide([.none, found(.podman, long)]).engine.kind == .podman)
        #expect(try ContainerSearch.decide([.failed("x"), found(.podman, long)]).container.id == long)
        #expect(try ContainerSearch.decide([found(.docker, long), found(.podman, long)]).engine.kind == .docker)
        #expect(throws: ContainerFailure.ambiguous(["\(long) of docker", "\(other) of podman"])) {
            try ContainerSearch.decide([found(.docker, long), found(.podman, other)])
        }
        #expect(throws: ContainerFailure.engineFailed("a. b.")) {
            try ContainerSearch.decide([.failed("a."), .failed("b.")])
        }
        #expect(throws: ContainerFailure.unknown(beginningOf: nil, remark: " Not all engines answered: a.")) {
            try ContainerSearch.decide([.failed("a."), .none])
        }
    }

    @Test("Every state but running lets nobody in", arguments: ["created", "exited", "restarting", "dead", "stopping"])
    func states(state: String) throws {
        let container = try #require(InspectedContainer("\(long)\nweb\n\(state)\n"))
        #expect(throws: ContainerFailure.notRunning(state: state)) { try ContainerSearch.check(container) }
    }

    @Test("A name that an engine would take for an option, or that nothing has, is refused")
    func names() {
        for name in ["web", "web_1", "a.b-c", long] { #expect(ContainerPlace.objection(to: name) == nil) }
        for name in ["", "-x", ".web", "a b", "a/b", "a\nb", "ü"] { #expect(ContainerPlace.objection(to: name) != nil) }
        #expect(
            ContainerPlace.isSafe(user: "op:staff") && !ContainerPlace.isSafe(user: "-u")
                && !ContainerPlace.isSafe(user: "")
        )
    }

    @Test("An announcement counts with the right token alone")
    func announcements() {
        #expect(Announcement("t 12 12 pwsh", token: "t")?.endpoint == .powerShell)
        for line in ["x 12 12 pwsh", "t 0 0 pwsh", "t 12 12 zsh", "t 12 pwsh", "t  12 12 sh", "t 12 12 sh "] {
            #expect(Announcement(line, token: "t") == nil, "\(line)")
        }
    }
}
